"""The facts of the service report in the database: rows as structs, and the other way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple, fields

from server.platform import Row
from server.reports import promises
from server.reports.carrying import AgentFacts, Online
from server.reports.facts import Certain, ChatFacts, Gap, Given, Served

#: The cursor's name; a greater version makes the facts anew from the log.
NAME: Final = "service"
VERSION: Final = 3

CURSOR: Final = f"SELECT version, pos FROM report_cursor WHERE name = '{NAME}'"
DESKS: Final = "SELECT desk, first_at, at FROM report_desk"
AGENTS: Final = """
SELECT desk, agent, status, absent, ceiling, today, online_since, full_since
FROM report_agent WHERE desk = ?"""

_COLUMNS: Final = ", ".join(field.name for field in fields(ChatFacts))
_CHAT: Final = f"SELECT {_COLUMNS} FROM report_chat"
LIVE: Final = _CHAT + " WHERE desk = ? AND live = 1"
#: Placeholders that one question may have, far below SQLite's limit.
MANY: Final = 500

# Pages in the order of time: the last two parameters are where the one before ended.
CHATS: Final = (
    _CHAT
    + """
WHERE desk = ? AND opened_at >= ? AND opened_at < ? AND (opened_at, stream) > (?, ?)
ORDER BY opened_at, stream LIMIT ?"""
)
GAPS: Final = """
SELECT since, stream, seq, until, agent, covered,
 (SELECT shop FROM report_chat WHERE report_chat.stream = report_gap.stream),
 (SELECT lang FROM report_chat WHERE report_chat.stream = report_gap.stream)
FROM report_gap
WHERE desk = ? AND since >= ? AND since < ? AND (since, stream, seq) > (?, ?, ?)
ORDER BY since, stream, seq LIMIT ?"""
#: What agents answered that nobody had been promised: who, how long it took, and where a page ends.
REPLIES: Final = """
SELECT since, stream, seq, agent, until - since FROM report_gap
WHERE desk = ? AND since >= ? AND since < ? AND covered = 0 AND (since, stream, seq) > (?, ?, ?)
ORDER BY since, stream, seq LIMIT ?"""
SERVED: Final = """
SELECT at, stream, agent,
 (SELECT shop FROM report_chat WHERE report_chat.stream = report_served.stream)
FROM report_served
WHERE desk = ? AND at >= ? AND at < ? AND (at, stream, agent) > (?, ?, ?)
ORDER BY at, stream, agent LIMIT ?"""
ONLINE: Final = """
SELECT until, agent, since FROM report_online
WHERE desk = ? AND until > ? AND since < ? AND (until, agent) > (?, ?)
ORDER BY until, agent LIMIT ?"""
FULL: Final = """
SELECT quarter, agent, ms FROM report_full
WHERE desk = ? AND quarter >= ? AND quarter < ? AND (quarter, agent) > (?, ?)
ORDER BY quarter, agent LIMIT ?"""

PROMISES: Final = """
SELECT made_at, stream, seq, agent, promised_ms, due_at, how, answered_at, given_up_at, kept_by,
 (SELECT shop FROM report_chat WHERE report_chat.stream = report_promise.stream),
 (SELECT lang FROM report_chat WHERE report_chat.stream = report_promise.stream)
FROM report_promise
WHERE desk = ? AND made_at >= ? AND made_at < ? AND (made_at, stream, seq) > (?, ?, ?)
ORDER BY made_at, stream, seq LIMIT ?"""
#: Why the chats that an agent answered came, once they are closed, and who knows: who picked the reason, or
#: had the chat last.
REASONS: Final = """
SELECT opened_at, stream, shop, lang, reason,
 CASE WHEN reason != '' THEN reason_by WHEN owner != '' THEN owner ELSE answered_by END
FROM report_chat
WHERE desk = ? AND opened_at >= ? AND opened_at < ? AND (opened_at, stream) > (?, ?)
 AND closed != '' AND (reason != '' OR answered_by != '')
ORDER BY opened_at, stream LIMIT ?"""
GIVEN: Final = """
SELECT at, stream, seq, agent, reason, mandate,
 (SELECT shop FROM report_chat WHERE report_chat.stream = report_given.stream),
 (SELECT lang FROM report_chat WHERE report_chat.stream = report_given.stream)
