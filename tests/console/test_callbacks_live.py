"""A console, a server and a customer: callbacks over real sockets, by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.platform import RealPlatform
from server.settings import Desk as DeskSettings
from server.settings.mail import Mail
from supportterm.console.app import Console
from supportterm.console.looks import load_looks
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.link.changes import Change
from supportterm.link.chatlog import data_of
from supportterm.link.journal import Journal
from supportterm.link.state import StateChanged
from supportterm.protocol import frames, kinds
from tests.support import Running, Wire, new_id, running_node

from .conftest import Desk, LateLink, from_the_list

MINUTE = 60_000
MAIL = Mail(host="127.0.0.1", port=9, starttls=False, sender="service@demo.example")
DESK = DeskSettings(ramp_seconds=0, breather_seconds=0)


class Hurried(RealPlatform):
    """The machine, with clocks that a test sets forward."""

    by = 0

    def wall(self) -> int:
        return super().wall() + self.by

    def boot(self) -> int:
        return super().boot() + self.by


class Live(Desk):
    """A console that is connected; `until` waits for what the server sends."""

    def __init__(self, app: Console, pilot: Any, came: asyncio.Event) -> None:
        super().__init__(app, pilot, None)  # type: ignore[arg-type]
        self._came = came

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                self._came.clear()
                await self.settle()
                if not holds():
                    await self._came.wait()
                await self.settle()


@asynccontextmanager
async def console(house: Running, token: str, settings: ConsoleSettings) -> AsyncIterator[Live]:
    """Mia's console."""
    journal, came = Journal("agent"), asyncio.Event()
    app: list[Console] = []

    def changed(found: Sequence[Change | StateChanged]) -> None:
        app[0].take(found)
        came.set()

    link = LateLink(house.url, token, journal, on_change=changed)
    session = Session(link, settings, State(settings.state_dir / "state.json"))
    app.append(Console(session, load_looks(), run_link=link.run))
    async with app[0].run_test(size=(118, 30)) as pilot:
        desk = Live(app[0], pilot, came)
        await desk.until(lambda: journal.online and journal.shops is not None)
        yield desk
        link.stop()


async def asks(anna: Wire, desk: Live) -> str:
    """Anna asks something, and Mia has her chat."""
    chat = new_id()
    await anna.ask(frames.Open(new_id(), chat))
    await anna.ask(frames.Say(new_id(), chat, "Where is my parcel?"))
    await desk.until(lambda: "Where is my parcel?" in desk.screen_text)
    return chat


async def public(anna: Wire, kind: str) -> frames.Event:
    """The next event of this kind that Anna is shown."""
    return await anna.next(frames.Event, lambda one: one.kind == kind)


async def promise(desk: Live, where: str, time: str = "2h") -> None:
    """By the command, and with an address or number that Anna told."""
    await desk.type(f"/callback {time}")
    await desk.later(1_000)
    await desk.press("enter")
    assert "no address or number known: ask for one" in desk.screen_text
    await desk.press("enter")
    for key in where:
        await desk.press({" ": "space", "@": "at", ".": "full_stop"}.get(key, key))
    await desk.press("enter")


async def test_a_call_is_promised_comes_up_and_is_ticked_off(
    tmp_path: Path, settings: ConsoleSettings
) -> None:
    platform = Hurried()
    async with (
        running_node(tmp_path, platform=platform, desks={"main": DESK}) as house,
        house.customer() as anna,
        house.customer() as bea,
        console(house, await house.add_agent("mia"), settings) as desk,
    ):
        await asks(anna, desk)
        await promise(desk, "0612345678")
        told = data_of(await public(anna, "callback"), kinds.Callback)
        assert told is not None
        assert told.how == "phone"
        await desk.until(lambda: "On the list, comes up by itself" in desk.bar("line"))
        await from_the_list(desk, "left messages")
        await desk.until(lambda: "by phone" in desk.screen_text)
        assert "You" in next(row for row in desk.rows() if "by phone" in row)
        await desk.press("escape")
        platform.by = 115 * MINUTE
        # The next thing that happens is also when the desk looks at its clock.
        await bea.ask(frames.Open(new_id(), new_id()))
        await desk.until(lambda: desk.bar("aid").startswith("Call 0612345678"))
        await desk.later(1_000)
        await desk.press("tab")
        assert data_of(await public(anna, "promise_ended"), kinds.PromiseEnded) == kinds.PromiseEnded("kept")
        await desk.until(lambda: "You called: reached" in desk.screen_text)
        assert "The promise was kept" in desk.screen_text


async def test_an_answer_by_mail_goes_out_when_its_chat_is_closed(
    tmp_path: Path, settings: ConsoleSettings
) -> None:
    async with (
        running_node(tmp_path, desks={"main": DESK}, mail=MAIL) as house,
        house.customer() as anna,
        console(house, await house.add_agent("mia"), settings) as desk,
    ):
        await asks(anna, desk)
        await promise(desk, "anna@example.org")
        await public(anna, "callback")
        await desk.until(lambda: "On the list, comes up by itself" in desk.bar("line"))
        await from_the_list(desk, "left messages")
        await desk.until(lambda: "by mail" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: "Answer by mail: anna@example.org" in desk.bar("aid"))
        await desk.type("It comes tomorrow.")
        await desk.later(1_000)
        await desk.press("enter")
        await desk.until(lambda: desk.bar("aid").startswith("mail on its way"))
        await desk.press("f8")
        assert "mail goes out" in desk.bar("line")
        await desk.later(9_000)
        desk.main._second()
        await from_the_list(desk, "left messages")
        await desk.until(lambda: "mail not taken yet" in desk.screen_text)
        assert not [one for one in anna.kept if isinstance(one, frames.Event) and one.kind == "closed"]
