"""The scenes of the demo against a real server: a colleague's promise, a summary, options, a kept word."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
import pytest

from supportterm.coach import promising, understanding
from supportterm.coach.greeted import is_greeting
from supportterm.coach.understanding import Line
from supportterm.commands.stage import Stage
from supportterm.link import Journal, Link, shop_url
from supportterm.practice.agent import PracticeAgent
from supportterm.practice.colleague import hand_on
from supportterm.practice.customers import PROMISED, Crowd, Customer, new_id
from supportterm.practice.manners import manners
from supportterm.practice.scripts import Script, scripts
from supportterm.protocol import frames, kinds
from supportterm.protocol.frames import Event

from .test_practice import RULES

Found = TypeVar("Found")

PACE = 0.02


def patient(script: Script) -> Script:
    """A customer in fast motion who does not leave because the machine is slow."""
    return msgspec.structs.replace(script, patience=60 / PACE)


TELLS = [patient(script) for script in scripts() if script.scene == "tells"]
CORRECTS = [patient(script) for script in scripts() if script.corrects]


@pytest.fixture(scope="module", autouse=True)
def words_are_read() -> None:
    """At the first message, reading them would be a minute's silence in fast motion."""
    promising.prepare()
    for script in scripts():
        lines = [Line("customer", line, 0) for turn in script.turn for line in turn.lines]
        understanding.draft(understanding.slots(lines, script.lang), script.lang, familiar=True)
        is_greeting(lines[0].text, script.lang, "")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(RULES) as stage:
        yield stage


def told(event: Event) -> kinds.Message:
    found = kinds.Message()
    if isinstance(event.data, msgspec.Raw):
        found = msgspec.json.decode(event.data, type=kinds.Message)
    return found


def how(event: Event) -> str:
    assert isinstance(event.data, msgspec.Raw)
    return msgspec.json.decode(event.data, type=kinds.PromiseEnded).how


class Hand:
    """An agent whose every message a test writes."""

    def __init__(self, stage: Stage) -> None:
        self.journal = Journal("agent")
        self.link = Link(stage.url, stage.token, self.journal, on_change=lambda _: self.news.set())
        self.news = asyncio.Event()
        self.chat = ""

    async def until(self, found: Callable[[], Found]) -> Found:
        while not (value := found()):
            self.news.clear()
            await self.news.wait()
        return value

    def events(self) -> list[Event]:
        return self.journal.chats[self.chat].events if self.chat else []

    def says(self, text: str, **more: object) -> None:
        say = frames.Say(id=new_id(), chat=self.chat, text=text, **more)  # type: ignore[arg-type]
        self.link.put(say)

    async def reads(self, fits: Callable[[Event], bool]) -> Event:
        """The first event that fits, once it is there."""
        return (await self.until(lambda: [event for event in self.events() if fits(event)]))[0]


@pytest.fixture
def sam(stage: Stage) -> str:
    return stage.hire("sam", "Sam")


async def test_who_goes_leaves_their_word_to_who_is_there(stage: Stage, sam: str) -> None:
    crowd = Crowd(stage.url, "demo", customers=PROMISED, pace=0.2, scenes=True)
    playing = asyncio.create_task(crowd.run())
    chats = await hand_on(stage.url, sam, PROMISED)
    ended = asyncio.Event()
    kept: dict[str, Event] = {}

    def sees(event: Event) -> None:
        if event.kind == "promise_ended":
            kept.setdefault(event.chat, event)
        if set(chats) <= kept.keys():
            ended.set()

    agent = PracticeAgent(stage.url, stage.token, pace=PACE, on_event=sees)
    working = asyncio.create_task(agent.run())
    await ended.wait()
    assert [(how(kept[chat]), kept[chat].by.name) for chat in chats] == [("kept", "Robin")] * 2
    for chat, minutes in zip(chats, (1, 3), strict=True):
        events = agent.ledger.shown[chat].values()
        given = next(event for event in events if event.kind == "promised")
        assert isinstance(given.data, msgspec.Raw)
        due = msgspec.json.decode(given.data, type=kinds.Promised).due_at
        assert (given.by.name, due - given.at) == ("Sam", minutes * 60_000)
        assert any(event.kind == "note" and event.by.name == "Sam" for event in events)
    await agent.quiet()
    crowd.end()
    await playing
    await agent.finish()
    await working
    assert crowd.report()["violations"] == agent.report()["violations"] == []


