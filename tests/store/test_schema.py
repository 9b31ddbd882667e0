"""The schema's files, and what SQLite is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.store import schema
from server.store.database import version_line, version_warning
from server.store.interface import Agent
from server.store.sqlite import SqliteStore

from .platforms import Watched


def test_a_schema_that_fails_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    good = "CREATE TABLE one (a);\n-- a comment; with a semicolon\nINSERT INTO one VALUES ('a;b');\n"
    monkeypatch.setattr(schema, "_scripts", lambda: [good, "CREATE TABLE two (a);\nCREATE TABLE one (a);\n"])
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        schema.upgrade(connection, path)
    assert schema.check(connection, path) == 1
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("one",)]
    monkeypatch.setattr(schema, "_scripts", lambda: [good, "CREATE TABLE two (a);\n"])
    schema.upgrade(connection, path)
    assert schema.check(connection, path) == 2
    assert connection.execute("SELECT a FROM one").fetchall() == [("a;b",)]
    connection.close()


async def test_agents_of_the_first_schema_keep_what_they_had(tmp_path: Path, platform: Watched) -> None:
    path = tmp_path / "supportterm.db"
    connection = sqlite3.connect(path, isolation_level=None)
    (first, *_) = schema._scripts()
    for statement in schema._statements(first):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute(
        """INSERT INTO agent (id, name, desk, title, "limit", languages, disabled, password, created)
        VALUES ('anna', 'Anna', 'main', 'supervisor', 3, '["nl"]', 1, 'hash', 5)"""
    )
    connection.close()
    opened = await SqliteStore.open(path, platform)
    anna = Agent("anna", "Anna", "main", "supervisor", 3, ("nl",), True, "hash", 5)
    assert await opened.agent("anna") == anna
    assert (anna.skills, anna.ceiling, anna.trainee, anna.shifts) == ((), 0, False, ())
    await opened.save_agent(changed := replace(anna, skills=("returns",), ceiling=250, trainee=True))
    assert await opened.agent("anna") == changed
    await opened.close()


async def test_what_the_writer_is_told(store: SqliteStore, platform: Watched) -> None:
    def told(pragma: str) -> object:
        return platform.writer.execute(f"PRAGMA {pragma}").fetchone()[0]

    assert told("journal_mode") == "wal"
    assert told("synchronous") == 2
    assert told("foreign_keys") == 1
    assert told("secure_delete") == 1
    assert told("busy_timeout") == 5000
    assert told("wal_autocheckpoint") == 1000
    assert told("user_version") == schema.newest()
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.path.parent.stat().st_mode & 0o777 == 0o700


async def test_no_question_scans_the_log(store: SqliteStore, platform: Watched) -> None:
    """Each read and each look at a cold stream finds its rows by an index."""
    from server.mail import bounces, outbox
    from server.store import erasing, reading, writing

    asked = {
        **{name: getattr(reading, name) for name in ("_AFTER", "_PUBLIC", "_BEFORE", "_PUBLIC_BEFORE")},
        "rows": reading._LIVE_OR_RECENT,
        "row": reading._CHATS + "WHERE stream.name = ?",
        "chats_of": reading._CHATS + "WHERE customer = ? ORDER BY chat.stream DESC LIMIT ?",
        "head": writing._HEAD,
        **{"mail" + name: getattr(outbox, name) for name in ("_AFTER", "_ENDED", "_SEEN")},
        "bounces": bounces._DECIDED,
        **{name: getattr(erasing, name) for name in ("_ERASE_TEXTS", "_UNTOLD", "_EXPIRED", "_LAPSED")},
    }
    for name, sql in asked.items():
        plan = platform.writer.execute("EXPLAIN QUERY PLAN " + sql, (1,) * sql.count("?")).fetchall()
        steps = [row[3] for row in plan]
        scans = [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step]
        assert not scans, (name, steps)
        assert name in {"_UNTOLD"} or not any("TEMP B-TREE" in step for step in steps), (name, steps)


def test_the_version_of_sqlite() -> None:
    assert version_line() == f"SQLite {sqlite3.sqlite_version}"
    assert "3.40.1" in version_warning((3, 40, 1))
    assert version_warning((3, 51, 2))
    assert not version_warning((3, 51, 3))
    assert not version_warning((3, 6, 23))
