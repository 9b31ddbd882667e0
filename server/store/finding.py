"""What an operator looks for: whose chats hold something, where there is no id, and which desks are in use.

For the former all of the log is read, in short steps. No index serves it: it is asked for a few times a year,
and each one costs every message. Between the steps others read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from server.desk.events import Event, chat_stream
from server.store.reading import Reading, event_of

_STEP: Final = 20_000

_NAMES: Final = "SELECT id, name FROM stream WHERE id > ? ORDER BY id LIMIT ?"
_NEWEST: Final = "SELECT coalesce(max(pos), 0) FROM event"
_CONTACTS: Final = """
SELECT substr(name, 6) FROM stream WHERE id IN (
 SELECT stream FROM event
 WHERE pos > ? AND pos <= ? AND kind IN ('contact', 'identified') AND text <> '')"""
_OF_CHAT: Final = """
SELECT seq, pub, at, kind, actor, name, cid, digest, data, text, erased, v FROM event
WHERE stream = (SELECT id FROM stream WHERE name = ?) AND kind IN ('contact', 'identified') ORDER BY seq"""

#: Of each desk that has any: how many agents who may sign in, and chats that are not closed.
IN_DESKS: Final = """
SELECT desk, sum(agents), sum(chats) FROM (
 SELECT desk, 1 AS agents, 0 AS chats FROM agent WHERE disabled = 0
 UNION ALL SELECT desk, 0, 1 FROM chat WHERE state <> 'closed')
GROUP BY desk ORDER BY desk"""


class Finding(Reading):
    """What `server.administration.persons` looks through."""

    async def in_desks(self) -> list[tuple[str, int, int]]:
        """Desks with how many agents who may sign in, and chats that are not closed, they have."""
        return [(desk, agents, chats) for desk, agents, chats in await self._rows(IN_DESKS)]

    async def chat_ids(self) -> AsyncIterator[list[str]]:
        """The ids of all chats, in the order they were opened, some at a time."""
        after = 0
        while rows := await self._rows(_NAMES, (after, _STEP)):
            after = rows[-1][0]
            yield [row[1].removeprefix("chat:") for row in rows if row[1].startswith("chat:")]

    async def reachable(self) -> AsyncIterator[list[str]]:
        """Chats that hold an address, a number or an identity, some at a time; one may come again."""
        newest = (await self._rows(_NEWEST))[0][0]
        for after in range(0, newest, _STEP):
            yield [row[0] for row in await self._rows(_CONTACTS, (after, after + _STEP))]

    async def contacts(self, chat: str) -> list[Event]:
        """The chat's ``contact`` and ``identified`` events, oldest first."""
        stream = chat_stream(chat)
        return [event_of(stream, row) for row in await self._rows(_OF_CHAT, (stream,))]
