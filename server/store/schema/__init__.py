"""The database's shape: numbered SQL files, each applied once, in order, in a transaction of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from server.store.errors import damaged
from server.store.interface import Newer

#: "STRM" in SQLite's file header: a database is ours before we write to it.
APPLICATION_ID: Final = 0x5354524D


def newest() -> int:
    """The number of the newest schema this version knows."""
    return len(_scripts())


def check(connection: sqlite3.Connection, path: Path) -> int:
    """The database's schema number; 0: it is empty.

    Raises `Newer` for one of a later version, and `Corrupt` for one that is not ours.
    """
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    owner: int = connection.execute("PRAGMA application_id").fetchone()[0]
    known = newest()
    if number > known:
        raise Newer(
            f"{path} was written by a newer supportterm (schema {number}, this one knows {known}):"
            " update supportterm, or restore a backup from before."
        )
    if owner != APPLICATION_ID:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if number or owner or tables:
            raise damaged(path, "it is not a database of supportterm")
    return number


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database to the newest schema. What `check` raises."""
    at = check(connection, path)
    for number, script in enumerate(_scripts()[at:], at + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _scripts() -> list[str]:
    found = sorted((f for f in files(__name__).iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    numbers = [int(file.name.removesuffix(".sql")) for file in found]
    if numbers != list(range(1, len(numbers) + 1)):
        raise RuntimeError(f"schema files have holes: {numbers}")
    return [file.read_text(encoding="utf-8") for file in found]


def _statements(script: str) -> Iterator[str]:
    # One by one instead of `executescript`, which would commit the transaction they belong to.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
