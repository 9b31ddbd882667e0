"""Backup, restore, and all that is held about one person."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from server.store.files import BEFORE_RESTORE, DATABASE, ERASURES, RESTORING
from server.store.interface import Agent, Corrupt, Invite, Marks, Newer, Session, Unavailable
from server.store.sqlite import SqliteStore
from server.store.upkeep import restore

from .conftest import Opening
from .events import Story, opened, status
from .platforms import Watched
from .test_erasing import found_in, texts
from .test_troubles import root_page, spoil


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "monday.db"


async def test_a_backup_restores_everything_under_a_new_epoch(
    store: SqliteStore, opening: Opening, directory: Path, target: Path, platform: Watched
) -> None:
    fence = await store.claim("main")
    story = opened("a", "cust-1", "main", "before")
    await store.append("main", fence, [story.since(), status(1)])
    await store.save_marks([Marks("a", "customer", 2, 2)])
    await store.save_agent(Agent("anna", "Anna", "main"))
    await store.save_session(Session(b"t", "anna", "laptop", 1))
    await store.save_invite(Invite(b"code", "anna", 100))
    await store.backup(target)
    assert [file.name for file in target.parent.iterdir()] == [target.name]
    assert target.stat().st_mode & 0o777 == 0o600
    kept = list(story.events)
    story.message("after")
    await store.append("main", fence, [story.since()])
    epoch = store.epoch
    await store.close()

    assert await restore(target, directory, platform) == directory / BEFORE_RESTORE
    store = await opening()
    assert store.epoch != epoch
    assert await store.stream("chat:a") == kept
    assert len(await store.stream("desk:main")) == 1
    assert await store.marks("a") == [Marks("a", "customer", 2, 2)]
    assert await store.agent("anna") is not None
    # A sign-in that was ended since the backup must not come back, nor an invitation that was used.
    assert await store.session(b"t") is None
    assert await store.use_invite(b"code", 1) is None
    assert await store.claim("main") == fence + 1
    again = store.epoch
    await store.close()

    # The one that was replaced is whole, with what was written last, and can be restored as well.
    assert await restore(directory / BEFORE_RESTORE, directory, platform) == directory / BEFORE_RESTORE
    store = await opening()
    assert await store.stream("chat:a") == story.events
    assert store.epoch not in {epoch, again}


async def test_a_backup_holds_one_moment_while_writing_goes_on(
    store: SqliteStore, target: Path, platform: Watched
) -> None:
    fence = await store.claim("main")
    one, two = opened("one", "cust-1"), opened("two", "cust-2")
    await store.append("main", fence, [one.since(), two.since()])
    copying = True

    async def write() -> int:
        rounds = 0
        while copying or rounds < 20:
            one.message("x" * 2_000)
            two.message("x" * 2_000)
            await store.append("main", fence, [one.since(), two.since()])
            rounds += 1
        return rounds

    writing = asyncio.create_task(write())
    for number in range(3):
        await store.backup(target.with_name(f"{number}.db"))
    copying = False
    rounds = await writing
    assert len(await store.stream("chat:one")) == rounds + 1
    for number in range(3):
        connection = sqlite3.connect(target.with_name(f"{number}.db"))
        counts = connection.execute("SELECT count(*) FROM event GROUP BY stream").fetchall()
        connection.close()
        assert counts[0] == counts[1]


async def test_erasures_since_the_backup_are_done_again(
    store: SqliteStore, opening: Opening, directory: Path, target: Path, platform: Watched
) -> None:
    fence = await store.claim("main")
    first, second = opened("a", "cust-1", "main", "zonnebloem"), opened("b", "cust-2", "main", "kolibrie")
    await store.append("main", fence, [first.since(), second.since()])
    await store.erase_person("cust-1")
    first.message("written after that erasure")
    await store.append("main", fence, [first.since()])
    await store.backup(target)
    await store.erase_person("cust-2")
    await store.close()
    assert found_in(target.parent, "kolibrie")

    for _ in range(2):
        await restore(target, directory, platform)
        assert found_in(directory, "zonnebloem", "kolibrie") == []
        store = await opening()
        # Only what came after the backup is repeated: the first erasure is in it already.
        assert texts(await store.stream("chat:a")) == ["", "", "written after that erasure"]
        assert texts(await store.stream("chat:b")) == ["", ""]
        assert [event.erased for event in await store.stream("chat:b")] == [False, True]
        await store.close()
    assert len((directory / ERASURES).read_text().split()) == 2


async def test_a_backup_restores_into_an_empty_directory(
    store: SqliteStore, tmp_path: Path, target: Path, platform: Watched
) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a", "cust-1", "main", "zonnebloem").since()])
    await store.erase_person("cust-1")
    await store.backup(target)
    assert await restore(target, tmp_path / "new", platform) is None
    moved = await SqliteStore.open(tmp_path / "new" / DATABASE, platform)
    assert texts(await moved.stream("chat:a")) == ["", ""]
    assert "cust-1" in (tmp_path / "new" / ERASURES).read_text()
    await moved.close()


async def test_what_cannot_be_restored_changes_nothing(
    store: SqliteStore, opening: Opening, directory: Path, target: Path, platform: Watched
) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a", "cust-1", "main", "kept").since()])
    await store.backup(target)
    with pytest.raises(Unavailable, match="Another supportterm"):
        await restore(target, directory, platform)
    await store.close()

    damaged = target.with_name("damaged.db")
    damaged.write_bytes(target.read_bytes())
    spoil(damaged, root_page(damaged, "event_seq"))
    future = target.with_name("future.db")
    future.write_bytes(target.read_bytes())
    connection = sqlite3.connect(future)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    foreign = target.with_name("foreign.db")
    foreign.write_text("[server]\nport = 1\n" * 100)
    empty = target.with_name("empty.db")
    empty.write_bytes(b"")
    before = sorted(file.name for file in directory.iterdir())
    for source, error in (
        (damaged, Corrupt),
        (foreign, Corrupt),
        (empty, Corrupt),
        (target.with_name("missing.db"), Corrupt),
        (future, Newer),
    ):
        with pytest.raises(error, match=source.name):
            await restore(source, directory, platform)
        assert sorted(file.name for file in directory.iterdir()) == before
    store = await opening()
    assert texts(await store.stream("chat:a")) == ["", "kept"]


async def test_an_interrupted_restore_does_not_start_an_empty_database(
    store: SqliteStore, opening: Opening, directory: Path, target: Path, platform: Watched
) -> None:
    await store.backup(target)
    await store.close()
    # As a power cut leaves it between the two renames of a restore.
    store.path.rename(directory / BEFORE_RESTORE)
    (directory / RESTORING).write_bytes(target.read_bytes())
    with pytest.raises(Corrupt, match="restore was interrupted"):
        await opening()
    assert not store.path.exists()
    assert await restore(target, directory, platform) is None
    await (await opening()).close()
    assert (directory / BEFORE_RESTORE).exists()


async def test_a_damaged_database_gives_no_backup(store: SqliteStore, opening: Opening, target: Path) -> None:
    await store.close()
    spoil(store.path, root_page(store.path, "chat_live"))
    store = await opening()
    with pytest.raises(Corrupt, match="supportterm restore"):
        await store.backup(target)
    assert list(target.parent.iterdir()) == []


async def test_a_backup_needs_a_place(store: SqliteStore, target: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await store.backup(target.with_name("nowhere") / "a.db")
    await store.backup(target)
    first = target.read_bytes()
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a").since()])
    await store.backup(target)
    assert target.read_bytes() != first


async def test_everything_held_about_a_person(store: SqliteStore) -> None:
    assert await store.export_person("cust-1") == {}
    fence = await store.claim("main")
    story = Story("a")
    story.opened()
    story.message("hello")
    story.joined()
    story.note("a note about them")
    await store.append("main", fence, [story.since(), opened("b").since(), opened("c", "cust-2").since()])
    await store.save_marks([Marks("a", "customer", 2, 1)])
    held = await store.export_person("cust-1")
    assert json.loads(json.dumps(held)) == held
    assert held["customer"] == {
        "id": "cust-1",
        "shop": "acme",
        "created": 1_000,
        "token_sha256": b"token of cust-1".hex(),
        "erased_at": [],
    }
    first, second = held["chats"]
    assert (first["chat"], first["state"], first["owner"], second["chat"]) == ("a", "open", "anna", "b")
    assert first["marks"] == {"customer": {"got": 2, "seen": 1}}
    assert [event["text"] for event in first["events"]] == ["", "hello", "", "a note about them"]
    assert first["events"][0]["data"] == {"shop": "acme", "lang": "en"}
    await store.erase_person("cust-1")
    held = await store.export_person("cust-1")
    assert [event["text"] for event in held["chats"][0]["events"]] == ["", "", "", ""]
    assert len(held["customer"]["erased_at"]) == 1
