"""A scripted agent: greets, says how they understood who tells much, answers in the customer's language,
keeps to the times they give, says goodbye, closes after thanks."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from supportterm.coach import promising, understanding
from supportterm.link import Journal, Link, LinkState, StateChanged
from supportterm.link.changes import Change, Grew, HeadChanged, ViewChanged
from supportterm.practice.customers import Connect, Ids, new_id
from supportterm.practice.ledger import Ledger
from supportterm.practice.replies import replies
from supportterm.practice.report import answer_times, median_ms
from supportterm.practice.talk import is_answer, talk_of
from supportterm.protocol import frames
from supportterm.protocol.frames import Command, Event


class PracticeAgent:
    """An agent at work. `run` until `finish`; then `report`.

    ``token`` as `login` gives it. ``pace`` stretches all pauses. ``on_event`` is told every event the
    agent is shown, as it comes.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        seed: int = 0,
        pace: float = 1.0,
        plain: bool = False,
        connect: Connect | None = None,
        ids: Ids = secrets.token_bytes,
        on_event: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self.ledger = Ledger("agent", "the agent")
        self.journal = Journal("agent")
        self._draw = random.Random(seed)
        self._pace = pace
        self._ids = ids
        self._on_event = on_event
        self._link = Link(
            url,
            token,
            self.journal,
            on_change=self._hears,
            client="practice agent",
            plain=plain,
            connect=connect,
            rand=self._draw.random,
        )
        self._attending: dict[str, asyncio.Task[None]] = {}
        self._used: dict[str, set[str]] = {}
        self._answered_to: dict[str, int] = {}
        self._news = asyncio.Event()
        self._finishing = False

    async def run(self) -> LinkState:
        """Work until `finish`; the state the connection stopped in."""
        try:
            return await self._link.run()
        finally:
            for task in self._attending.values():
                task.cancel()
            await asyncio.gather(*self._attending.values(), return_exceptions=True)

    async def quiet(self) -> None:
        """Write nothing more, and wait until what was written is answered."""
        self._finishing = True
        for task in list(self._attending.values()):
            task.cancel()
        await self._link.drained()

    async def caught_up(self, last: dict[str, int]) -> None:
        """Wait until the chats we know are shown up to these public numbers."""
        while any(self._shown(chat) < number for chat, number in last.items() if chat in self.ledger.shown):
            self._news.clear()
            await self._news.wait()

    async def finish(self) -> None:
        """Stop, with everything answered."""
        await self.quiet()
        self._link.stop()
        self.ledger.close(self.journal)

    def report(self) -> dict[str, Any]:
        """Counts, violations and what the agent was shown, ready for JSON."""
        shown = {chat: [event for _, event in sorted(s.items())] for chat, s in self.ledger.shown.items()}
        refusals = [f"the agent: {id} was refused ({code})" for id, code in self.ledger.wronged()]
        return {
            "chats": len(shown),
            **self.ledger.counts(self.journal),
            "median_answer_ms": median_ms(
                [time for events in shown.values() for time in answer_times(events)]
            ),
            "violations": self.ledger.violations + refusals,
            "transcripts": self.ledger.transcripts(),
        }

    def _shown(self, chat: str) -> int:
        return max((event.pub for event in self.ledger.shown.get(chat, {}).values()), default=0)

    # --- what happens ------------------------------------------------------------------------------

    def _hears(self, found: Sequence[Change | StateChanged]) -> None:
        self.ledger.hears(found)
        for change in found:
            match change:
                case Grew():
                    for event in change.events:
                        self._on_event(event)
                    self._link.saw(change.chat)
                    self._attend(change.chat)
                case HeadChanged():
                    self._attend(change.chat)
                case ViewChanged(name="mine"):
                    mine = self.journal.mine
                    if mine is not None and mine.status != "online" and not self.journal.own:
                        self._link.put(frames.SetStatus(id=self._id(), status="online"))
                case _:
                    pass
        self._news.set()

    def _waits(self, chat: str) -> bool:
        """Whether the customer has said something that was not answered, in an open chat of ours."""
        log = self.journal.chats.get(chat)
        if self._finishing or log is None or log.gone or log.head is None or log.head.state != "open":
            return False
        return log.head.waiting_since > 0 and bool(self._said(chat))

    def _said(self, chat: str) -> list[Event]:
        """The customer's messages since our last answer."""
        after = self._answered_to.get(chat, 0)
        return [event for event in self._customers(chat) if event.seq > after]

    def _customers(self, chat: str) -> list[Event]:
        events = self.journal.log(chat).events
        return [event for event in events if event.kind == "message" and event.by.role == "customer"]

    def _attend(self, chat: str) -> None:
        if chat not in self._attending and self._waits(chat):
            self._attending[chat] = asyncio.ensure_future(self._answer(chat))

    async def _answer(self, chat: str) -> None:
        try:
            while self._waits(chat):
                await self._write(chat)
                await self._settled(chat)
        finally:
            del self._attending[chat]

    async def _write(self, chat: str) -> None:
        head = self.journal.log(chat).head
        lines = replies(head.lang if head else "en")
        used = self._used.setdefault(chat, set())
        if not used and not self._wrote(chat):
            name = self.journal.welcome.me.name if self.journal.welcome else ""
            await self._says(chat, lines.greeting.format(name=name), 1.0)
        await self._types(chat, 2.0)
        said = self._said(chat)
        if not said:
            return
        self._answered_to[chat] = said[-1].seq
        if lines.is_thanks(said[-1].text):
            await self._says(chat, lines.goodbye, 0.5)
            await asyncio.sleep(2.0 * self._pace)
            if self._is_open(chat) and not self._said(chat):
                self._put(frames.CloseChat(id=self._id(), chat=chat))
            return
        summary = self._restates(chat)
        if summary:
            await self._says(chat, summary, 1.0, summary=True)
            return
        if is_answer(said[-1]):
            # A yes to the summary is no question: what is answered is all that went before.
            said = [event for event in self._customers(chat) if not is_answer(event)]
        reply = lines.pick(" ".join(event.text for event in said), used)
        used.add(reply)
        await self._says(chat, reply, 0.5)

    def _restates(self, chat: str) -> str:
        """The summary to send now, "" if none is due."""
        log = self.journal.log(chat)
        lang = log.head.lang if log.head else "en"
        lines = talk_of(log.events)
        if understanding.summary_due(lines, lang) is None:
            return ""
        return understanding.draft(understanding.slots(lines, lang), lang, familiar=True)

    def _is_open(self, chat: str) -> bool:
        head = self.journal.log(chat).head
        return not self._finishing and head is not None and head.state == "open"

    def _wrote(self, chat: str) -> bool:
        return any(e.kind == "message" and e.by.role == "agent" for e in self.journal.log(chat).events)

    async def _types(self, chat: str, seconds: float) -> None:
        self._link.typed(chat)
        self._link.pressed()
        await asyncio.sleep(seconds * self._draw.uniform(0.5, 1.5) * self._pace)

    async def _says(self, chat: str, text: str, seconds: float, summary: bool = False) -> None:
        await self._types(chat, seconds)
        if self._is_open(chat):
            promise = 0 if summary else self._promised(chat, text)
            self._put(frames.Say(id=self._id(), chat=chat, text=text, promise=promise, summary=summary))

    def _promised(self, chat: str, text: str) -> int:
        """The time that a text gives, in ms; without one in figures nothing is promised."""
        head = self.journal.log(chat).head
        found = promising.find(text, head.lang if head else "en")
        return found.ms if found is not None and found.kind == "duration" and not found.absurd else 0

    async def _settled(self, chat: str) -> None:
        """Our own words are shown, so that what waits now is really new."""
        while self.journal.log(chat).outbox:
            self._news.clear()
            await self._news.wait()

    def _put(self, command: Command) -> None:
        self.ledger.puts(command)
        self._link.put(command)

    def _id(self) -> str:
        return new_id(self._ids)
