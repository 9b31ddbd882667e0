"""The link in a mail, over real sockets: one chat on any device, and never another one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from server.links import LIFE_MS, Links
from server.settings import Desk, Limits, Server, Shop
from supportterm.protocol import frames, views
from supportterm.protocol.codec import encode
from supportterm.protocol.codes import CLOSE_TEXT, Close
from tests.gateway.test_clock import Settable
from tests.support import PATIENT, Running, Wire, new_id, new_token, running_node

DAY_MS = 86_400_000
DESK = Desk(ramp_seconds=0, breather_seconds=0)
OWN = "https://chat.acme.example"
PAGE = "https://www.acme.example"
SHOPS = {
    "demo": Shop(desk="main", name="Demo", origins=[PAGE]),
    "books": Shop(desk="main", name="Books", origins=["*"]),
    "cars": Shop(desk="other", name="Cars", origins=["*"]),
}


class House:
    """A server with two desks and three shops, Mia at her console, and a clock that can be set."""

    def __init__(self, running: Running, platform: Settable, mia: Wire) -> None:
        self.running = running
        self.platform = platform
        self.mia = mia
        self.token = new_token()

    @property
    def links(self) -> Links:
        return self.running.node.links

    def link(self, chat: str) -> str:
        return self.links.token(chat, self.platform.wall())

    @asynccontextmanager
    async def customer(self, shop: str = "demo", token: str = "") -> AsyncIterator[Wire]:
        async with self.running.customer(token or self.token, shop, origin=PAGE) as wire:
            yield wire

    @asynccontextmanager
    async def bearer(self, link: str, shop: str = "demo", origin: str = PAGE) -> AsyncIterator[Wire]:
        """Somebody on another device, with nothing but the link."""
        async with self.running.connection("/v1/shop/" + shop, origin=origin) as wire:
            with suppress(ConnectionClosed):  # the door may have closed it before a word
                await wire.send(frames.Hello(1, new_token(), link=link))
            yield wire

    async def refused(self, link: str, shop: str = "demo", origin: str = PAGE) -> int:
        """The code that a link is refused with; nothing else is said."""
        async with self.bearer(link, shop, origin) as wire:
            with pytest.raises(ConnectionClosed):
                await wire.receive()
            return await wire.closed()

    async def chat(self, shop: str = "demo", token: str = "", said: str = "Where is 48213?") -> str:
        """A chat that Mia has, with what its customer and she said."""
        async with self.customer(shop, token) as anna:
            await anna.ask(frames.Open(new_id(), chat := new_id(), page=PAGE + "/cart"))
            await anna.ask(frames.Say(new_id(), chat, said))
            await self.mia.next(frames.Event, lambda event: event.chat == chat and event.text == said)
            assert isinstance(await self.mia.ask(frames.Say(new_id(), chat, "It comes.")), frames.Event)
        return chat

    async def close(self, chat: str) -> None:
        assert isinstance(await self.mia.ask(frames.CloseChat(new_id(), chat)), frames.Event)


@asynccontextmanager
async def standing(directory: Path, limits: Limits = PATIENT) -> AsyncIterator[House]:
    platform = Settable()
    async with (
        running_node(
            directory,
            platform=platform,
            desks={"main": DESK, "other": DESK},
            server=Server(port=0, public_url=OWN),
            shops=SHOPS,
            limits=limits,
        ) as running,
        running.agent(await running.add_agent("mia", title="supervisor")) as mia,
    ):
        yield House(running, platform, mia)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with standing(tmp_path) as house:
        yield house


async def texts(wire: Wire, chat: str) -> list[str]:
    """What a bearer is shown of the chat, from its first event on."""
    welcome = await wire.next(frames.Welcome)
    assert welcome.chats == [chat]
    head = await wire.next(frames.Chat)
    assert head.chat == chat
    while not any(isinstance(frame, frames.Event) and frame.seq == head.last for frame in wire.kept):
        wire.kept.append(await wire.receive())
    return [frame.text for frame in wire.kept if isinstance(frame, frames.Event) and frame.text]


# --- what it opens ----------------------------------------------------------------------------------


async def test_a_link_opens_its_chat_on_another_device(house: House) -> None:
    chat = await house.chat()
    async with house.bearer(house.link(chat)) as anna:
        assert await texts(anna, chat) == ["Where is 48213?", "It comes."]
        # What she sees there is seen, and what she writes goes on.
        await anna.send(frames.Mark(chat, 4, 4))
        marks = await house.mia.next(frames.MarksOf, lambda marks: marks.seen == 4)
        assert (marks.chat, marks.who) == (chat, "customer")
        said = await anna.ask(frames.Say(new_id(), chat, "Thank you!"))
        assert isinstance(said, frames.Event)
        assert (await house.mia.next(frames.Event, lambda e: e.text == "Thank you!")).by.role == "customer"
        await house.mia.ask(frames.Say(new_id(), chat, "You are welcome."))
        await anna.next(frames.Event, lambda event: event.text == "You are welcome.")
        # The browser in which it began sees the same.
        async with house.customer() as first:
            await first.next(frames.Event, lambda event: event.text == "Thank you!")


async def test_a_link_to_a_closed_chat_goes_on_with_it_for_as_long_as_it_works(house: House) -> None:
    chat = await house.chat()
    link = house.link(chat)
    await house.close(chat)
    house.platform.by = 29 * DAY_MS
    async with house.bearer(link) as anna:
        assert await texts(anna, chat) == ["Where is 48213?", "It comes."]
        assert isinstance(await anna.ask(frames.Say(new_id(), chat, "It did not come.")), frames.Event)
        assert (await house.mia.next(frames.Event, lambda e: e.kind == "reopened")).chat == chat
    house.platform.by = 30 * DAY_MS
    assert await house.refused(link) == Close.BAD_LINK


async def test_what_is_written_days_later_to_nobody_is_a_message_that_was_left(house: House) -> None:
    chat = await house.chat()
    link = house.link(chat)
    await house.close(chat)
    await house.mia.ask(frames.SetStatus(new_id(), "offline"))
    house.platform.by = 3 * DAY_MS
    async with house.bearer(link) as anna:
        refused = await anna.ask(frames.Reopen(new_id(), chat))
        assert isinstance(refused, frames.Err)
        assert refused.code == "shop_closed"
        assert isinstance(await anna.ask(frames.Say(new_id(), chat, "It did not come.")), frames.Event)
        left = await anna.next(frames.Event, lambda event: event.kind == "left")
        assert left.chat == chat
    row = await house.running.node.store.row(chat)
    assert row is not None
    assert row.state == "left"
    # Whoever comes back within the usual time waits as before, and so does who has no link.
    async with house.customer() as first:
        assert isinstance(await first.ask(frames.Say(new_id(), chat, "Hello?")), frames.Event)


async def test_the_servers_own_page_opens_what_a_link_opens_and_nothing_else(house: House) -> None:
    chat = await house.chat()
    async with house.bearer(house.link(chat), origin=OWN) as anna:
        assert await texts(anna, chat) == ["Where is 48213?", "It comes."]
    assert await house.refused("", origin=OWN) == Close.FOREIGN_ORIGIN
    assert await house.refused("made up", origin=OWN) == Close.BAD_LINK
    for origin in ("https://evil.example", OWN + ".evil.example", "http://chat.acme.example", "null"):
        assert await house.refused(house.link(chat), origin=origin) == Close.FOREIGN_ORIGIN


# --- what it does not -------------------------------------------------------------------------------


async def test_the_bearer_reads_and_writes_that_chat_only(house: House) -> None:
    """Not the same customer's other chats, whether they are open or closed, and none of their own."""
    old = await house.chat(said="The old question")
    await house.close(old)
    link = house.link(old)
    new = await house.chat(said="The new question")
    foreign = await house.chat(token=new_token(), said="Somebody else's")
    async with house.bearer(link) as anna, house.customer() as first:
        assert await texts(anna, old) == ["The old question", "It comes."]
        for chat in (new, foreign, new_id()):
            for command in (
                frames.Say(new_id(), chat, "Hi"),
                frames.CloseChat(new_id(), chat),
                frames.Reopen(new_id(), chat),
                frames.NeedTime(new_id(), chat),
                frames.ChooseLanguage(new_id(), chat, "now"),
                frames.LeaveMessage(new_id(), chat, "Hi"),
            ):
                answer = await anna.ask(command)
                assert isinstance(answer, frames.Err)
                assert (answer.code, answer.chat) == ("no_chat", chat), command
            opened = await anna.ask(frames.Open(new_id(), chat))
            assert isinstance(opened, frames.Err)
            assert (opened.code, opened.chat) == ("not_allowed", chat)
            await anna.send(
                frames.Sync(chat, 0), frames.More(chat, 99), frames.Mark(chat, 9, 9), frames.Typing(chat)
            )
        # Going on with the old one would be a second open chat: whose the other is, is not said.
        answer = await anna.ask(frames.Say(new_id(), old, "One more thing"))
        assert isinstance(answer, frames.Err)
        assert (answer.code, answer.chat) == ("chat_closed", old)
        # Nor does anything that happens there come along.
        await first.next(frames.Chat, lambda head: head.chat == new)
        await first.ask(frames.Say(new_id(), new, "secret"))
        await house.mia.send(frames.Typing(new))
        await house.mia.ask(frames.Say(new_id(), new, "more secret"))
        await house.close(new)
        await first.ask(frames.Reopen(new_id(), new))
        for frame in [*anna.kept, *await anna.silence()]:
            assert new.encode() not in encode(frame) or isinstance(frame, frames.Err)
            assert b"secret" not in encode(frame)
            assert b"new question" not in encode(frame)
    # And no mark or sign of the bearer arrived in it.
    feed = house.running.node.doorways["main"].feeds.get(new)
    assert feed is not None
    assert feed.customer_marks.seen < 9


