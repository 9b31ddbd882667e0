"""Which customer is meant: by an id, a tag, the shop's number, an address or a phone number."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from server.administration import Administration, Failed
from server.desk.events import CUSTOMER, DESK
from server.settings import Settings
from server.store.sqlite import SqliteStore
from supportterm.protocol import kinds
from supportterm.protocol.contact import Identity, Reach, written, written_identity
from supportterm.protocol.tag import tag_of
from tests.store.events import Story, opened

from .conftest import TurnedClock


def told(story: Story, contact: str, name: str = "") -> None:
    story.add("contact", CUSTOMER, hidden=True, text=written(Reach(name, contact)))


def identified(story: Story, who: Identity, customer: str, was: str = "") -> None:
    data = msgspec.json.encode(kinds.Identified(customer, was))
    story.add("identified", DESK, hidden=True, data=data, text=written_identity(who))


def same_tag(chat: str) -> str:
    """Another chat's id that a console shows by the same four letters."""
    return next(other for number in range(10**6) if tag_of(other := f"other-{number}") == tag_of(chat))


@pytest.fixture
async def admin(
    store: SqliteStore, platform: TurnedClock, settings: Settings
) -> AsyncIterator[Administration]:
    made = Administration(store, platform, settings)
    yield made
    await made.stop()


async def keep(store: SqliteStore, *stories: Story) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [story.since() for story in stories])


async def whom(admin: Administration, person: str) -> list[str]:
    return [one["customer"] for one in await admin.find(person)]


@pytest.mark.parametrize(
    "person",
    [
        "Eva@Zonnebloem.example",
        " eva@zonnebloem.EXAMPLE ",
        "+31 (0)20 765-43.21",
        "0031207654321",
        "kolibrie-7",
        "late@zonnebloem.example",
        tag_of("a"),
        tag_of("a").lower(),
        "a",
        "known",
    ],
)
async def test_the_same_in_other_clothes(store: SqliteStore, admin: Administration, person: str) -> None:
    eva, other = opened("a", "known"), opened("b", "other")
    identified(eva, Identity("kolibrie-7", "Eva", "eva@zonnebloem.example", "+31 20 765 43 21"), "known")
    told(eva, "late@zonnebloem.example")
    told(other, "eva@zonnebloem.example.org")
    await keep(store, eva, other)
    assert await whom(admin, person) == ["known"]
    assert (await admin.export(person))["customer"]["id"] == "known"
    assert (await admin.erase(person))["customer"] == "known"
    assert (await admin.export("known"))["chats"][0]["events"][-1]["text"] == ""
    assert (await admin.export("other"))["chats"][0]["events"][-1]["text"]


@pytest.mark.parametrize(
    "person",
    [
        "eva",
        "zonnebloem.example",
        "0207654321",
        "Kolibrie-7",
        "kolibrie",
        "",
        "Eva",
        "%",
        "ev_@zonnebloem.example",
    ],
)
async def test_what_is_only_like_it_finds_nobody(
    store: SqliteStore, admin: Administration, person: str
) -> None:
    eva = opened("a", "known")
    identified(eva, Identity("kolibrie-7", "Eva", "eva@zonnebloem.example", "+31 20 765 43 21"), "known")
    await keep(store, eva)
    assert await whom(admin, person) == []
    with pytest.raises(Failed, match="Nothing is held"):
        await admin.erase(person)


async def test_several_are_listed_and_nothing_is_erased(store: SqliteStore, admin: Administration) -> None:
    other = same_tag("a")
    first, second = opened("a", "cust-1"), opened(other, "cust-2")
    told(first, "jan@example.org", "Jan \x1b[31mde Wit")
    told(second, "jan@example.org")
    await keep(store, first, second)
    for person in (tag_of("a"), "jan@example.org"):
        for done in (admin.erase, admin.export):
            with pytest.raises(Failed) as failed:
                await done(person)
            said = str(failed.value).split("\n")
            assert "fits 2 customers" in said[0]
            assert sorted(line.split()[0] for line in said[1:]) == ["cust-1", "cust-2"]
            assert any("Jan" in line and "de Wit, shop acme, 1 chat, the last" in line for line in said)
            assert "\x1b" not in str(failed.value)
    assert (await admin.export("cust-1"))["chats"][0]["events"][-1]["text"]
    assert await admin.erase("cust-2") == {"customer": "cust-2", "chats": [other]}
    assert await whom(admin, "jan@example.org") == ["cust-1"], "of who was erased nothing is held"


async def test_one_customer_with_many_chats_is_one(store: SqliteStore, admin: Administration) -> None:
    stories = [opened(f"chat-{n}", "cust-1") for n in range(3)]
    for story in stories:
        told(story, "jan@example.org")
    await keep(store, *stories)
    (one,) = await admin.find("jan@example.org")
    assert (one["customer"], one["chats"]) == ("cust-1", 3)


async def test_what_somebody_else_told_in_the_browser_before_is_not_theirs(
    store: SqliteStore, admin: Administration
) -> None:
    story = opened("a", "cust-1")
    told(story, "piet@example.org", "Piet")
    identified(story, Identity("48213", "Eva"), "known", was="cust-1")
    await keep(store, story)
    assert await whom(admin, "piet@example.org") == []
    assert await whom(admin, "48213") == ["known"]
    assert (await admin.find("48213"))[0]["name"] == "Eva"
