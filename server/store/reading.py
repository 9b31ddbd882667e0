"""What can be asked of the log."""

from __future__ import annotations

from typing import Final

from server.desk.events import Event, chat_stream
from server.desk.versions import upcast
from server.platform import Row
from server.store.database import Database
from server.store.interface import ChatRow, Marks, Snapshot

_EVENTS: Final = """
SELECT seq, pub, at, kind, actor, name, cid, digest, data, text, erased, v FROM event
WHERE stream = (SELECT id FROM stream WHERE name = ?)"""

_AFTER: Final = _EVENTS + " AND seq > ? ORDER BY seq LIMIT ?"
# A public number is never above the number, so those past one are past it in both.
_PUBLIC: Final = _EVENTS + " AND seq > ? AND pub > ? ORDER BY seq LIMIT ?"
_BEFORE: Final = _EVENTS + " AND seq < ? ORDER BY seq DESC LIMIT ?"
_PUBLIC_BEFORE: Final = (
    _EVENTS
    + """
 AND pub > 0 AND seq < coalesce((
  SELECT seq FROM event
  WHERE stream = (SELECT id FROM stream WHERE name = ?) AND seq >= ? AND pub >= ?
  ORDER BY seq LIMIT 1), 9223372036854775807)
 ORDER BY seq DESC LIMIT ?"""
)

_CHATS: Final = """
SELECT substr(stream.name, 6), desk, shop, customer, owner, state, opened_at, closed_at,
 coalesce((SELECT seq FROM event WHERE event.stream = chat.stream ORDER BY seq DESC LIMIT 1), 0),
 coalesce((SELECT pub FROM event WHERE event.stream = chat.stream AND pub > 0 ORDER BY seq DESC LIMIT 1), 0)
FROM chat JOIN stream ON stream.id = chat.stream """

# One statement, so that a chat which closes or reopens meanwhile is seen once; two arms, one index each.
_LIVE_OR_RECENT: Final = (
    _CHATS
    + """
WHERE chat.stream IN (
 SELECT stream FROM chat WHERE desk = ? AND state <> 'closed'
 UNION ALL
 SELECT stream FROM chat WHERE desk = ? AND state = 'closed' AND closed_at >= ?)
ORDER BY chat.stream"""
)

# What a customer said in their newest chats at a shop before one of them, and the little that says how to
# read it.
_SAID: Final = """
SELECT substr(stream.name, 6), chat.opened_at,
 seq, pub, at, kind, actor, event.name, cid, digest, data, text, erased, v
FROM chat JOIN stream ON stream.id = chat.stream JOIN event ON event.stream = chat.stream
WHERE chat.stream IN (
 SELECT stream FROM chat
 WHERE customer = ? AND shop = ? AND opened_at >= ? AND texts = 1
  AND stream < (SELECT id FROM stream WHERE name = ?)
 ORDER BY stream DESC LIMIT ?)
 AND (kind IN ('opened', 'told', 'reread', 'identified') OR (kind = 'message' AND actor = 'customer'))
ORDER BY chat.stream DESC, seq LIMIT ?"""


def event_of(stream: str, row: Row) -> Event:
    """A row of the columns of `_EVENTS` as an event, in today's shape."""
    seq, pub, at, kind, actor, name, cid, digest, data, text, erased, v = row
    return upcast(Event(stream, seq, pub, at, kind, actor, name, cid, digest, data, text, bool(erased), v))


class Reading(Database):
    """The reading half of `server.store.interface.Log`."""

    async def stream(self, stream: str, after: int = 0, limit: int = 0) -> list[Event]:
        """Events past ``after``, oldest first; ``limit`` 0 means all."""
        rows = await self._rows(_AFTER, (stream, after, limit or -1))
        return [event_of(stream, row) for row in rows]

    async def public(self, chat: str, after: int, limit: int) -> list[Event]:
        """A chat's public events with public numbers past ``after``, oldest first."""
        stream = chat_stream(chat)
        rows = await self._rows(_PUBLIC, (stream, after, after, limit))
        return [event_of(stream, row) for row in rows]

    async def before(self, chat: str, seq: int, limit: int, public: bool) -> list[Event]:
        """The ``limit`` events before ``seq`` (a public number if ``public``), oldest first."""
        stream = chat_stream(chat)
        if public:
            rows = await self._rows(_PUBLIC_BEFORE, (stream, stream, seq, seq, limit))
        else:
            rows = await self._rows(_BEFORE, (stream, seq, limit))
        return [event_of(stream, row) for row in reversed(rows)]

    async def row(self, chat: str) -> ChatRow | None:
        """The chat's row, or None."""
        rows = await self._rows(_CHATS + "WHERE stream.name = ?", (chat_stream(chat),))
        return ChatRow(*rows[0]) if rows else None

    async def rows(self, desk: str, closed_since: int) -> list[ChatRow]:
        """All chats of the desk that are not closed, and those closed at or after ``closed_since`` (ms).

        In the order the chats were opened.
        """
        rows = await self._rows(_LIVE_OR_RECENT, (desk, desk, closed_since))
        return [ChatRow(*row) for row in rows]

    async def chats_of(self, customer: str, limit: int) -> list[ChatRow]:
        """A customer's chats, newest first."""
        rows = await self._rows(
            _CHATS + "WHERE customer = ? ORDER BY chat.stream DESC LIMIT ?", (customer, limit)
        )
        return [ChatRow(*row) for row in rows]

    async def said_before(
        self, customer: str, shop: str, since: int, before: str, chats: int, events: int
    ) -> list[tuple[int, list[Event]]]:
        """Of the customer's newest ``chats`` at the shop that came before the chat ``before``, were opened
        from ``since`` (ms) on and still hold texts: when each was opened, and its customer's messages with
        the events ``opened``, ``told``, ``reread`` and ``identified``; the newest chat first, ``events``
        together at most."""
        found: dict[str, tuple[int, list[Event]]] = {}
        rows = await self._rows(_SAID, (customer, shop, since, chat_stream(before), chats, events))
        for chat, opened_at, *row in rows:
            found.setdefault(chat, (opened_at, []))[1].append(event_of(chat_stream(chat), tuple(row)))
        return list(found.values())

    async def marks(self, chat: str) -> list[Marks]:
        """Stored marks of a chat; at most one per side."""
        rows = await self._rows(
            """SELECT who, got, seen FROM mark
            WHERE stream = (SELECT id FROM stream WHERE name = ?) ORDER BY who""",
            (chat_stream(chat),),
        )
        return [Marks(chat, *row) for row in rows]

    async def snapshot(self, desk: str) -> Snapshot | None:
        """The newest snapshot of a desk."""
        rows = await self._rows("SELECT seq, data FROM snapshot WHERE desk = ?", (desk,))
        return Snapshot(*rows[0]) if rows else None