async def test_a_page_opened_by_a_link_does_not_keep_another_chat_waiting(house: House) -> None:
    """That the customer left the page of their open chat is known, whatever else they look at."""
    old = await house.chat(said="The old question")
    await house.close(old)
    link = house.link(old)
    new = await house.chat(said="The new question")
    desk = house.running.node.doorways["main"].desk
    customer = desk.chats[new].customer
    async with house.bearer(link) as anna:
        await texts(anna, old)
        assert desk.deadlines.of(("page", customer)) is not None
        async with house.customer() as first:
            await first.silence()
            assert desk.deadlines.of(("page", customer)) is None
        await house.mia.silence()
        await _until_left(house, customer)
    async with house.bearer(house.link(new)) as anna:
        await texts(anna, new)
        assert desk.deadlines.of(("page", customer)) is None


async def _until_left(house: House, customer: str) -> None:
    """Until the server has noticed that the page of the open chat is gone, by frames of its own."""
    desk = house.running.node.doorways["main"].desk
    while desk.deadlines.of(("page", customer)) is None:
        await house.mia.silence()


async def test_nobody_learns_how_long_another_chat_of_theirs_waits(tmp_path: Path) -> None:
    async with standing(tmp_path) as house:
        old = await house.chat()
        await house.close(old)
        await house.mia.ask(frames.SetStatus(new_id(), "finishing"))
        async with house.customer() as first, house.bearer(house.link(old)) as anna:
            await texts(anna, old)
            await first.ask(frames.Open(new_id(), waiting := new_id()))
            await first.next(frames.View, lambda view: view.name == "wait")
            assert not [f for f in await anna.silence() if isinstance(f, frames.View) and f.name == "wait"]
            async with house.bearer(house.link(waiting)) as same:
                view = await same.next(frames.View, lambda view: view.name == "wait")
                assert msgspec.json.decode(bytes(view.value), type=views.Wait).position == 1