FROM report_given
WHERE desk = ? AND at >= ? AND at < ? AND (at, stream, seq) > (?, ?, ?)
ORDER BY at, stream, seq LIMIT ?"""
#: The newest answers to promises of a desk: who gave them, when, and how long they took.
ANSWERS: Final = """
SELECT answered_by, answered_at, answered_at - made_at FROM report_promise
WHERE desk = ? AND answered_at > 0 ORDER BY answered_at DESC LIMIT ?"""

_TABLES: Final = ("cursor", "desk", "agent", "chat", "gap", "served", "online", "full", "promise", "given")

_PUT_CHAT: Final = f"""
INSERT OR REPLACE INTO report_chat ({_COLUMNS}, live)
VALUES ({", ".join("?" * (len(fields(ChatFacts)) + 1))})"""

_PLEDGE: Final = """
INSERT OR REPLACE INTO report_promise (desk, made_at, stream, seq, agent, promised_ms, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_MOVED: Final = "UPDATE report_promise SET due_at = ?, extended = extended + ? WHERE stream = ? AND seq = ?"
_ENDED: Final = """
UPDATE report_promise SET how = ?, answered_at = ?, answered_by = ?, kept_by = ?
WHERE stream = ? AND seq = ?"""
_WAITED_FOR: Final = "stream = ? AND how = 'broken' AND answered_at = 0 AND given_up_at = 0"
_MADE_GOOD: Final = f"""
UPDATE report_promise SET answered_at = ?, answered_by = ?, kept_by = ? WHERE {_WAITED_FOR}"""

_UNDONE: Final = """
UPDATE report_promise SET how = CASE how WHEN 'broken' THEN how ELSE ? END, answered_at = 0, answered_by = '',
 kept_by = '', given_up_at = ?
WHERE stream = ? AND answered_at = ?"""
_GIVEN_UP: Final = f"UPDATE report_promise SET given_up_at = ? WHERE {_WAITED_FOR}"


def some(streams: int) -> str:
    """The question for that many chats by their streams' numbers."""
    return f"{_CHAT} WHERE stream IN ({', '.join('?' * streams)})"


def chat_of(row: Row) -> ChatFacts:
    """A row of the chats' questions."""
    return ChatFacts(*row)


class Changes(Struct):
    """What one piece of the log did to the facts, up to position ``pos``."""

    pos: int
    desks: list[tuple[str, int, int]]
    agents: list[AgentFacts]
    chats: list[tuple[ChatFacts, bool]]
    certain: list[Certain]
    online: list[Online]
    full: list[tuple[str, int, str, int]]

    def write(self, connection: sqlite3.Connection) -> None:
        """Put all of it into the tables, with the position."""
        _put(connection, "desk", self.desks)
        _put(connection, "agent", map(astuple, self.agents))
        chats = [(*astuple(chat), live) for chat, live in self.chats]
        connection.executemany(_PUT_CHAT, chats)
        _put(connection, "gap", (astuple(row) for row in self.certain if isinstance(row, Gap)))
        _put(connection, "given", (astuple(row) for row in self.certain if isinstance(row, Given)))
        served = (astuple(row) for row in self.certain if isinstance(row, Served))
        _put(connection, "served", served, "OR IGNORE")
        for fact in self.certain:
            _promise(connection, fact)
        _put(connection, "online", map(astuple, self.online))
        connection.executemany(
            """INSERT INTO report_full (desk, quarter, agent, ms) VALUES (?, ?, ?, ?)
            ON CONFLICT (desk, quarter, agent) DO UPDATE SET ms = ms + excluded.ms""",
            self.full,
        )
        _put(connection, "cursor", [(NAME, VERSION, self.pos)])


def _promise(connection: sqlite3.Connection, fact: Certain) -> None:
    """Write what a fact says of promises; their order matters."""
    match fact:
        case promises.Pledge(desk, made_at, stream, seq, agent, due_at):
            connection.execute(_PLEDGE, (desk, made_at, stream, seq, agent, due_at - made_at, due_at))
        case promises.Moved(stream, seq, due_at, extended):
            connection.execute(_MOVED, (due_at, extended, stream, seq))
        case promises.Ended(stream, seq, how, at, by, kept_by):
            answered = (at, by) if how in ("kept", "extended") else (0, "")
            connection.execute(_ENDED, (how, *answered, kept_by, stream, seq))
        case promises.MadeGood(stream, at, by, kept_by):
            connection.execute(_MADE_GOOD, (at, by, kept_by, stream))
        case promises.Undone(stream, ended_at, how, given_up_at):
            connection.execute(_UNDONE, (how, given_up_at, stream, ended_at))
        case promises.GivenUp(stream, at):
            connection.execute(_GIVEN_UP, (at, stream))


def forget(connection: sqlite3.Connection) -> None:
    """Empty every table, so that all facts are made anew."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM report_{table}")


def _put(
    connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]], otherwise: str = "OR REPLACE"
) -> None:
    known = list(rows)
    if known:
        marks = ", ".join("?" * len(known[0]))
        connection.executemany(f"INSERT {otherwise} INTO report_{table} VALUES ({marks})", known)
