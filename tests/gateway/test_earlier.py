"""What a customer's chats before were about, told to the staff who read this one, over real sockets."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from server.clock import Clock
from server.desk.events import CUSTOMER, Event
from server.earlier import LETTERS, EarlierChats, read
from server.gateway.customer import customer_id
from server.platform import RealPlatform
from server.settings import Desk, Shop
from server.settings.identity import Identity
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore
from supportterm.protocol import frames, kinds
from supportterm.protocol.earlier import EarlierChat
from tests.signing import SECRET, known
from tests.store.events import Story
from tests.support import Running, Wire, new_id, new_token, running_node

DESK = Desk(ramp_seconds=0, breather_seconds=0)
DAY = 86_400_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_node(tmp_path, desks={"main": DESK}) as running:
        yield running


async def talk(running: Running, mia: Wire, token: str, text: str, *, reason: str = "") -> str:
    """A chat in which the customer says this and leaves; its id."""
    chat = new_id()
    async with running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat, "en"))
        await mia.next(frames.Event, lambda event: event.kind == "joined" and event.chat == chat)
        await anna.ask(frames.Say(new_id(), chat, text))
        if reason:
            assert isinstance(await mia.ask(frames.Tell(new_id(), chat, reason)), frames.Event)
        await anna.ask(frames.CloseChat(new_id(), chat))
    return chat


async def test_when_a_chat_goes_along_with_who_signs_in_their_own_are_told(tmp_path: Path) -> None:
    """And no longer those of whoever had the browser, who is maybe somebody else."""
    shops = {"demo": Shop(desk="main", origins=["*"], identity=Identity(secret=SECRET))}
    signed = known("48213", RealPlatform().wall())
    async with (
        running_node(tmp_path, desks={"main": DESK}, shops=shops) as running,
        running.agent(await running.add_agent("mia", limit=5)) as mia,
        running.agent(await running.add_agent("sue", title="supervisor")) as sue,
    ):
        browser, chat = new_token(), new_id()
        await talk(running, mia, browser, "Where is my order 48213?")
        async with running.customer(browser) as anna:
            await anna.ask(frames.Open(new_id(), chat, "en"))
            told = await mia.next(frames.Earlier, lambda frame: frame.chat == chat)
            assert told.chats
            await sue.send(frames.Watch(chat))
            assert (await sue.next(frames.Earlier)).chats == told.chats
            async with running.connection("/v1/shop/demo") as eva:
                await eva.send(frames.Hello(1, browser, identity=signed))
                assert (await eva.next(frames.Welcome)).chats == [chat]
                for reader in (mia, sue):
                    told = await reader.next(frames.Earlier, lambda frame: frame.chat == chat)
                    assert told.chats == []


async def test_staff_are_told_and_the_customer_never(house: Running) -> None:
    token = new_token()
    async with house.agent(await house.add_agent("mia", limit=5)) as mia:
        await talk(house, mia, token, "Where is my order 48213?")
        await talk(house, mia, token, "nothing with a number")
        third = await talk(house, mia, token, "Still waiting for order 48213 and order 47001!")
        await talk(house, mia, new_token(), "I am somebody else, order 48213")
        mia.kept.clear()
        chat = new_id()
        async with house.customer(token) as anna:
            await anna.ask(frames.Open(new_id(), chat, "en"))
            told = await mia.next(frames.Earlier, lambda frame: frame.chat == chat)
            assert [one.orders for one in told.chats] == [["48213", "47001"], ["48213"]]
            assert told.chats[0].at > told.chats[1].at
            assert not [frame for frame in await anna.silence() if isinstance(frame, frames.Earlier)]
            # The chat in between had one before it, and knows nothing of those that came after.
            await mia.send(frames.Sync(chat=third, have=0))
            told = await mia.next(frames.Earlier, lambda frame: frame.chat == third)
            assert [one.orders for one in told.chats] == [["48213"]]


async def test_what_is_erased_is_taken_back_at_once(house: Running) -> None:
    token = new_token()
    async with house.agent(await house.add_agent("mia", limit=5)) as mia:
        await talk(house, mia, token, "Where is my order 48213?")
        async with house.customer(token) as anna:
            # Nothing was said in this one yet, so that no `erased` event will come to it.
            chat = new_id()
            await anna.ask(frames.Open(new_id(), chat, "en"))
            told = await mia.next(frames.Earlier, lambda frame: frame.chat == chat)
            assert len(told.chats) == 1
            who = customer_id("demo", token)
            await house.node.person_erased(who, await house.node.store.erase_person(who))
            told = await mia.next(frames.Earlier, lambda frame: frame.chat == chat)
            assert told.chats == []


async def test_it_is_known_after_a_restart_for_a_month_or_as_long_as_the_shop_keeps_its_customers(
    tmp_path: Path,
) -> None:
    token = new_token()
    await _wrote(tmp_path, token, {"a": 40, "b": 8, "c": 3})
    async with running_node(tmp_path, desks={"main": DESK}) as house:
        mine = await house.add_agent("mia")
        async with house.agent(mine) as mia, house.customer(token) as anna:
            chat = new_id()
            await anna.ask(frames.Open(new_id(), chat, "en"))
            told = await mia.next(frames.Earlier)
            assert [_days(one) for one in told.chats] == [3, 8]
            feed = house.node.doorways["main"].feeds.get(chat)
            assert feed is not None
            platform, shop = RealPlatform(), house.settings.shops["demo"]
            for kept, days in [({"contacts": 5}, [3]), ({"texts": 2}, []), ({"texts": 365}, [3, 8])]:
                fields = {f"retention_days_{what}": n for what, n in kept.items()}
                shops = {"demo": replace(shop, **fields)}
                chats = EarlierChats(house.node.store, platform, Clock(platform), shops)
                assert [_days(one) for one in await chats.of(feed.chat)] == days
                await chats.stop()


def _days(chat: EarlierChat) -> int:
    return (_now() - chat.at) // DAY


def _now() -> int:
    return time.time_ns() // 1_000_000


async def _wrote(directory: Path, token: str, days: dict[str, int]) -> None:
    """Closed chats in the log, so many days old."""
    store = await SqliteStore.open(directory / DATABASE, RealPlatform())
    fence = await store.claim("main")
    for name, ago in days.items():
        story = Story(f"chat-{name}-aaaaaaaaaaaa", customer_id("demo", token), shop="demo")
        at = _now() - ago * DAY - 1_000
        story.add("opened", CUSTOMER, at=at, data=msgspec.json.encode(kinds.Opened("demo", "en")))
        story.message("Where is my order 48213?", at=at)
        story.closed(at)
        await store.append("main", fence, [story.since()])
    await store.close()


# --- how it is read -----------------------------------------------------------------------------------


def said(*texts: str, lang: str = "en") -> list[Event]:
    story = Story("a")
    story.add("opened", CUSTOMER, data=msgspec.json.encode(kinds.Opened("acme", lang)))
    for text in texts:
        story.message(text)
    return story.events


def answered(event: Event, **about: object) -> Event:
    return replace(event, data=msgspec.json.encode(msgspec.convert(about, kinds.Message)))


def test_the_reason_told_last_and_the_language_that_is_really_written() -> None:
    events = said("Waar blijft mijn bestelling 48213? Ik wacht er al een week op en heb niets gehoord.")
    for reason in ("late", "broken"):
        event = replace(events[0], kind="told", data=msgspec.json.encode(kinds.Told(reason)))
        events.append(event)
    assert read([(7, events)]) == [EarlierChat(7, ["48213"], "broken")]
    assert read([(7, said("hello"))]) == []


def test_what_was_said_before_its_customer_signed_in_is_not_theirs() -> None:
    opened, first, second = said("Where is order 48213?", "and order 48214")
    for was, orders in (("", ["48213", "48214"]), ("c-browser", ["48214"])):
        told = msgspec.json.encode(kinds.Identified("c-eva", was))
        identified = replace(opened, kind="identified", actor="desk", data=told)
        assert read([(7, [opened, first, identified, second])])[0].orders == orders


def test_a_number_that_was_put_right_does_not_count_unless_that_was_no_answer() -> None:
    opened, first, second = said("Where is order 48213?", "no, order 48214")
    corrected = [opened, first, answered(second, re=2, answer="no", words=True)]
    assert read([(7, corrected)])[0].orders == ["48214"]
    undone = replace(opened, kind="reread", data=msgspec.json.encode(kinds.Reread(second.pub)))
    assert read([(7, [*corrected, undone])])[0].orders == ["48213", "48214"]


def test_more_than_can_be_read_is_left_out_and_the_newest_chats_come_first() -> None:
    flood = said(*["order 48213 " + "order is 4 " * 300] * 40)
    assert [one.at for one in read([(9, said("order 48213")), (8, flood), (7, said("order 47001"))])] == [
        9,
        8,
        7,
    ]
    assert read([(9, said("order 48213 " + "x" * LETTERS)), (8, said("order 47001"))]) == [
        EarlierChat(8, ["47001"])
    ]