async def test_links_that_open_nothing_are_one_answer(house: House) -> None:
    chat = await house.chat()
    link, now = house.link(chat), house.platform.wall()
    body, _, signature = link.rpartition(".")
    stranger = Links(b"another key")
    for name, (token, shop) in {
        "tampered": (f"{body}.{signature[::-1]}", "demo"),
        "longer": (body.replace(f"{now + LIFE_MS}"[:6], "999999", 1) + "." + signature, "demo"),
        "of another server": (stranger.token(chat, now), "demo"),
        "of another shop": (link, "books"),
        "of another desk": (link, "cars"),
        "of a chat that does not exist": (house.link(new_id()), "demo"),
        "expired": (house.links.link_for(chat, now), "demo"),
        "made up": ("x", "demo"),
        "no ids": ("1." + "x" * 16 + ".1." + "x" * 43, "demo"),
    }.items():
        assert (name, await house.refused(token, shop)) == (name, Close.BAD_LINK)
    async with house.bearer(link) as anna:
        assert (await anna.next(frames.Welcome)).chats == [chat]
    assert "30 days" in CLOSE_TEXT[Close.BAD_LINK]


async def test_wrong_links_are_limited_by_address_and_right_ones_are_not(tmp_path: Path) -> None:
    async with standing(tmp_path, replace(PATIENT, login_attempts_per_address=3)) as house:
        link = house.link(await house.chat())
        for _ in range(5):
            async with house.bearer(link) as anna:
                await anna.next(frames.Welcome)
        assert [await house.refused("made up") for _ in range(4)] == [Close.BAD_LINK] * 3 + [Close.TOO_FAST]
        # Not even a right one is looked at any more; whoever has no link comes in.
        assert await house.refused(link) == Close.TOO_FAST
        async with house.customer() as anna:
            await anna.next(frames.Welcome)


