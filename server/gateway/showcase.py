"""Views: small whole values that people are shown beside their chats, sent when they look different."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Raw

from server.clock import Clock
from server.desk import blocking, routing, showing
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.desk import Desk
from server.desk.reach import Trying
from server.desk.rules import Now, Rules
from server.doorway import Doorway
from server.gateway.agent import AgentSession, Consoles
from server.gateway.customer import CustomerSession
from supportterm.protocol import frames, views

_encode = msgspec.json.Encoder().encode

#: Views follow what happens at most this often: a load that changes with every message is read, not
#: watched, and must cost messages nothing.
PAUSE_SECONDS: Final = 0.25
#: Nor do they take more than one part in so many of the time: on a desk with thousands of chats they follow
#: more slowly, and a message costs what it costs on any other.
_PARTS: Final = 25
#: But agents read of an offer or a promise in so many seconds on any desk.
_LONGEST_SECONDS: Final = 3.0
#: Hours, waits and loads change by time alone.
LOOK_SECONDS: Final = 10.0
#: A difference between two clocks that a person notices in a countdown.
_STEP_MS: Final = 1_000


def pause_after(took: int) -> float:
    """Seconds until views are shown again that took so long (ms) to make and send."""
    return min(max(PAUSE_SECONDS, took * _PARTS / 1000), _LONGEST_SECONDS)


class Showcase:
    """Keeps the views of one desk's people up to date."""

    def __init__(
        self,
        doorway: Doorway,
        clock: Clock,
        customers: Mapping[str, Sequence[CustomerSession]],
        agents: Mapping[str, Consoles],
        trying: Mapping[str, Trying],
    ) -> None:
        self._doorway = doorway
        self._clock = clock
        self._customers = customers
        self._agents = agents
        self._trying = trying
        self._versions: dict[str, int] = {}
        self._doors: dict[tuple[str, str], bytes] = {}
        self._blocked: frozenset[str] = frozenset()
        #: What each waiting customer was told last, by chat.
        self._told: dict[str, views.Wait] = {}
        self._timer: asyncio.Handle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._shown_at = 0.0
        self._pause = PAUSE_SECONDS
        self._rules: tuple[Rules, dict[str, bytes]] | None = None
        self._ahead = self._wall_ahead()
        self._stopped = False

    def changed(self) -> None:
        """Something happened: show what looks different, once for all that happens in a while."""
        if self._timer is not None or self._stopped:
            return
        loop = asyncio.get_running_loop()
        wait = self._shown_at + self._pause - loop.time()
        self._timer = loop.call_later(wait, self._show) if wait > 0 else loop.call_soon(self._show)

    def stop(self) -> None:
        """Show nothing more."""
        self._stopped = True
        for timer in (self._timer, self._look):
            if timer is not None:
                timer.cancel()

    def view_frame(self, name: str, value: bytes) -> frames.View:
        """A view with its next version."""
        version = self._versions[name] = self._versions.get(name, 0) + 1
        return frames.View(name, version, Raw(value))

    # --- showing -----------------------------------------------------------------------------------

    def _show(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        self._shown_at, began = loop.time(), self._clock.now().run
        self._show_time()
        if self._agents:
            self._show_staff()
        self._show_doors()
        self._show_waits()
        self._pause = pause_after(self._clock.now().run - began)
        if self._look is not None:
            self._look.cancel()
        self._look = loop.call_later(LOOK_SECONDS, self.changed)

    def _show_time(self) -> None:
        """The wall clock was set: what clients count down goes by it, and their next beat may be far off."""
        ahead = self._wall_ahead()
        if abs(ahead - self._ahead) < _STEP_MS:
            return
        self._ahead = ahead
        frame = frames.BeatBack(self._clock.now().at)
        for customers in self._customers.values():
            for session in customers:
                session.outlet.answer(frame)
        for consoles in self._agents.values():
            for console in consoles.sessions:
                console.outlet.answer(frame)

    def _wall_ahead(self) -> int:
        now = self._clock.now()
        return now.at - now.run

    def _show_staff(self) -> None:
        desk, now = self._doorway.desk, self._clock.now()
        team = showing.team(desk, now)
        loads = {one.agent: one.load for one in team.agents}
        shared = {
            "queue": _encode(showing.queue(desk)),
            "team": _encode(team),
            "today": _encode(showing.today(desk, now)),
            "left": _encode(showing.left(desk, self._delivered(), self._trying)),
            "promises": _encode(showing.promises(desk)),
            **self._settled(desk),
        }
        steering: dict[str, bytes] = {}
        for consoles in self._agents.values():
            for session in consoles.sessions:
                self._show_mine(session, loads.get(session.person.id), now)
                for name, value in shared.items():
                    session.view(name, value)
                if session.person.supervises:
                    if not steering:
                        steering["alerts"] = _encode(showing.alerts(desk, now))
                        steering["blocks"] = _encode(showing.blocks(desk, now))
                    for name, value in steering.items():
                        session.view(name, value)

    def _settled(self, desk: Desk) -> dict[str, bytes]:
        """What helps to write for each shop: long, and the same until a reload."""
        if self._rules is None or self._rules[0] is not desk.rules:
            made = {"shops": _encode(showing.shops(desk)), "replies": _encode(showing.replies(desk))}
            self._rules = (desk.rules, made)
        return self._rules[1]

    def _show_mine(self, session: AgentSession, load: views.Load | None, now: Now) -> None:
        chats = sorted(feed.chat.id for feed in session.visible())
        mine = showing.mine(self._doorway.desk, session.person.id, chats, session.writing, now, load)
        session.view("mine", _encode(mine))

    def _delivered(self) -> list[str]:
        """Left messages whose customer has seen the answer."""
        found = []
        for name in self._doorway.desk.left:
            feed = self._doorway.feeds.get(name)
            if feed is not None and feed.chat.answered_at and feed.customer_marks.seen >= feed.chat.pub:
                found.append(name)
        return found

    # --- customers ---------------------------------------------------------------------------------

    def greet(self, session: CustomerSession) -> None:
        """A customer came: they see the door, and how long they wait."""
        session.view("door", self._door(session))
        desk = self._doorway.desk
        chat = desk.chats.get(desk.open_of.get(session.person.id, ""))
        if chat is not None and chat.id in self._told and chat.readable_by(session.person):
            session.view("wait", _encode(self._told[chat.id]))

    def _key(self, session: CustomerSession) -> tuple[str, str]:
        shop = session.person.shop
        # Without topics a door looks the same in every language.
        lang = routing.primary(session.lang) if self._doorway.rules.shop(shop).topics else ""
        return shop, lang

    def _door(self, session: CustomerSession) -> bytes:
        desk, now, who = self._doorway.desk, self._clock.now(), session.person
        if who.only or (desk.blocks and blocking.until(desk, who, now)):
            return _encode(showing.door(desk, who, session.lang, now))
        key = self._key(session)
        found = self._doors.get(key)
        if found is None:
            found = self._doors[key] = _encode(showing.door(desk, who, key[1], now))
        return found

    def _show_doors(self) -> None:
        desk, before = self._doorway.desk, self._doors
        blocked = frozenset(desk.blocks)
        self._doors = {}
        for shop, lang in before:
            nobody = Person("customer", "", shop=shop)
            self._doors[shop, lang] = _encode(showing.door(desk, nobody, lang, self._clock.now()))
        if before == self._doors and blocked == self._blocked:
            return
        self._blocked = blocked
        for sessions in self._customers.values():
            for session in sessions:
                session.view("door", self._door(session))

    def _show_waits(self) -> None:
        desk, now = self._doorway.desk, self._clock.now()
        told: dict[str, views.Wait] = {}
        for name in desk.queue:
            chat = desk.chats[name]
            if not chat.silently_waiting:
                told[name] = showing.wait(desk, chat, self._told.get(name), now)
        over = [name for name in self._told if name not in told]
        self._told = told
        for name, value in told.items():
            self._tell(desk.chats[name], value)
        for name in over:
            if name in desk.chats:
                self._tell(desk.chats[name], views.Wait(0))

    def _tell(self, chat: Chat, wait: views.Wait) -> None:
        for session in self._customers.get(chat.customer, ()):
            if chat.readable_by(session.person):
                session.view("wait", _encode(wait))
