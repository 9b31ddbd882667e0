"""A store whose disk, file or neighbour fails says so in one word, and goes on when that is over."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.store.errors import from_os
from server.store.files import DATABASE, LOCK
from server.store.interface import Corrupt, Newer, Unavailable
from server.store.sqlite import SqliteStore

from .conftest import Opening
from .events import Story, opened
from .platforms import Watched


async def begun(store: SqliteStore) -> tuple[int, Story]:
    """A chat that is stored, before the trouble."""
    fence = await store.claim("main")
    story = opened("a", "cust-1", "main", "before")
    await store.append("main", fence, [story.since()])
    return fence, story


async def fails(store: SqliteStore, fence: int, state: str) -> None:
    """Writing is refused with this state, and readers see what was there before, and nothing else."""
    long = opened("b", "cust-2", "main", *["long " * 400] * 200)
    with pytest.raises(Unavailable) as refused:
        await store.append("main", fence, [long.since()])
    assert refused.value.state == state
    assert str(refused.value).endswith((".", "log."))
    assert await store.stream("chat:b") == []
    assert await store.row("b") is None
    assert len(await store.stream("chat:a")) == 2


async def goes_on(store: SqliteStore, fence: int, story: Story) -> None:
    story.message("after")
    await store.append("main", fence, [story.since()])
    long = opened("b", "cust-2", "main", *["long " * 400] * 200)
    await store.append("main", fence, [long.since()])
    assert await store.stream("chat:a") == story.events
    assert await store.stream("chat:b") == long.events


async def test_a_database_that_may_not_grow(store: SqliteStore, platform: Watched) -> None:
    fence, story = await begun(store)
    pages = platform.writer.execute("PRAGMA page_count").fetchone()[0]
    platform.writer.execute(f"PRAGMA max_page_count = {pages}")
    for _ in range(3):
        await fails(store, fence, "disk full")
    platform.writer.execute("PRAGMA max_page_count = 1000000")
    await goes_on(store, fence, story)


@contextmanager
def mounted(at: Path, size: str = "1m") -> Iterator[Callable[[str], None]]:
    """A small disk of its own; called with mount options, it is mounted again with them."""

    def mount(options: str) -> int:
        return subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", str(at)], capture_output=True, check=False
        ).returncode

    at.mkdir()
    if sys.platform != "linux" or mount(f"size={size}"):
        pytest.skip("mounting a disk takes root on Linux")

    def remount(options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(at)], check=True)

    try:
        yield remount
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


async def test_a_disk_that_is_full(directory: Path, opening: Opening) -> None:
    with mounted(directory) as remount:
        store = await opening()
        fence, story = await begun(store)
        for _ in range(3):
            await fails(store, fence, "disk full")
        remount("size=64m")
        await goes_on(store, fence, story)
        await store.close()
        again = await opening()
        assert len(await again.stream("chat:b")) == 201
        await again.close()


async def test_a_disk_that_became_read_only(directory: Path, opening: Opening) -> None:
    with mounted(directory, "64m") as remount:
        store = await opening()
        fence, story = await begun(store)
        # No file may be open for writing when a disk is made read-only, so it is while nobody serves.
        await store.close()
        remount("ro")
        with pytest.raises(Unavailable) as refused:
            await opening()
        assert refused.value.state == "read-only"
        remount("rw")
        store = await opening()
        await goes_on(store, await store.claim("main"), story)
        await store.close()
        assert fence


async def test_a_connection_that_became_read_only(store: SqliteStore, platform: Watched) -> None:
    fence, story = await begun(store)
    platform.writer.execute("PRAGMA query_only = ON")
    await fails(store, fence, "read-only")
    await goes_on(store, fence, story)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


async def test_a_disk_that_fails(store: SqliteStore) -> None:
    fence, story = await begun(store)
    with no_file_larger_than(200_000):
        for _ in range(3):
            await fails(store, fence, "disk error")
    await goes_on(store, fence, story)


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


async def test_a_database_that_another_program_holds(store: SqliteStore, platform: Watched) -> None:
    fence, story = await begun(store)
    platform.writer.execute("PRAGMA busy_timeout = 0")
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        await fails(store, fence, "locked")
        other.communicate()
    await goes_on(store, fence, story)


async def test_a_directory_in_use(store: SqliteStore, opening: Opening, directory: Path) -> None:
    with pytest.raises(Unavailable, match=rf"Another supportterm \(pid {os.getpid()}\)") as refused:
        await opening()
    assert refused.value.state == "locked"
    assert (directory / LOCK).stat().st_mode & 0o777 == 0o600
    await store.close()
    await (await opening()).close()


async def test_a_store_that_was_dropped_does_not_hold_its_directory(directory: Path) -> None:
    from server.store.files import DirectoryLock

    DirectoryLock(directory)
    DirectoryLock(directory).release()


def spoil(path: Path, page: int) -> None:
    """Overwrite a page, as a failing disk may."""
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x99" * 4096)


def root_page(path: Path, name: str) -> int:
    connection = sqlite3.connect(path)
    found: int = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[
        0
    ]
    connection.close()
    return found


async def test_a_damaged_log_is_not_written_to(opening: Opening) -> None:
    store = await opening()
    await begun(store)
    await store.close()
    spoil(store.path, root_page(store.path, "event"))
    store = await opening()
    fence = await store.claim("main")
    with pytest.raises(Corrupt, match="supportterm restore"):
        await store.stream("chat:a")
    with pytest.raises(Corrupt, match="supportterm restore"):
        await store.append("main", fence, [opened("b").since()])
    # Nothing more is written, even where the damage does not reach.
    with pytest.raises(Corrupt):
        await store.claim("main")
    with pytest.raises(Corrupt):
        await store.save_marks([])


@pytest.mark.parametrize("content", [b"\x99" * 8192, b"SQLite format 3\0" + b"\x99" * 8192])
async def test_a_file_that_is_no_database(opening: Opening, directory: Path, content: bytes) -> None:
    directory.mkdir()
    (directory / DATABASE).write_bytes(content)
    with pytest.raises(Corrupt):
        await opening()
    assert (directory / DATABASE).read_bytes() == content


async def test_the_database_of_another_program(opening: Opening, directory: Path) -> None:
    directory.mkdir()
    with sqlite3.connect(directory / DATABASE) as connection:
        connection.execute("CREATE TABLE cats (name)")
    connection.close()
    content = (directory / DATABASE).read_bytes()
    with pytest.raises(Corrupt, match="not a database of supportterm"):
        await opening()
    assert (directory / DATABASE).read_bytes() == content


async def test_a_database_from_the_future(store: SqliteStore, opening: Opening) -> None:
    await store.close()
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(Newer, match=r"schema 999.*update supportterm"):
        await opening()


async def test_a_store_that_is_closed_says_so(store: SqliteStore) -> None:
    await store.close()
    with pytest.raises(RuntimeError, match="closed"):
        await store.claim("main")
    with pytest.raises(RuntimeError, match="closed"):
        await store.row("a")


def test_errors_of_the_file_system(tmp_path: Path) -> None:
    for code, state in ((28, "disk full"), (30, "read-only"), (13, "read-only"), (5, "disk error")):
        assert from_os(OSError(code, "…"), tmp_path / DATABASE).state == state
