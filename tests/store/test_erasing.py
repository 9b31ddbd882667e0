"""What was erased is nowhere, and no number has a hole."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from server.desk.events import Event
from server.store.files import ERASURES
from server.store.interface import StoreError, Unavailable
from server.store.sqlite import SqliteStore

from .conftest import Opening
from .events import Story, opened
from .platforms import Watched


def found_in(directory: Path, *words: str) -> list[tuple[str, str]]:
    """Which words stand in which files, as raw bytes."""
    return [
        (file.name, word)
        for file in sorted(directory.iterdir())
        for word in words
        if word.encode() in file.read_bytes()
    ]


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events]


async def test_texts_of_both_sides_are_gone_and_numbers_stay(store: SqliteStore, directory: Path) -> None:
    fence = await store.claim("main")
    story, other = opened("a"), opened("b", "cust-2", "main", "nachtegaal")
    story.message("zonnebloem", name="Wilhelmina")
    story.joined()
    story.message("kolibrie 🐦 €", "anna", "Anna")
    story.note("paardebloem")
    story.add("context", "customer", hidden=True, text="https://acme.example/vuurtoren")
    long = "".join(f"waterval{n} " for n in range(2_000))
    story.message(long)
    await store.append("main", fence, [story.since(), other.since()])

    secret = ("zonnebloem", "Wilhelmina", "kolibrie", "paardebloem", "vuurtoren", "waterval0", "waterval1999")
    assert {word for _, word in found_in(directory, *secret)} == set(secret)
    assert await store.erase_person("cust-1") == ["a"]
    assert found_in(directory, *secret) == []
    assert found_in(directory, "nachtegaal")

    now = await store.stream("chat:a")
    for event, before in zip(now, story.events, strict=True):
        kept = (event.seq, event.pub, event.at, event.kind, event.actor, event.cid, event.data)
        assert kept == (before.seq, before.pub, before.at, before.kind, before.actor, before.cid, before.data)
        assert event.text == ""
        assert event.erased == bool(before.text)
        assert not (event.erased and event.digest)
        assert event.name == ("" if event.actor == "customer" else before.name)
    assert await store.public("a", 0, 100) == [event for event in now if event.pub]
    assert texts(await store.stream("chat:b")) == ["", "nachtegaal"]
    assert await store.customer(b"token of cust-1") is not None


async def test_erasing_again_tells_until_everybody_was_told(store: SqliteStore, directory: Path) -> None:
    fence = await store.claim("main")
    story = opened("a", "cust-1", "main", "zonnebloem")
    await store.append("main", fence, [story.since(), opened("b").since()])
    assert await store.erase_person("cust-1") == ["a"]
    assert await store.erase_person("cust-1") == ["a"]
    assert len((directory / ERASURES).read_text().split()) == 1
    story.erased()
    await store.append("main", fence, [story.since()])
    assert await store.erase_person("cust-1") == []
    assert await store.erase_person("nobody") == []

    story.message("and more")
    await store.append("main", fence, [story.since()])
    assert texts(await store.stream("chat:a")) == ["", "", "", "and more"]
    assert await store.erase_person("cust-1") == ["a"]
    assert texts(await store.stream("chat:a")) == ["", "", "", ""]
    customers = [line for line in (directory / ERASURES).read_text().split() if "cust-1" in line]
    assert len(customers) == 2


async def test_no_copy_stays_behind_in_a_page_that_changed(store: SqliteStore, directory: Path) -> None:
    """Many people, erased in any order, between new messages of any length."""
    dice = random.Random(7)
    fence = await store.claim("main")
    stories = [opened(f"chat-{n}", f"cust-{n}") for n in range(30)]
    marks: dict[int, list[str]] = {n: [] for n in range(30)}
    left = list(range(30))

    async def write() -> None:
        for _ in range(10):
            n = dice.choice(left)
            mark = f"<{n}:{dice.random()}>"
            marks[n].append(mark)
            stories[n].message(mark + "x" * dice.choice([0, 5, 80, 400, 3_000, 9_000]))
            await store.append("main", fence, [stories[n].since()])

    await store.append("main", fence, [story.since() for story in stories])
    gone: list[str] = []
    while len(left) > 1:
        await write()
        n = left.pop(dice.randrange(len(left)))
        await store.erase_person(f"cust-{n}")
        gone += marks[n]
        assert found_in(directory, *gone) == []
    assert len(gone) > 200


async def test_retention(store: SqliteStore, directory: Path) -> None:
    fence = await store.claim("main")
    old, recent, live = (opened(f"{n}", f"cust-{n}") for n in ("old", "recent", "live"))
    other = Story("other", "cust-other", shop="elsewhere")
    other.opened()
    for story, word in (
        (old, "zonnebloem"),
        (recent, "paardebloem"),
        (live, "kolibrie"),
        (other, "nachtegaal"),
    ):
        story.message(word, name="Wilhelmina")
    recent.add("contact", "customer", hidden=True, text='{"contact":"anna@meeuw.example"}')
    for kind in ("mailed", "bounced"):
        recent.add(kind, "desk", hidden=True, text="550 5.1.1 <anna@meeuw.example>: User unknown")
    old.closed(at=10_000)
    recent.closed(at=20_000)
    other.closed(at=10_000)
    await store.append("main", fence, [story.since() for story in (old, recent, live, other)])

    assert await store.expire("acme", 0, 0) == []
    assert await store.expire("acme", 10_000, 10_000) == []
    assert found_in(directory, "zonnebloem")
    assert await store.expire("acme", 20_000, 0) == ["old"]
    assert await store.expire("acme", 20_000, 0) == []
    assert found_in(directory, "zonnebloem") == []
    assert {word for _, word in found_in(directory, "paardebloem", "kolibrie", "nachtegaal")} == {
        "paardebloem",
        "kolibrie",
        "nachtegaal",
    }
    assert await store.customer(b"token of cust-old") is not None

    assert found_in(directory, "meeuw.example")
    assert await store.expire("acme", 0, 20_001) == []
    assert found_in(directory, "meeuw.example") == []
    known = [
        await store.customer(b"token of cust-" + name) for name in (b"old", b"recent", b"live", b"other")
    ]
    assert [customer is not None for customer in known] == [False, False, True, True]
    names = [event.name for event in await store.stream("chat:recent") if event.kind == "message"]
    assert names == [""]
    assert texts(await store.stream("chat:recent"))[1] == "paardebloem"
    assert [event.name for event in await store.stream("chat:live")][1] == "Wilhelmina"


async def test_what_is_written_after_its_time_is_over_goes_the_next_time(store: SqliteStore) -> None:
    fence = await store.claim("main")
    story = opened("a", "cust-1", "main", "one")
    story.closed(at=10_000)
    await store.append("main", fence, [story.since()])
    assert await store.expire("acme", 20_000, 0) == ["a"]
    story.note("a note on a closed chat")
    await store.append("main", fence, [story.since()])
    assert await store.expire("acme", 20_000, 0) == ["a"]
    assert set(texts(await store.stream("chat:a"))) == {""}


async def test_many_chats_go_in_batches(store: SqliteStore) -> None:
    fence = await store.claim("main")
    stories = [opened(f"{n}", f"cust-{n}", "main", "text") for n in range(250)]
    for story in stories:
        story.closed(at=10_000)
    await store.append("main", fence, [story.since() for story in stories])
    gone = await store.expire("acme", 20_000, 20_000)
    assert sorted(gone) == sorted(story.chat for story in stories)
    assert await store.customer(b"token of cust-249") is None


_READ = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM event").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


async def test_while_another_program_reads_erasing_is_not_called_done(
    store: SqliteStore, platform: Watched, directory: Path
) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a", "cust-1", "main", "zonnebloem").since()])
    platform.writer.execute("PRAGMA busy_timeout = 0")
    with subprocess.Popen(
        [sys.executable, "-c", _READ, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"reading\n"
        with pytest.raises(Unavailable, match="erase again"):
            await store.erase_person("cust-1")
        assert found_in(directory, "zonnebloem")
        other.communicate()
    assert await store.erase_person("cust-1") == ["a"]
    assert found_in(directory, "zonnebloem") == []


async def test_an_erasure_that_could_not_be_written_down_is_when_the_store_opens(
    store: SqliteStore, opening: Opening, directory: Path
) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a", "cust-1", "main", "zonnebloem").since()])
    (directory / ERASURES).mkdir()  # something is in the way
    with pytest.raises(StoreError):
        await store.erase_person("cust-1")
    assert texts(await store.stream("chat:a")) == ["", ""]
    await store.close()
    (directory / ERASURES).rmdir()
    store = await opening()
    assert "cust-1" in (directory / ERASURES).read_text()
    assert found_in(directory, "zonnebloem") == []


async def test_a_line_cut_short_is_passed_over(store: SqliteStore, directory: Path) -> None:
    fence = await store.claim("main")
    await store.append("main", fence, [opened("a", "cust-1").since(), opened("b", "cust-2").since()])
    await store.erase_person("cust-1")
    with (directory / ERASURES).open("ab") as file:
        file.write(b'{"id":"cut')
    await store.erase_person("cust-2")
    assert [erasure.customer for erasure in store._erasures.read()] == ["cust-1", "cust-2"]
    assert (directory / ERASURES).stat().st_mode & 0o777 == 0o600
