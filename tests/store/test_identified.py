"""A customer whom their shop knows: whose row a chat has then, and that erasing and age find all of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.desk.events import DESK
from server.store.sqlite import SqliteStore
from server.store.upkeep import restore
from supportterm.protocol import kinds
from supportterm.protocol.contact import Identity, written_identity

from .conftest import Opening
from .events import Story, opened
from .platforms import Watched
from .test_erasing import found_in

EVA = Identity("kolibrie-7", "Wilhelmina", "eva@zonnebloem.example", "+31 20 765 43 21")


def identified(story: Story, customer: str = "known", was: str = "", at: int = 0) -> None:
    data = msgspec.json.encode(kinds.Identified(customer, was))
    story.add("identified", DESK, at=at, hidden=True, data=data, text=written_identity(EVA))


async def test_a_chat_goes_along_with_who_signs_in(store: SqliteStore) -> None:
    fence = await store.claim("main")
    story, other = opened("a"), opened("b")
    identified(story, was="cust-1")
    await store.append("main", fence, [story.since(), other.since()])
    row = await store.row("a")
    assert row is not None
    assert row.customer == "known"
    assert [one.chat for one in await store.chats_of("known", 9)] == ["a"]
    assert [one.chat for one in await store.chats_of("cust-1", 9)] == ["b"]
    assert (await store.export_person("known"))["chats"][0]["events"][1]["text"] == written_identity(EVA)


async def test_erasing_them_is_done_again_in_a_backup_from_before_they_signed_in(
    store: SqliteStore, directory: Path, tmp_path: Path, opening: Opening
) -> None:
    fence = await store.claim("main")
    story = opened("a", "cust-1", "main", "vuurtoren")
    await store.append("main", fence, [story.since()])
    await store.backup(tmp_path / "copy.db")
    identified(story, was="cust-1")
    await store.append("main", fence, [story.since()])
    assert await store.erase_person("known") == ["a"]
    assert found_in(directory, "vuurtoren", EVA.sub, EVA.name, EVA.mail) == []
    await store.close()
    await restore(tmp_path / "copy.db", directory, Watched())
    again = await opening()
    assert [event.text for event in await again.stream("chat:a")] == ["", ""]


async def test_by_age_who_they_are_goes_with_other_contacts_and_comes_back_with_them(
    store: SqliteStore, directory: Path
) -> None:
    fence = await store.claim("main")
    story = opened("a", "known", "main", "vuurtoren")
    identified(story)
    story.closed(at=5_000)
    await store.append("main", fence, [story.since()])
    assert await store.expire("acme", 0, 10_000) == []
    assert found_in(directory, EVA.sub, EVA.name, EVA.mail) == []
    assert found_in(directory, "vuurtoren")
    # Known again by the same id, they are forgotten again.
    later = opened("b", "known")
    identified(later, at=20_000)
    later.closed(at=21_000)
    await store.append("main", fence, [later.since()])
    assert found_in(directory, EVA.sub)
    await store.expire("acme", 0, 30_000)
    assert found_in(directory, EVA.sub, EVA.name, EVA.mail) == []
