"""Practice customers: each plays a script over the wire, as the widget would."""

from __future__ import annotations

import asyncio
import base64
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from supportterm.link import Journal, Link, LinkState, StateChanged, shop_url
from supportterm.link.address import check
from supportterm.link.changes import Change, Grew
from supportterm.practice.ledger import Ledger
from supportterm.practice.manners import Attention, Reply
from supportterm.practice.report import answer_times, median_ms
from supportterm.practice.scripts import Script, scripts
from supportterm.protocol import frames
from supportterm.protocol.frames import Command

Connect = Callable[..., Awaitable[Any]]
Ids = Callable[[int], bytes]

#: Chance that a customer reloads the page between two turns: the widget's history must survive it.
_RELOADS = 0.12
#: How long a customer listens on after the last word, for answers that are on their way.
_LINGER = 1.0
#: In the scenes of a demo so many wait for what a colleague promised them: one briefly, one for longer.
PROMISED: Final = 2


def new_id(ids: Ids = secrets.token_bytes, octets: int = 16) -> str:
    """A client's random id: 22 characters of base64url (43 for the 32 octets of a token)."""
    return base64.urlsafe_b64encode(ids(octets)).rstrip(b"=").decode()


class Customer:
    """One person with one script in one chat.

    ``pace`` stretches all pauses (0.1: ten times as fast). ``ending`` set: say nothing more.
    """

    def __init__(
        self,
        url: str,
        script: Script,
        draw: random.Random,
        ending: asyncio.Event,
        *,
        pace: float = 1.0,
        plain: bool = False,
        connect: Connect | None = None,
        ids: Ids = secrets.token_bytes,
        origin: str = "",
    ) -> None:
        self.script = script
        self.chat = new_id(ids)
        self.ledger = Ledger("customer", script.name)
        self.journal = Journal("customer")
        self.stopped: LinkState | None = None
        self._url = url
        self._token = new_id(ids, 32)
        self._draw = draw
        self._ending = ending
        self._pace = pace
        self._plain = plain
        self._connect = connect
        self._ids = ids
        self._origin = origin
        self._mind = Attention(script)
        self._news = asyncio.Event()

    @property
    def online(self) -> bool:
        """Whether the server is there."""
        return self.journal.online

    async def play(self) -> None:
        """From the first word to the last, then listen a little longer."""
        self._online()
        try:
            await self._converse()
            with suppress(TimeoutError):
                async with asyncio.timeout(30):
                    await self._link.drained()
            await asyncio.sleep(_LINGER * min(1.0, self._pace))
        finally:
            await self._offline()
            self.ledger.close(self.journal)

    # --- the page ----------------------------------------------------------------------------------

    def _online(self) -> None:
        self._link = Link(
            self._url,
            self._token,
            self.journal,
            on_change=self._hears,
            lang=self.script.lang,
            client="practice",
            plain=self._plain,
            connect=self._connect,
            rand=self._draw.random,
            origin=self._origin,
        )
        self._running = asyncio.ensure_future(self._link.run())

    async def _offline(self) -> None:
        self._link.stop()
        self.stopped = await self._running

    async def _reload(self) -> None:
        """Leave the page and come back: only what the browser stores is left."""
        stored = self.journal.dump()
        await self._offline()
        self.journal = Journal("customer")
        self.journal.load(stored)
        self.ledger.new_page()
        self._online()

    def _hears(self, found: Sequence[Change | StateChanged]) -> None:
        self.ledger.hears(found)
        for change in found:
            if isinstance(change, Grew):
                for event in change.events:
                    self._mind.takes(event)
                self._link.saw(change.chat)
        self._news.set()

    @property
    def _closed(self) -> bool:
        head = self.journal.log(self.chat).head
        return head is not None and head.state == "closed"

    # --- the story ---------------------------------------------------------------------------------

    async def _converse(self) -> None:
        self._put(frames.Open(id=self._id(), chat=self.chat, lang=self.script.lang))
        answered = False
        for number, turn in enumerate(self.script.turn):
            if turn.when != "always" and (turn.when == "answered") != answered:
                continue
            if number and self._draw.random() < _RELOADS:
                await self._reload()
            for line in turn.lines:
                before = await self._says(line, turn.pause)
            answered = await self._is_answered(before)
            if self._ending.is_set() or self._closed:
                return
        if answered:
            await self._says(self.script.thanks, 2.0)
            if not self.script.closes and await self._attends(lambda: self._closed):
                return
        # Whoever is asked something answers before they go.
        while (reply := self._mind.reply()) is not None:
            await self._replies(reply)
        await self._pause(1.0)
        if not self._ending.is_set() and not self._closed:
            self._put(frames.CloseChat(id=self._id(), chat=self.chat))

    async def _is_answered(self, before: int) -> bool:
        whether_read = self.script.whether_read
        for line in (*filter(None, [whether_read]), *self.script.impatient, ""):
            if await self._attends(lambda: self._mind.heard > before) or self._closed:
                return not self._closed
            if line and not (line == whether_read and self._mind.understood):
                await self._says(line, 1.0)
        return False

    async def _attends(self, true: Callable[[], bool]) -> bool:
        """Wait until it is true or patience is over, and react to what the agent sends meanwhile.

        Who was given a time waits for it, however long.
        """
        mind = self._mind
        while True:
            came = await self._within(
                self.script.patience,
                lambda: mind.wants_to_speak or self._closed or (true() and not mind.promised),
            )
            if self._ending.is_set() or self._closed:
                return true()
            if (reply := mind.reply()) is not None:
                await self._replies(reply)
            elif came:
                # Read it first: what follows may say that it was only the promise of an answer.
                await self._pause(0.5)
                if true() and not mind.promised and not mind.wants_to_speak:
                    return True
            elif not mind.promised:
                return False

    async def _replies(self, reply: Reply) -> None:
        self._link.typed(self.chat)
        await self._pause(reply.pause)
        if not self._ending.is_set() and not self._closed:
            say = frames.Say(
                id=self._id(),
                chat=self.chat,
                text=reply.text,
                re=reply.re,
                answer=reply.answer,
                choice=reply.choice,
            )
            self._put(say)

    async def _says(self, line: str, pause: float) -> int:
        """Say something; how much was heard before it: what answers the lines before leaves this one open."""
        if not self._ending.is_set() and not self._closed:
            self._link.typed(self.chat)
            await self._pause(pause)
            # Asked something meanwhile, they answer that first.
            while (asked := self._mind.asked()) is not None:
                await self._replies(asked)
        before = self._mind.heard
        if not self._ending.is_set() and not self._closed:
            await self._replies(Reply(line, 0.0))
        return before

    def _put(self, command: Command) -> None:
        self.ledger.puts(command)
        self._link.put(command)

    async def _pause(self, seconds: float) -> None:
        await self._within(seconds * self._draw.uniform(0.7, 1.5), lambda: False)

    async def _within(self, seconds: float, true: Callable[[], bool]) -> bool:
        """Wait until it is true, at most so long; cut short when the practice ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * self._pace):
                while not true() and not self._ending.is_set():
                    self._news.clear()
                    await self._either()
        return true()

    async def _either(self) -> None:
        waits = {asyncio.ensure_future(self._news.wait()), asyncio.ensure_future(self._ending.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _id(self) -> str:
        return new_id(self._ids)


def opening(draw: random.Random) -> list[Script]:
    """All stories, to be taken from the end: those promised something first, then who tells much."""
    deck = list(scripts())
    draw.shuffle(deck)
    promised = [script for script in deck if script.scene == "promised"][:PROMISED]
    langs = {script.lang for script in promised}
    tells = [script for script in deck if script.scene == "tells"]
    tells.sort(key=lambda script: script.lang in langs)
    first = [*promised, *tells[:1]]
    return [script for script in deck if script not in first] + first[::-1]


class Crowd:
    """Several customers at a time, one story after another each, until `end` is called.

    ``scenes``: the first two are there at once and wait for a colleague's promise, the third tells much;
    in as many languages. Raises `LinkError` for an address that cannot work.
    """

    def __init__(
        self,
        address: str,
        shop: str,
        *,
        customers: int = 3,
        seed: int = 0,
        pace: float = 1.0,
        plain: bool = False,
        connect: Connect | None = None,
        ids: Ids = secrets.token_bytes,
        origin: str = "",
        scenes: bool = False,
    ) -> None:
        self.played: list[Customer] = []
        self._url = shop_url(address, shop)
        check(self._url, plain=plain)
        self._count = customers
        self._draw = random.Random(seed)
        self._more = {
            "pace": pace, "plain": plain, "connect": connect, "ids": ids, "origin": origin,
        }  # fmt: skip
        self._pace = pace
        self._ending = asyncio.Event()
        self._at_once = PROMISED if scenes else 1
        self._deck: list[Script] = opening(self._draw) if scenes else []
        self._places: list[asyncio.Task[None]] = []
        self._talking: list[Customer] = []

    async def run(self) -> None:
        """Play until `end`; the first customer writes at once, the others drop in."""
        async with asyncio.TaskGroup() as group:
            self._places = [group.create_task(self._place(number)) for number in range(self._count)]

    @property
    def online(self) -> bool:
        """Whether the server is there for anybody, or nobody is looking for it at the moment."""
        return any(place.online for place in self._talking) or not self._talking

    def end(self) -> None:
        """Let everybody finish their sentence."""
        self._ending.set()

    def give_up(self) -> None:
        """End at once: what is not answered will not be."""
        self._ending.set()
        for playing in self._places:
            playing.cancel()

    async def _place(self, number: int) -> None:
        if number >= self._at_once:
            await self._idle(number * self._draw.uniform(4, 9))
        while not self._ending.is_set():
            draw = random.Random(self._draw.random())
            customer = Customer(self._url, self._next(), draw, self._ending, **self._more)  # type: ignore[arg-type]
            self.played.append(customer)
            self._talking.append(customer)
            try:
                await customer.play()
            finally:
                self._talking.remove(customer)
            if customer.stopped is not None and customer.stopped.code:
                break
            await self._idle(self._draw.uniform(2, 8))

    def _next(self) -> Script:
        if not self._deck:
            self._deck = list(scripts())
            self._draw.shuffle(self._deck)
        return self._deck.pop()

    async def _idle(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * self._pace):
                await self._ending.wait()

    def report(self) -> dict[str, Any]:
        """Counts, violations and what each customer was shown, ready for JSON."""
        counts = [customer.ledger.counts(customer.journal) for customer in self.played]
        times = [
            time
            for customer in self.played
            for shown in customer.ledger.shown.values()
            for time in answer_times(event for _, event in sorted(shown.items()))
        ]
        refusals = [
            f"{customer.script.name}: {id} was refused ({code})"
            for customer in self.played
            for id, code in customer.ledger.wronged()
        ]
        stopped = [
            f"{customer.script.name}: {customer.stopped.text}"
            for customer in self.played
            if customer.stopped is not None and customer.stopped.code
        ]
        totals = {
            key: sum(count[key] for count in counts) for key in ("sent", "answered", "refused", "received")
        }
        return {
            "customers": len(self.played),
            "chats": sum(bool(customer.ledger.shown) for customer in self.played),
            **totals,
            "median_answer_ms": median_ms(times),
            "violations": [v for customer in self.played for v in customer.ledger.violations]
            + refusals
            + stopped,
            "transcripts": {
                chat: lines
                for customer in self.played
                for chat, lines in customer.ledger.transcripts().items()
            },
        }
