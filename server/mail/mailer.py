"""Sends what waits in the outbox, tries again what the mail server did not take, and tells the desk.

What became of a mail is on record once the desk has stored it, and only then does it leave the outbox: a
server that dies in between hands the same mail over again, under the same Message-ID, by which mail servers
and readers' programs know a second copy.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Literal, Protocol

from msgspec import Struct

from server.clock import Clock
from server.desk.commands import CLOCK, Command, Mailed, Person
from server.desk.decision import Decision, Refused
from server.desk.events import Event, chat_stream
from server.desk.reach import Trying
from server.entry import Answer as Heard
from server.mail import outbox
from server.mail.answer import answer_of, is_over
from server.mail.letter import Letter, letter_of
from server.mail.numbers import Numbers
from server.mail.outbox import Outbox, Waiting
from server.mail.post import Accepted, Later, Post
from server.mail.post import Refused as Turned
from server.metrics import Metrics
from server.settings import Settings
from server.settings.mail import Mail
from server.store.interface import ChatRow, StoreError

_log = logging.getLogger("supportterm.mail")

#: How often the log is looked at for decisions to mail. The desk waits half a minute before it makes one.
LOOK_SECONDS: Final = 2.0
#: A mail that is being handed over when the server stops gets this long: what is cut off is sent twice.
LAST_SECONDS: Final = 5.0
#: Who has all mails tried again waits this long, twice, to see what comes of it.
_RETRY_SECONDS: Final = 10.0
#: Mails that are looked at in one round, the oldest.
_ROUND: Final = 5_000
_HOUR_MS: Final = 3_600_000
_NOTHING: Final = "There was nothing left to mail, or no address to mail it to."
_OURS: Final = "it could not be written"
_NO_ADDRESS: Final = "No mail server takes an address like this."

#: The address that opens a chat: of a shop's key, the page where the chat began, the chat, and the moment
#: from which on it counts (ms since 1970).
Link = Callable[[str, str, str, int], str]


class Records(outbox.Records, Protocol):
    """The part of a store that mails are written from."""

    async def row(self, chat: str) -> ChatRow | None: ...

    async def stream(self, stream: str, after: int = 0, limit: int = 0) -> list[Event]: ...


class Desk(Protocol):
    """The part of a doorway that is told what became of a mail."""

    def submit(self, who: Person, command: Command, answer: Heard) -> None: ...


class Tries(Struct):
    """How often something failed, and when it may be tried again (ms on the running clock)."""

    failed: int = 0
    again_at: int = 0
    why: str = ""

    def fail(self, now: int, mail: Mail, why: str = "") -> None:
        """Wait twice as long as before, up to a limit. ``why``: in words that people are shown."""
        self.failed += 1
        self.why = why
        self.again_at = now + wait_ms(self.failed, mail)


def wait_ms(failed: int, mail: Mail) -> int:
    """Milliseconds to wait after that many failures in a row."""
    # Beyond 2 ** 20 any wait is longer than the longest that can be set.
    seconds = mail.retry_seconds << min(failed - 1, 20)
    return min(seconds, mail.retry_most_minutes * 60) * 1000


class Mailer:
    """Runs while ``[mail]`` names a mail server. ``desks``: a desk's doorway by its id; ``trust``: which
    certificates are believed (None: the system's)."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        settings: Settings,
        desks: Callable[[str], Desk | None],
        link: Link,
        metrics: Metrics,
        numbers: Numbers,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._records = records
        self._clock = clock
        self._settings = settings
        self._desks = desks
        self._link = link
        self._metrics = metrics
        self._numbers = numbers
        self._trust = trust
        self._outbox = Outbox(records)
        # Not stored: what waits is tried at once when the server starts.
        self._server = Tries()
        self._mails: dict[Waiting, Tries] = {}
        #: What the mail server said, until the desk has it on record.
        self._said: dict[Waiting, Mailed] = {}
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        #: Mails without an outcome, when they were last looked at.
        self.waiting = 0
        #: Told of mails that were not taken yet, by chat, when something about them is new.
        self.news: Callable[[dict[str, Trying]], None] = lambda _: None
        self.trying: dict[str, Trying] = {}
        self._look = asyncio.Event()
        self._looked = asyncio.Event()

    # --- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to send, if there is a mail server to send by."""
        if self._settings.mail.host and self._task is None:
            self._task = asyncio.create_task(self._run(), name="mailer")

    async def stop(self) -> None:
        """Finish the mail that is being handed over, unless that takes long, and send no more."""
        task, self._task = self._task, None
        if task is not None:
            self._stopping.set()
            self._look.set()
            await asyncio.wait([task], timeout=LAST_SECONDS)
            task.cancel()
            await asyncio.wait([task])
            self._stopping.clear()

    async def apply(self, settings: Settings) -> None:
        """Take reloaded settings. What waits is tried at once if those of the mail server changed."""
        changed, self._settings = settings.mail != self._settings.mail, settings
        if changed:
            self._server = Tries()
            self._mails.clear()
        if settings.mail.host:
            self.start()
        else:
            await self.stop()

    async def retry(self) -> int:
        """Try all that waits now, whenever it was to be tried; how many still wait when that is done, or
        after a while."""
        self._server = Tries()
        self._mails.clear()
        # A round that is being made now may have passed the mail already.
        for _ in range(2):
            self._looked.clear()
            self._look.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._looked.wait(), _RETRY_SECONDS)
        return self.waiting

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.round()
            except StoreError as error:
                _log.warning("mails wait, because the store cannot be read or written: %s", error)
            except Exception as error:
                _log.error("the outbox of mails cannot be looked through: %s", _told(error))
            self._looked.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_SECONDS)
            self._look.clear()

    @property
    def why(self) -> str:
        """Why the mail that was tried most often was not taken yet; "" if all were."""
        return max(self.trying.values(), key=lambda one: one.tried).why if self.trying else ""

    # --- a round ---------------------------------------------------------------------------------

    async def round(self) -> None:
        """Take in what was decided, and send what is due. Raises `server.store.interface.StoreError`."""
        await self._outbox.follow()
        waiting = await self._outbox.waiting(_ROUND)
        self._forget_all_but(waiting)
        self.waiting = len(waiting)
        for mail in self._in_turn(waiting):
            if self._stopping.is_set():
                return
            if mail not in self._said and self._clock.now().run < self._server.again_at:
                continue
            try:
                await self._send(mail)
            except StoreError:
                raise
            except Exception as error:
                self._stumble(mail, error)
        self.waiting = await self._outbox.count()
        self._tell_of(await self._outbox.waiting(_ROUND) if self.waiting else ())

    def _tell_of(self, waiting: Sequence[Waiting]) -> None:
        """Let people see what was tried in vain."""
        now, server, found = self._clock.now(), self._server, {}
        for mail in waiting:
            own = self._tries(mail)
            last = own if own.failed else server
            if last.failed and mail.chat not in found:
                again = max(own.again_at, server.again_at) + now.at - now.run
                before = self.trying.get(mail.chat)
                if before is not None and abs(before.again_at - again) < 1_000:
                    # Two clocks are never in step.
                    again = before.again_at
                found[mail.chat] = Trying(max(own.failed, server.failed), again, last.why)
        if found != self.trying:
            self.trying = found
            self.news(found)

    def _stumble(self, mail: Waiting, error: Exception) -> None:
        """A mistake of ours with one mail must not hold up the others."""
        _log.error("a mail cannot be written: %s", _told(error))
        now = self._clock.now()
        self._mails.setdefault(mail, Tries()).fail(now.run, self._settings.mail, _OURS)
        self._give_up_if_old(mail, now.at, _OURS)

    def _forget_all_but(self, waiting: Sequence[Waiting]) -> None:
        for known in (self._mails, self._said):
            for mail in known.keys() - set(waiting):
                del known[mail]

    def _in_turn(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Those that are due, of each chat only the oldest; what failed most often comes last, so that one
        mail the server chokes on does not hold up the others."""
        now = self._clock.now().run
        oldest: dict[str, Waiting] = {}
        for mail in waiting:
            oldest.setdefault(mail.chat, mail)
        due = [one for one in oldest.values() if one in self._said or self._tries(one).again_at <= now]
        return sorted(due, key=lambda one: self._tries(one).failed)

    def _tries(self, mail: Waiting) -> Tries:
        return self._mails.get(mail) or Tries()

    async def _send(self, mail: Waiting) -> None:
        row = await self._records.row(mail.chat)
        desk = self._desks(row.desk) if row is not None else None
        if row is None:
            await self._outbox.drop(mail)
        elif desk is None:
            # Its desk is in no settings now: when it comes back, somebody will want to know.
            self._mails.setdefault(mail, Tries()).fail(self._clock.now().run, self._settings.mail)
        else:
            if mail not in self._said:
                await self._hand_over(mail, row)
            if mail in self._said:
                await self._tell(mail, desk)

    async def _hand_over(self, mail: Waiting, row: ChatRow) -> None:
        """Ask the mail server; what it said is in ``_said`` if that is its last word."""
        events = await self._records.stream(chat_stream(mail.chat))
        if is_over(events, mail.upto):
            return  # while the mails before it were handed over; the next round knows
        try:
            letter = self._letter(mail, row, events)
        except ValueError:
            self._end(mail, "refused", _NO_ADDRESS)
            return
        if letter is None:
            self._end(mail, "refused", _NOTHING)
            return
        asked = self._settings.mail
        outcome = await Post(asked, self._trust).hand_over(letter)
        now = self._clock.now()
        if not (isinstance(outcome, Later) and outcome.down):
            self._server = Tries()
        match outcome:
            case Accepted():
                _log.info("a mail was handed over", extra={"mail": letter.message_id})
                self._end(mail, "accepted")
            case Turned(words):
                _log.warning("the mail server refused a mail", extra={"mail": letter.message_id})
                self._end(mail, "refused", words)
            case Later(why, down):
                self._metrics.mails["retried"] += 1
                if asked != self._settings.mail:
                    return  # reloaded meanwhile: what is asked next may be another one
                tries = self._mails.setdefault(mail, Tries())
                tries.fail(now.run, asked, why)
                if down:
                    self._server.fail(now.run, asked, why)
                again = (self._server if down else tries).again_at
                _log.warning(
                    "the mail server took no mail: %s",
                    why,
                    extra={"mail": letter.message_id, "again_in_seconds": (again - now.run) // 1000},
                )
                self._give_up_if_old(mail, now.at, why)

    def _give_up_if_old(self, mail: Waiting, now: int, why: str) -> None:
        hours = self._settings.mail.retry_hours
        if now - mail.since >= hours * _HOUR_MS:
            self._end(mail, "refused", f"The mail server took it at no time in {hours} hours: {why}.")

    def _letter(self, mail: Waiting, row: ChatRow, events: Sequence[Event]) -> Letter | None:
        """The mail as its chat stands now; None: it has nothing left to say, or nobody to say it to. Raises
        ValueError for an address that no mail server takes."""
        answer = answer_of(events, mail.upto)
        if answer is None:
            return None
        shop = self._settings.shops.get(row.shop)
        return letter_of(
            answer,
            self._numbers,
            shop=shop.name if shop else row.shop,
            sender=self._settings.mail.sender,
            link=self._link(row.shop, answer.page, mail.chat, answer.at),
            familiar=shop is not None and shop.tone_in(answer.language) == "familiar",
            bounces_to=self._settings.mail.bounces_to,
        )

    def _end(self, mail: Waiting, outcome: Literal["accepted", "refused"], why: str = "") -> None:
        self._said[mail] = Mailed(mail.chat, mail.upto, outcome, why)

    async def _tell(self, mail: Waiting, desk: Desk) -> None:
        """Have the desk put it on record; if it cannot now, it is told again in the next round."""
        told: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        said = self._said[mail]
        desk.submit(CLOCK, said, lambda decision: None if told.done() else told.set_result(decision))
        decision = await told
        if isinstance(decision, Refused) and decision.error.retry:
            return
        self._metrics.mails[said.outcome] += 1
        if isinstance(decision, Refused):
            # It knows better, or not at all: either way nothing more will be said of this mail.
            _log.warning("a desk would not hear of a mail: %s", decision.error.code)
        # The event that ends it in the outbox may not have been followed yet.
        await self._outbox.drop(mail)


def _told(error: Exception) -> str:
    """What kind of error it is, and where; what it says may hold an address or a text."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {where.filename}:{where.lineno}"