async def test_an_erased_customers_links_open_nothing_and_later_ones_do(house: House) -> None:
    chat = await house.chat()
    before = house.link(chat)
    await house.running.node.administration.call("erase", {"person": chat})
    assert await house.refused(before) == Close.BAD_LINK
    # The chat went on, and what was said since may be mailed.
    await house.mia.ask(frames.Say(new_id(), chat, "All of it is removed."))
    house.platform.by = 60_000
    async with house.bearer(house.link(chat)) as anna:
        assert await texts(anna, chat) == ["All of it is removed."]
    # As the log tells it.
    await house.close(chat)
    assert await house.refused(before) == Close.BAD_LINK


@pytest.mark.parametrize("end", ["erased", "blocked", "expired"])
async def test_who_is_in_by_a_link_goes_when_it_opens_nothing_any_more(
    house: House, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr("server.gateway.customer._LOOK_SECONDS", 0.01)
    chat = await house.chat()
    async with house.bearer(house.link(chat)) as anna:
        assert "It comes." in await texts(anna, chat)
        if end == "erased":
            await house.running.node.administration.call("erase", {"person": chat})
        elif end == "blocked":
            await house.mia.ask(frames.Abuse(new_id(), chat, "block", minutes=60))
        else:
            house.platform.by = LIFE_MS + 1
        assert await anna.closed() == Close.BAD_LINK


async def test_an_erasure_holds_over_a_restart(tmp_path: Path) -> None:
    async with standing(tmp_path) as house:
        chat = await house.chat()
        before = house.link(chat)
        await house.close(chat)
        await house.running.node.administration.call("erase", {"person": chat})
    async with standing(tmp_path) as house:
        house.platform.by = 2 * DAY_MS  # no longer in memory
        assert await house.refused(before) == Close.BAD_LINK
        assert house.links.opened(before, house.platform.wall()) is not None


async def test_a_blocked_customers_links_open_nothing_until_the_block_is_over(house: House) -> None:
    chat = await house.chat()
    link = house.link(chat)
    block = frames.Abuse(new_id(), chat, "block", minutes=60)
    assert not isinstance(await house.mia.ask(block), frames.Err)
    assert await house.refused(link) == Close.BAD_LINK
    assert not isinstance(await house.mia.ask(frames.Unblock(new_id(), chat)), frames.Err)
    async with house.bearer(link) as anna:
        assert "It comes." in await texts(anna, chat)
        # Whoever was shown out does not come in again by an old mail.
        answer = await anna.ask(frames.Say(new_id(), chat, "Me again"))
        assert isinstance(answer, frames.Err)
        assert answer.code == "chat_closed"


async def test_a_console_is_no_customer(house: House) -> None:
    chat = await house.chat()
    async with house.running.connection("/v1/agent") as wire:
        await wire.send(frames.Hello(1, new_token(), link=house.link(chat)))
        assert await wire.closed() == Close.BAD_TOKEN


# --- where it must not end up -----------------------------------------------------------------------


async def test_no_log_holds_a_link(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "supportterm")
    caplog.set_level(logging.INFO, "supportterm.sockets")  # as `server.logs` always has it
    async with standing(tmp_path) as house:
        chat = await house.chat()
        link, wrong = house.link(chat), "1." + "y" * 22 + ".1900000000000." + "z" * 43
        async with house.bearer(link) as anna:
            await texts(anna, chat)
        for shop, origin in (("demo", PAGE), ("gone", PAGE), ("demo", "https://evil.example")):
            await house.refused(wrong, shop, origin)
    assert caplog.records
    for token in (link, wrong):
        assert token.rpartition(".")[2] not in caplog.text


async def test_the_page_that_agents_see_has_no_fragment(house: House) -> None:
    link = house.link(await house.chat())
    for command in (
        frames.Open(new_id(), new_id(), page=f"{PAGE}/cart#supportterm={link}"),
        frames.LeaveMessage(new_id(), new_id(), "Hi", page=f"{PAGE}/cart#supportterm={link}"),
        frames.LeaveMessage(new_id(), new_id(), "4111111111111111", page=f"{PAGE}/cart#supportterm={link}"),
    ):
        async with house.customer(token=new_token()) as ben:
            assert isinstance(await ben.ask(command), frames.Event)
        events = await house.running.node.store.stream("chat:" + command.chat)
        assert [event.text for event in events if event.kind == "context"] == [PAGE + "/cart"]


# --- a callback's answer ----------------------------------------------------------------------------


async def test_an_answer_that_was_promised_is_delivered_once_it_is_seen_by_the_link(house: House) -> None:
    """On whatever device: it is the same customer who reads it."""
    chat = await house.chat()
    due = house.platform.wall() + DAY_MS
    called = frames.CallBack(new_id(), chat, due, "phone", "+31 20 123 4567")
    assert isinstance(await house.mia.ask(called), frames.Event)
    assert isinstance(await house.mia.ask(frames.Take(new_id(), chat, sure=True)), frames.Event)
    assert isinstance(await house.mia.ask(frames.Say(new_id(), chat, "It is at the depot.")), frames.Event)
    kinds = [event.kind for event in await house.running.node.store.stream("chat:" + chat)]
    assert "promise_ended" not in kinds
    async with house.bearer(house.link(chat)) as anna:
        assert (await texts(anna, chat))[-1] == "It is at the depot."
        said = await anna.next(frames.Event, lambda event: event.text == "It is at the depot.")
        await anna.send(frames.Mark(chat, said.seq, said.seq))
        ended = await house.mia.next(frames.Event, lambda event: event.kind == "promise_ended")
        assert (ended.chat, b'"kept"' in bytes(ended.data or b"")) == (chat, True)
