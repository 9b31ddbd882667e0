"""Mails that came back: which of ours each is about, told to its desk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Literal, Protocol

import msgspec

from server.clock import Clock
from server.desk.commands import CLOCK, Bounced
from server.desk.decision import Decision, Refused
from server.mail.mailer import Desk
from server.mail.numbers import Numbers
from server.mail.returned import read
from server.metrics import Metrics
from server.platform import Row
from server.store.interface import ChatRow
from supportterm.protocol import kinds

_log = logging.getLogger("supportterm.mail")

#: Mail servers try for five days at most, and then take their time: after this nothing comes back.
DAYS: Final = 30
_DAY_MS: Final = 86_400_000
#: The newest first, by the index `event_mail`, whose condition is repeated for that.
_DECIDED: Final = """
SELECT pos, substr(stream.name, 6), seq, data, at
FROM event JOIN stream ON stream.id = event.stream
WHERE kind <> 'message' AND kind IN ('mailing', 'mailed', 'seen')
AND kind = 'mailing' AND pos < ? ORDER BY pos DESC LIMIT ?"""
_SLICE: Final = 500
_NEWEST: Final = 2**62

#: What became of a message: its desk knows now ("told"); it is about no mail of ours ("foreign"); it says
#: that a mail is late, or arrived ("passing"); it is no report at all ("none"); its desk can store nothing
#: now ("later").
Outcome = Literal["told", "foreign", "passing", "none", "later"]


class Records(Protocol):
    """The part of a store that is searched for the mail."""

    async def facts(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    async def row(self, chat: str) -> ChatRow | None: ...


class Bounces:
    """``desks``: a desk's doorway by its id. All of it raises `server.store.interface.StoreError`."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        numbers: Numbers,
        desks: Callable[[str], Desk | None],
        metrics: Metrics,
    ) -> None:
        self._records = records
        self._clock = clock
        self._numbers = numbers
        self._desks = desks
        self._metrics = metrics

    async def take(self, raw: bytes) -> Outcome:
        """Take in a message as it arrived, whoever sent it. The same one twice changes nothing."""
        said = read(raw)
        if said is None:
            return "none"
        if said.kind != "failed":
            return "passing"
        command = await self._which(said.numbers, said.why)
        if command is None:
            return "foreign"
        row = await self._records.row(command.chat)
        desk = self._desks(row.desk) if row is not None else None
        if desk is None:
            return "foreign"
        told: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        desk.submit(CLOCK, command, lambda decision: None if told.done() else told.set_result(decision))
        decision = await told
        if isinstance(decision, Refused) and decision.error.retry:
            return "later"
        self._metrics.mails["returned"] += 1
        _log.warning("a mail came back", extra={"mail": self._numbers.of(command.chat, command.mail)})
        return "told"

    async def _which(self, numbers: Collection[str], why: str) -> Bounced | None:
        """The mail of these days with the first of ``numbers`` that is one."""
        if not numbers:
            return None
        since, pos = self._clock.now().at - DAYS * _DAY_MS, _NEWEST
        found: dict[str, Bounced] = {}
        while True:
            rows = await self._records.facts(_DECIDED, (pos, _SLICE))
            for _, chat, seq, data, at in rows:
                if at >= since and (number := self._numbers.of(chat, seq)) in numbers:
                    upto = msgspec.json.decode(data, type=kinds.Mailing).upto
                    found[number] = Bounced(chat, seq, upto, why)
            if len(rows) < _SLICE or rows[-1][4] < since:
                break
            pos = rows[-1][0]
        return next((found[number] for number in numbers if number in found), None)
