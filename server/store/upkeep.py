"""Backup while the server runs, restore while none does, and everything held about one person."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from server.desk.events import chat_stream
from server.platform import Platform
from server.store import schema
from server.store.erasing import Erasing, erase_customer, record, recorded
from server.store.erasures import Erasures
from server.store.errors import damaged, from_os, from_sqlite, no_backup
from server.store.files import (
    BEFORE_RESTORE,
    DATABASE,
    ERASURES,
    RESTORING,
    DirectoryLock,
    make_private,
    side_files,
    sync,
)
from server.store.interface import Corrupt
from server.store.reading import Reading


class Upkeep(Erasing, Reading):
    """What an operator does with the whole database, and for one person."""

    async def backup(self, target: Path) -> None:
        """A checked copy of everything committed by now, in one file, while writing goes on.

        An existing ``target`` is replaced once the copy is good. Raises `Unavailable` or `Corrupt` (the
        copy did not pass its check: so probably is the database), and `OSError` for the target.
        """
        async with self._upkeep:
            worker = self._platform.worker("backup")
            try:
                await worker.run(partial(_copy_and_check, self.path, target, self._platform))
            finally:
                await worker.stop()

    async def export_person(self, customer: str) -> dict[str, Any]:
        """Everything held about a customer, in JSON values; empty if nothing is. Times in ms since 1970."""
        known = await self._rows(
            "SELECT id, shop, created, token_hash FROM customer WHERE id = ?", (customer,)
        )
        if not known:
            return {}
        ident, shop, created, token = known[0]
        erasures = await self._rows("SELECT at FROM erasure WHERE customer = ? ORDER BY at", (customer,))
        rows = await self.chats_of(customer, -1)
        return {
            "customer": {
                "id": ident,
                "shop": shop,
                "created": created,
                "token_sha256": token.hex() if token is not None else "",
                "erased_at": [row[0] for row in erasures],
            },
            "chats": [await self._export_chat(row.chat) for row in reversed(rows)],
        }

    async def _export_chat(self, chat: str) -> dict[str, Any]:
        row = await self.row(chat)
        return {
            **msgspec.to_builtins(row),
            "marks": {marks.who: {"got": marks.got, "seen": marks.seen} for marks in await self.marks(chat)},
            "events": [
                {
                    "seq": event.seq,
                    "pub": event.pub,
                    "at": event.at,
                    "kind": event.kind,
                    "by": event.actor,
                    "name": event.name,
                    "id": event.cid,
                    "data": msgspec.json.decode(event.data or b"{}"),
                    "text": event.text,
                    "erased": event.erased,
                }
                for event in await self.stream(chat_stream(chat))
            ],
        }


async def restore(source: Path, directory: Path, platform: Platform) -> Path | None:
    """Put the backup ``source`` in the place of the database in ``directory``, under a new epoch.

    Erasures recorded in the directory that the backup has not seen are done again, and every sign-in and
    invitation is void: one that was ended since the backup must not come back. The database that was
    there is kept beside it; its path is returned, None if there was none. If anything fails before the
    last step, it stays where it was.

    Raises `Unavailable` ("locked" while a server uses the directory), `Corrupt` or `Newer` for a source
    that cannot be used.
    """
    lock = DirectoryLock(directory)
    try:
        worker = platform.worker("restore")
        try:
            return await worker.run(partial(_restore, source, directory, platform))
        except OSError as error:
            raise from_os(error, directory / DATABASE) from error
        finally:
            await worker.stop()
    finally:
        lock.release()


def _restore(source: Path, directory: Path, platform: Platform) -> Path | None:
    if not source.is_file():
        raise no_backup(source, "there is no such file")
    fresh = directory / RESTORING
    _remove(fresh)
    erasures = Erasures(directory / ERASURES)
    try:
        _copy(source, fresh, platform)
        with closing(platform.connect(fresh)) as connection:
            _check(connection, source)
            _check_ours(connection, source)
            schema.upgrade(connection, fresh)
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (platform.secret()[:16],))
            # Which of them were ended or used since the backup, it cannot know.
            connection.execute("DELETE FROM session")
            connection.execute("DELETE FROM invite")
            seen = {erasure.id for erasure in recorded(connection)}
            for erasure in erasures.read():
                if erasure.id not in seen:
                    erase_customer(connection, erasure.customer)
                    record(connection, erasure)
            connection.execute("COMMIT")
            erasures.add(recorded(connection))
            _check(connection, source)
        sync(fresh)
    except BaseException as error:
        _remove(fresh)
        if isinstance(error, sqlite3.Error):
            failed = from_sqlite(error, fresh)
            raise (no_backup(source, error) if isinstance(failed, Corrupt) else failed) from error
        if isinstance(error, Corrupt):
            raise no_backup(source, error.detail) from error
        raise
    return _exchange(fresh, directory / DATABASE, directory / BEFORE_RESTORE)


def _exchange(fresh: Path, path: Path, kept: Path) -> Path | None:
    """``fresh`` becomes ``path``, which becomes ``kept``. Until the end, opening ``path`` is refused."""
    existed = path.exists()
    if existed:
        _remove(kept)
        # The log goes first: beside another database it would be taken for that one's.
        for old, new in zip(side_files(path), side_files(kept), strict=True):
            with suppress(FileNotFoundError):
                old.rename(new)
        path.rename(kept)
    sync(path.parent)
    fresh.rename(path)
    sync(path.parent)
    return kept if existed else None


def _copy_and_check(source: Path, target: Path, platform: Platform) -> None:
    partial_copy = target.with_name(target.name + ".partial")
    _remove(partial_copy)
    try:
        _copy(source, partial_copy, platform)
        with closing(platform.connect(partial_copy)) as connection:
            _check(connection, source)
        sync(partial_copy)
        partial_copy.rename(target)
        sync(target.parent)
    except BaseException as error:
        _remove(partial_copy)
        if isinstance(error, sqlite3.Error):
            raise from_sqlite(error, target) from error
        raise


def _copy(source: Path, target: Path, platform: Platform) -> None:
    make_private(target)
    with closing(platform.connect(source)) as old, closing(platform.connect(target)) as new:
        old.execute("PRAGMA query_only = ON")
        # In one step, so from one moment: a copy in several would begin anew after each commit.
        old.backup(new)
        # A single file, whatever the source was.
        new.execute("PRAGMA journal_mode = DELETE")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise damaged(path, "; ".join(str(line) for line in found))


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    if schema.check(connection, path) == 0:
        raise damaged(path, "it is empty")


def _remove(path: Path) -> None:
    for file in (path, *side_files(path), path.with_name(path.name + "-journal")):
        file.unlink(missing_ok=True)