async def test_a_customer_who_tells_is_understood_and_waits(stage: Stage) -> None:
    hand = Hand(stage)
    serving = asyncio.create_task(hand.link.run())
    await hand.until(lambda: hand.journal.online)
    hand.link.put(frames.SetStatus(id=new_id(), status="online"))
    for script in TELLS:
        await understands(stage, hand, script)
    hand.link.stop()
    await serving


async def understands(stage: Stage, hand: Hand, script: Script) -> None:
    """One customer from the first word to the last."""
    own = manners(script.lang)
    url = shop_url(stage.url, "demo")
    customer = Customer(url, script, random.Random(1), asyncio.Event(), pace=PACE)
    playing = asyncio.create_task(customer.play())
    hand.chat = customer.chat
    await hand.until(lambda: hand.chat in hand.journal.chats)
    await hand.reads(lambda event: event.text == script.turn[0].lines[-1])

    hand.says("Is that right?", summary=True)
    summary = await hand.reads(lambda event: told(event).summary)
    yes = await hand.reads(lambda event: told(event).answer == "yes")
    assert (told(yes).re, told(yes).words) == (summary.pub, False)

    hand.says("Which?", options=(frames.Option("Something else"), frames.Option(script.prefers, "soon")))
    chosen = await hand.reads(lambda event: told(event).choice > 0)
    assert (told(chosen).choice, chosen.text) == (2, script.prefers)

    hand.says("I'll be back.", promise=60_000)
    await hand.reads(lambda event: event.text == own.patient[0])
    assert not any(event.text == script.turn[1].lines[0] for event in hand.events())
    hand.says("That is arranged.")
    ended = await hand.reads(lambda event: event.kind == "promise_ended")
    assert how(ended) == "kept"
    await hand.reads(lambda event: event.text == own.kept)

    # What comes next asks how long it takes: the agent's own words start the countdown.
    await hand.reads(lambda event: event.text == script.turn[1].lines[0])
    hand.says("It is done.")
    await hand.reads(lambda event: event.text == script.thanks)
    await playing
    assert customer.ledger.violations == []
    assert customer.ledger.wronged() == []


def shown_to(customer: Customer) -> list[Event]:
    return list(customer.ledger.shown.get(customer.chat, {}).values())


@pytest.mark.parametrize("script", CORRECTS, ids=lambda script: script.lang)
async def test_the_scripted_agent_restates_until_it_is_right(stage: Stage, script: Script) -> None:
    agent = PracticeAgent(stage.url, stage.token, pace=PACE)
    url = shop_url(stage.url, "demo")
    customer = Customer(url, script, random.Random(1), asyncio.Event(), pace=PACE)
    playing = asyncio.create_task(customer.play())
    # They tell all of it before the agent comes: no answer falls between the lines, however slow the machine.
    while not any(event.text == script.turn[0].lines[-1] for event in shown_to(customer)):
        await asyncio.sleep(PACE)
    working = asyncio.create_task(agent.run())
    await playing
    await agent.finish()
    await working
    events = shown_to(customer)
    answers = [told(event).answer for event in events if event.kind == "message" and told(event).re]
    assert answers == ["no", "yes"]
    restated = [event.text for event in events if event.kind == "message" and told(event).summary][1]
    right, wrong = re.findall(r"[A-Z]-\d+", script.corrects[0])
    assert right in restated
    assert wrong not in restated
    assert [how(event) for event in events if event.kind == "promise_ended"] == ["kept"]
    assert customer.ledger.violations == agent.report()["violations"] == []
