"""The link over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from supportterm.link import Journal, Link, LinkError, LinkState, SignInRefused, StateChanged, login
from supportterm.link.changes import Change, Grew
from supportterm.link.options import options
from supportterm.protocol import frames
from supportterm.protocol.codes import CLOSE_TEXT, Close
from tests.link.link_door import Door, door

CHAT = "chat-aaaaaaaaaaaaaaaa"
TOKEN = "t" * 43
__all__ = ["door"]


class Person:
    """Somebody at a link, who can wait until what they see is as expected."""

    def __init__(self, url: str, *, rand: float = 0.0, **more: Any) -> None:
        self.journal = Journal("customer")
        self.turns: list[Sequence[Change | StateChanged]] = []
        self.news = asyncio.Event()
        self.link = Link(url, TOKEN, self.journal, on_change=self.heard, rand=lambda: rand, **more)
        self.count = 0

    def heard(self, found: Sequence[Change | StateChanged]) -> None:
        self.turns.append(found)
        self.news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            self.news.clear()
            await self.news.wait()

    def say(self, text: str) -> None:
        self.count += 1
        self.link.put(frames.Say(id=f"say-{self.count:02d}-cccccccccc", chat=CHAT, text=text))

    def open(self) -> None:
        self.link.put(frames.Open(id="open-cccccccccccc", chat=CHAT))

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.journal.log(CHAT).events if event.kind == "message"]

    @property
    def states(self) -> list[str]:
        return [c.state.kind for turn in self.turns for c in turn if isinstance(c, StateChanged)]


@asynccontextmanager
async def running(person: Person) -> AsyncIterator[asyncio.Task[LinkState]]:
    task = asyncio.create_task(person.link.run())
    try:
        yield task
    finally:
        person.link.stop()
        await task


async def test_open_say_and_answer(door: Door) -> None:
    person = Person(door.url)
    person.open()
    person.say("Hallo")
    async with running(person) as task:
        await person.link.drained()
        await door.tell(door.model.says(CHAT, "Dag!"))
        await person.until(lambda: person.texts == ["Hallo", "Dag!"])
        assert person.link.state.kind == "online"
        person.link.stop()
        assert (await task).kind == "stopped"
    assert person.states == ["connecting", "online", "stopped"]


async def test_a_cut_before_every_answer_loses_and_doubles_nothing(door: Door) -> None:
    door.cut_before_answer = 5
    person = Person(door.url)
    person.open()
    for number in range(4):
        person.say(str(number))
    async with running(person):
        await person.link.drained()
        await person.until(lambda: len(person.texts) == 4)
    assert person.texts == ["0", "1", "2", "3"]
    assert [event.text for event in door.model.chats[CHAT] if event.kind == "message"] == person.texts
    assert len(door.hellos) == 6


async def test_the_server_goes_and_comes_back(door: Door) -> None:
    person = Person(door.url)
    person.open()
    async with running(person):
        await person.link.drained()
        await door.stop()
        await person.until(
            lambda: person.link.state.kind == "waiting" and "answers at" in person.link.state.text
        )
        person.say("Daar ben ik")
        await door.start()
        await person.link.drained()
    assert person.texts == ["Daar ben ik"]


async def test_a_backlog_is_told_in_few_turns(door: Door) -> None:
    door.model.receive(frames.Open(id="open-cccccccccccc", chat=CHAT))
    for number in range(500):
        door.model.says(CHAT, str(number))
    person = Person(door.url)
    async with running(person):
        await person.until(lambda: len(person.texts) == 500)
    grew = [turn for turn in person.turns if any(isinstance(change, Grew) for change in turn)]
    assert len(grew) < 250


@pytest.mark.parametrize("code", [Close.BAD_TOKEN, Close.SIGNED_OUT, Close.POLICY])
async def test_it_stops_where_coming_back_would_not_help(door: Door, code: Close) -> None:
    person = Person(door.url)
    async with running(person) as task:
        await person.until(lambda: person.link.state.kind == "online")
        await door.sockets[-1].close(code, "whatever")
        state = await task
    assert (state.kind, state.code) == ("stopped", code)
    assert state.text == CLOSE_TEXT.get(code, "The server closed the connection.")


async def test_bye_says_when_to_come_back(door: Door) -> None:
    person = Person(door.url, rand=0.999)
    async with running(person):
        await person.until(lambda: person.link.state.kind == "online")
        await door.tell([frames.Bye(after_ms=123_000)])
        await door.sockets[-1].close(Close.RESTART)
        await person.until(lambda: person.link.state.kind == "waiting")
        assert 100_000 < person.link.state.until - person.link.now_ms() <= 123_000
        person.link.hurry()
        await person.until(lambda: person.link.state.kind == "online")


async def test_silence_is_noticed_and_ended(door: Door) -> None:
    beaten = asyncio.Event()

    def quick(frame: frames.ClientFrame) -> list[frames.ServerFrame]:
        answers = door.model.receive(frame)
        if isinstance(frame, frames.Beat):
            beaten.set()
        if isinstance(frame, frames.Hello):
            welcome = answers[0]
            assert isinstance(welcome, frames.Welcome)
            limits = frames.Limits(beat_ms=20, dead_ms=100)
            answers[0] = frames.Welcome(
                epoch=welcome.epoch, time=welcome.time, me=welcome.me, limits=limits, chats=welcome.chats
            )
        return answers

    door.answer = quick
    person = Person(door.url)
    async with running(person):
        # On a busy machine a connection may be cut before its first beat has left: the next one beats.
        await beaten.wait()
        await person.until(lambda: person.link.state.kind == "online")
        before = len(door.hellos)
        door.deaf = True
        await person.until(lambda: person.link.state.kind != "online")
        door.deaf = False
        await person.until(lambda: len(door.hellos) > before and person.link.state.kind == "online")


async def test_taking_over_reconnects_at_once_and_says_so_once(door: Door) -> None:
    person = Person(door.url, rand=0.999)
    async with running(person):
        await person.until(lambda: person.link.state.kind == "online")
        person.link.take_over()
        await person.until(lambda: len(door.hellos) == 2 and person.link.state.kind == "online")
        door.sockets[-1].transport.abort()
        await person.until(lambda: person.link.state.kind == "waiting")
        person.link.hurry()
        await person.until(lambda: len(door.hellos) == 3)
    assert [hello.takeover for hello in door.hellos] == [False, True, False]


async def test_a_command_is_written_down_before_it_leaves(door: Door) -> None:
    kept: list[tuple[list[str], int]] = []

    def keep(dumped: dict[str, Any]) -> None:
        kept.append(([entry["id"] for entry in dumped["outbox"]], len(door.received)))

    person = Person(door.url, keep=keep)
    async with running(person):
        await person.until(lambda: person.link.state.kind == "online")
        before = len(door.received)
        person.open()
        assert kept[-1] == (["open-cccccccccccc"], before)
        await person.link.drained()
        person.link.saw(CHAT)
        person.say("nog iets")
        await person.link.drained()
    assert kept[-1][0] == []


async def test_what_cannot_be_written_down_is_not_put(door: Door) -> None:
    def keep(dumped: dict[str, Any]) -> None:
        raise LinkError("The disk is full.")

    person = Person(door.url, keep=keep)
    with pytest.raises(LinkError, match="disk is full"):
        person.say("Hallo")
    assert person.journal.log(CHAT).outbox == []
    async with running(person):
        await person.until(lambda: person.link.state.kind == "online")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (AttributeError("'NoneType' has no attribute"), "failed"),
        (TimeoutError(), "did not answer in time"),
        (ConnectionRefusedError(), "Nothing answers"),
    ],
)
async def test_whatever_connecting_raises_is_a_reason_to_wait(error: Exception, sentence: str) -> None:
    async def connect(url: str, **options: Any) -> Any:
        raise error

    person = Person("ws://127.0.0.1:9/v1/shop/acme", connect=connect, rand=0.5)
    async with running(person):
        await person.until(lambda: person.link.state.kind == "waiting")
        assert sentence in person.link.state.text


async def test_cancelling_run_ends_the_connection(door: Door) -> None:
    person = Person(door.url)
    task = asyncio.create_task(person.link.run())
    await person.until(lambda: person.link.state.kind == "online")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await door.sockets[-1].wait_closed()
    assert not person.journal.online


async def test_stopped_before_it_began_and_run_again(door: Door) -> None:
    person = Person(door.url)
    person.link.stop()
    assert (await person.link.run()).kind == "stopped"
    assert door.received == []
    async with running(person):
        await person.until(lambda: person.link.state.kind == "online")


def test_plain_sockets_stay_on_this_machine() -> None:
    journal = Journal("agent")
    with pytest.raises(LinkError, match="not encrypted"):
        Link("ws://support.example.com", TOKEN, journal, on_change=print)
    allowed = Link("ws://support.example.com", TOKEN, journal, on_change=print, plain=True)
    assert allowed.url == "ws://support.example.com/v1/agent"
    assert Link("wss://support.example.com/", TOKEN, journal, on_change=print).url.endswith("/v1/agent")


@pytest.mark.parametrize("url", ["", "support.example.com", "ftp://x", "wss://", "wss://x:port"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(LinkError, match="not a server's address"):
        Link(url, TOKEN, Journal("agent"), on_change=print)


def test_no_proxy_to_this_machine() -> None:
    assert options("ws://localhost:8700")["proxy"] is None
    assert "proxy" not in options("wss://support.example.com")


async def test_login(door: Door) -> None:
    def answer(frame: frames.ClientFrame) -> list[frames.ServerFrame]:
        assert isinstance(frame, frames.Login)
        if frame.password != "right horse":
            return [frames.Err(code="bad_login")]
        return [frames.SignedIn(token=TOKEN, me=frames.Me(role="agent", id=frame.name, name="Mia"))]

    door.answer = answer
    url = f"ws://127.0.0.1:{door.port}"
    assert (await login(url, "mia", "right horse")).token == TOKEN
    with pytest.raises(SignInRefused, match="name or the password") as refused:
        await login(url, "mia", "wrong")
    assert refused.value.code == "bad_login"
    await door.stop()
    with pytest.raises(LinkError, match="Nothing answers"):
        await login(url, "mia", "right horse")
