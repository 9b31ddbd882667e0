"""Who says that they are somebody, over real sockets: nobody reads a chat that is not theirs by that,
whatever they sign, copy, replay or share; and whatever it is, they can chat."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from server.gateway import customer
from server.settings import Desk, Shop
from server.settings.identity import Identity as Table
from supportterm.protocol import frames
from supportterm.protocol.codes import Close
from supportterm.protocol.contact import read_identity
from tests.gateway.test_clock import Settable
from tests.signing import SECRET, known, token
from tests.support import Running, Wire, new_id, new_token, running_node

HOUR = 3_600_000
OTHER = "b" * 40
SHOPS = {
    "demo": Shop(desk="main", origins=["*"], identity=Table(secret=SECRET)),
    "books": Shop(desk="main", origins=["*"], identity=Table(secret=OTHER)),
    # A shop with the same secret, as somebody will configure it.
    "twin": Shop(desk="main", origins=["*"], identity=Table(secret=SECRET)),
    "cars": Shop(desk="other", origins=["*"], identity=Table(secret=SECRET)),
    "plain": Shop(desk="main", origins=["*"]),
}


class House:
    def __init__(self, running: Running, platform: Settable) -> None:
        self.running = running
        self.platform = platform

    def signed(self, sub: str = "48213", shop: str = "demo", secret: str = SECRET, **more: object) -> str:
        return known(sub, self.platform.wall(), shop, secret, **more)

    @asynccontextmanager
    async def page(
        self, identity: str = "", browser: str = "", shop: str = "demo"
    ) -> AsyncIterator[tuple[Wire, frames.Welcome]]:
        """A page of the shop in a browser, which has said hello."""
        async with self.running.connection("/v1/shop/" + shop) as wire:
            await wire.send(frames.Hello(1, browser or new_token(), identity=identity))
            yield wire, await wire.next(frames.Welcome)

    async def chat(self, identity: str = "", browser: str = "", shop: str = "demo") -> str:
        """A chat that is open, with what its customer said."""
        async with self.page(identity, browser, shop) as (wire, _):
            await wire.ask(frames.Open(new_id(), chat := new_id()))
            await wire.ask(frames.Say(new_id(), chat, "Where is my order?"))
        return chat

    async def shown(self, identity: str = "", browser: str = "", shop: str = "demo") -> list[str]:
        async with self.page(identity, browser, shop) as (_, welcome):
            return welcome.chats


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    platform = Settable()
    desks = {"main": Desk(ramp_seconds=0), "other": Desk()}
    async with running_node(tmp_path, platform=platform, desks=desks, shops=SHOPS) as running:
        yield House(running, platform)


async def cannot(wire: Wire, chat: str) -> None:
    """By no frame is anything of the chat read or written."""
    await wire.send(frames.Sync(chat, 0), frames.More(chat, 100), frames.Mark(chat, 1, 1))
    for command in (
        frames.Say(new_id(), chat, "Hi"),
        frames.CloseChat(new_id(), chat),
        frames.Reopen(new_id(), chat),
        frames.NeedTime(new_id(), chat),
        frames.ChooseLanguage(new_id(), chat, "now"),
        frames.GiveContact(new_id(), chat, "me@example.org"),
        frames.LeaveMessage(new_id(), chat, "Hi"),
        frames.CallBack(new_id(), chat, 2_000_000_000_000, "here"),
    ):
        answer = await wire.ask(command)
        assert isinstance(answer, frames.Err), command
        assert answer.code in ("no_chat", "not_allowed")
    answer = await wire.ask(frames.Open(new_id(), chat))
    assert isinstance(answer, frames.Err)
    assert (answer.code, answer.chat) == ("id_conflict", chat)
    for frame in await wire.silence():
        assert not isinstance(frame, frames.Event | frames.Page | frames.Chat), frame


# --- what it is for -----------------------------------------------------------------------------------


async def test_who_is_signed_in_has_their_chat_on_each_device(house: House) -> None:
    chat = await house.chat(house.signed())
    async with house.page(house.signed()) as (wire, welcome):
        assert (welcome.chats, welcome.identity) == ([chat], "good")
        told = await wire.next(frames.Event, lambda event: event.kind == "message")
        assert told.text == "Where is my order?"
        assert isinstance(await wire.ask(frames.Say(new_id(), chat, "Hello?")), frames.Event)
        assert not [frame for frame in await wire.silence() if "48213" in repr(frame)]


async def test_who_signs_in_takes_their_chat_along_once(house: House) -> None:
    browser = new_token()
    chat = await house.chat("", browser)
    assert await house.shown(house.signed(), browser) == [chat]
    assert await house.shown(house.signed()) == [chat]
    events = await house.running.node.store.stream("chat:" + chat)
    assert [read_identity(e.text).sub for e in events if e.kind == "identified"] == ["48213"]
    row = await house.running.node.store.row(chat)
    assert row is not None
    assert [one.chat for one in await house.running.node.store.chats_of(row.customer, 9)] == [chat]


# --- two people at one browser ------------------------------------------------------------------------


async def test_who_comes_after_them_sees_nothing_of_it(house: House) -> None:
    browser = new_token()
    taken_along = await house.chat("", browser)
    assert await house.shown(house.signed("1"), browser) == [taken_along]
    for identity in ("", house.signed("2")):
        async with house.page(identity, browser) as (wire, welcome):
            assert welcome.chats == []
            await cannot(wire, taken_along)
    # Signed out, the browser is nobody's: who chats there does not get into theirs, nor do they into that.
    after = await house.chat("", browser)
    assert await house.shown(house.signed("1"), browser) == [taken_along]
    assert await house.shown("", browser) == [after]
    # Nor by a chat that is begun signed in.
    own = await house.chat(house.signed("3"), new_token())
    assert await house.shown(house.signed("2"), browser) == [after], "what nobody's name was on goes along"
    assert await house.shown(house.signed("3"), browser) == [own]


async def test_a_page_that_is_still_open_reads_no_further_once_somebody_signed_in(house: House) -> None:
    browser = new_token()
    mia = await house.running.add_agent("mia")
    async with house.running.agent(mia) as console, house.page("", browser) as (before, _):
        await before.ask(frames.Open(new_id(), chat := new_id()))
        async with house.page(house.signed(), browser) as (after, welcome):
            assert welcome.chats == [chat]
            assert (await before.next(frames.Gone)).chat == chat
            before.kept.clear()  # what it was shown while the chat was nobody's
            await console.next(frames.Event, lambda event: event.kind == "identified")
            said = await console.ask(frames.Say(new_id(), chat, "Your parcel lies at Main Street 5."))
            assert isinstance(said, frames.Event)
            await after.next(frames.Event, lambda event: event.text == said.text)
            await cannot(before, chat)
            # Their typing and reading shows nowhere either.
            await before.send(frames.Typing(chat), frames.Mark(chat, 9, 9))
            await before.silence()
            assert not [f for f in await console.silence() if isinstance(f, frames.TypingOf | frames.MarksOf)]


async def test_who_gave_an_address_before_somebody_signed_in_gets_nothing_of_theirs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by the address, nor by a link that was mailed there, nor by a page that it opened."""
    monkeypatch.setattr(customer, "_LOOK_SECONDS", 0.01)
    browser, links = new_token(), house.running.node.links
    async with house.page("", browser) as (wire, _):
        await wire.ask(frames.Open(new_id(), chat := new_id()))
        await wire.ask(frames.GiveContact(new_id(), chat, "stranger@example.org", "Eve"))
    link = links.token(chat, house.platform.wall())
    async with house.running.connection("/v1/shop/demo") as bearer:
        await bearer.send(frames.Hello(1, new_token(), link=link))
        assert (await bearer.next(frames.Welcome)).chats == [chat]
        house.platform.by = 1
        async with house.page(house.signed(email="eva@example.org"), browser) as (eva, welcome):
            assert welcome.chats == [chat]
            await eva.ask(frames.Say(new_id(), chat, "I live at Main Street 5."))
            assert await bearer.closed() == Close.BAD_LINK
            assert not [f for f in bearer.kept if isinstance(f, frames.Event) and f.text]
    async with house.running.connection("/v1/shop/demo") as late:
        await late.send(frames.Hello(1, new_token(), link=link))
        assert await late.closed() == Close.BAD_LINK
    desk = house.running.node.doorways["main"].desk
    assert desk.chats[chat].reach.known.mail == "eva@example.org"
    house.platform.by = 60_000
    async with house.running.connection("/v1/shop/demo") as new:
        await new.send(frames.Hello(1, new_token(), link=links.token(chat, house.platform.wall())))
        assert (await new.next(frames.Welcome)).chats == [chat]


async def test_a_page_that_stayed_signed_in_takes_nothing_that_was_begun_since(house: House) -> None:
    browser = new_token()
    hidden = house.signed("666", exp=house.platform.wall() // 1000 + 8 * 3600)
    assert await house.shown(hidden, browser) == []
    house.platform.by = 2 * HOUR
    async with house.page("", browser) as (victoria, _):
        await victoria.ask(frames.Open(new_id(), chat := new_id()))
        await victoria.ask(frames.Say(new_id(), chat, "I am Victoria, Main Street 5"))
        async with house.page(hidden, browser) as (wire, welcome):
            assert welcome.chats == []
            await cannot(wire, chat)
        assert isinstance(await victoria.ask(frames.Say(new_id(), chat, "Hello?")), frames.Event)


async def test_a_message_that_was_left_holds_back_no_chat_of_the_same_browser(house: House) -> None:
    own, browser = new_token(), new_token()
    async with house.page(browser=own) as (wire, _):
        await wire.ask(frames.LeaveMessage(new_id(), left := new_id(), "Where is it?", "", "eva@example.org"))
    chat = await house.chat(browser=browser)
    async with house.running.connection("/v1/shop/demo") as wire:
        await wire.send(frames.Hello(1, own, identity=house.signed(), browser=browser))
        assert (await wire.next(frames.Welcome)).chats == [chat]
    assert (await house.shown(browser=own), await house.shown(browser=browser)) == ([left], [])


async def test_a_page_of_which_the_word_is_over_is_not_whoever_used_the_browser(house: House) -> None:
    """It names the browser for what goes along, and is a stranger of its own besides."""
    browser, own = new_token(), new_token()
    signed = house.signed()
    async with house.running.connection("/v1/shop/demo") as wire:
        await wire.send(frames.Hello(1, own, identity=signed, browser=browser))
        assert (await wire.next(frames.Welcome)).chats == []
    house.platform.by = 2 * HOUR
    others = await house.chat("", browser)
    async with house.running.connection("/v1/shop/demo") as wire:
        await wire.send(frames.Hello(1, own, identity=signed, browser=browser))
        welcome = await wire.next(frames.Welcome)
        assert (welcome.chats, welcome.identity) == ([], "bad")
        await cannot(wire, others)
        opened = await wire.ask(frames.Open(new_id(), mine := new_id()))
        assert isinstance(opened, frames.Event)
    # Signed in anew, what they began meanwhile goes along, and not the other one.
    async with house.running.connection("/v1/shop/demo") as wire:
        await wire.send(frames.Hello(1, own, identity=house.signed(), browser=browser))
        assert (await wire.next(frames.Welcome)).chats == [mine]
    assert await house.shown("", browser) == [others]


async def test_what_was_closed_before_somebody_signed_in_is_not_theirs(house: House) -> None:
    browser = new_token()
    async with house.page("", browser) as (wire, _):
        await wire.ask(frames.Open(new_id(), chat := new_id()))
        await wire.ask(frames.CloseChat(new_id(), chat))
    async with house.page(house.signed(), browser) as (wire, welcome):
        assert welcome.chats == []
        await cannot(wire, chat)


# --- what is signed by somebody else, for somebody else, or no more --------------------------------------


async def test_whatever_is_not_good_is_a_visitor_who_can_chat(house: House) -> None:
    chat = await house.chat(house.signed())
    now = house.platform.wall() // 1000
    claims = {"sub": "48213", "aud": "demo", "exp": now + 600}
    for bad in (
        "x",
        "a.b.c",
        "é" * 100,
        "x" * 15_000,
        token(claims, OTHER),
        token(claims, ""),
        token(claims, header={"alg": "none"}),
        token(claims, header={"alg": "none"}).rpartition(".")[0] + ".",
        token(claims | {"exp": now - 3600}),
        token(claims | {"exp": now + 30 * 86_400}),
        token(claims | {"aud": "books"}),
        house.signed(shop="twin"),
        house.signed(shop="books", secret=OTHER),
        '{"sub": "48213"}',
        "48213",
    ):
        async with house.page(bad) as (wire, welcome):
            assert (welcome.chats, welcome.identity) == ([], "bad"), bad
            await cannot(wire, chat)
            opened = await wire.ask(frames.Open(new_id(), mine := new_id()))
            assert isinstance(opened, frames.Event)
            await wire.ask(frames.CloseChat(new_id(), mine))
        events = await house.running.node.store.stream("chat:" + mine)
        assert "identified" not in [event.kind for event in events]


async def test_a_number_of_one_shop_is_nobody_in_another(house: House) -> None:
    chat = await house.chat(house.signed())
    for shop, secret in (("books", OTHER), ("twin", SECRET), ("cars", SECRET)):
        async with house.page(house.signed(shop=shop, secret=secret), shop=shop) as (wire, welcome):
            assert (welcome.chats, welcome.identity) == ([], "good")
            await cannot(wire, chat)
    async with house.page(house.signed(), shop="plain") as (_, welcome):
        assert (welcome.chats, welcome.identity) == ([], "bad")


async def test_numbers_that_look_alike_are_different_people(house: House) -> None:
    chat = await house.chat(house.signed("48213"))
    for sub in ("048213", "48213.0", "\uff148213", "48213\u0301", "DEMO", "48213\\0demo"):
        async with house.page(house.signed(sub)) as (wire, welcome):
            assert welcome.chats == []
            await cannot(wire, chat)


async def test_a_copied_one_opens_nothing_once_it_is_over(house: House) -> None:
    copied = house.signed()
    chat = await house.chat(copied)
    house.platform.by = 2 * HOUR
    async with house.page(copied) as (wire, welcome):
        assert (welcome.chats, welcome.identity) == ([], "bad")
        await cannot(wire, chat)
    assert await house.shown(house.signed()) == [chat]


async def test_who_came_with_it_does_not_stay_after_its_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer, "_LOOK_SECONDS", 0.01)
    async with house.page(house.signed()) as (wire, _):
        await wire.ask(frames.Open(new_id(), new_id()))
        house.platform.by = 2 * HOUR
        assert await wire.closed() == Close.IDENTITY_OVER
        assert Close.IDENTITY_OVER < 4500, "the page comes back, as nobody in particular"


async def test_the_browsers_token_alone_opens_nothing_of_who_is_signed_in(house: House) -> None:
    browser = new_token()
    chat = await house.chat(house.signed(), browser)
    async with house.page("", browser) as (wire, welcome):
        assert welcome.chats == []
        await cannot(wire, chat)


async def test_anothers_browser_token_takes_no_chat_that_is_somebodys(house: House) -> None:
    """Whoever has the token of a browser could read its chat already; of who signed in there, nothing."""
    browser = new_token()
    chat = await house.chat("", browser)
    assert await house.shown(house.signed("1"), browser) == [chat]
    async with house.page(house.signed("2"), browser) as (wire, welcome):
        assert welcome.chats == []
        await cannot(wire, chat)


async def test_an_agent_is_nobody_by_a_shops_word(house: House) -> None:
    mia = await house.running.add_agent("mia")
    async with house.running.connection("/v1/agent") as wire:
        await wire.send(frames.Hello(1, mia, identity=house.signed()))
        assert (await wire.next(frames.Welcome)).identity == ""
    async with house.running.connection("/v1/agent") as wire:
        await wire.send(frames.Hello(1, new_token(), identity=house.signed("mia")))
        with pytest.raises(ConnectionClosed):
            await wire.receive()
        assert await wire.closed() == Close.BAD_TOKEN


# --- where it must not stand ----------------------------------------------------------------------------


async def test_neither_log_lines_nor_customers_frames_nor_the_store_hold_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    # As `server.logs.configure` has it: below that, libraries log whatever passes through them.
    caplog.set_level(logging.INFO)
    good, bad = house.signed(), house.signed(secret=OTHER)
    chat = await house.chat(good)
    await house.chat(bad)
    lines = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "not signed with this shop's secret" in lines
    for text in (good, bad):
        # The header is the same in every token.
        for part in text.split(".")[1:]:
            assert part not in lines
            for file in house.running.settings.data_dir.iterdir():
                if file.is_file():
                    assert part.encode() not in file.read_bytes()
    assert SECRET not in lines
    for event in await house.running.node.store.stream("chat:" + chat):
        assert event.kind == "identified" or "48213" not in event.text + event.name


async def test_erasing_them_leaves_nothing_of_it(house: House) -> None:
    browser = new_token()
    said = {"name": "Eva Zonnebloem", "email": "eva@zonnebloem.example", "phone": "+31 20 987 65 43"}
    chat = await house.chat("", browser)
    assert await house.shown(house.signed("kolibrie-7", **said), browser) == [chat]
    before = await house.running.node.store.row(chat)
    assert before is not None
    await house.running.node.administration.erase(chat)
    for event in await house.running.node.store.stream("chat:" + chat):
        assert not event.text
    for file in house.running.settings.data_dir.iterdir():
        if file.is_file():
            held = file.read_bytes()
            for text in ("kolibrie-7", *said.values()):
                assert text.encode() not in held, file
    # Another page of theirs does not bring it back into this chat.
    assert await house.shown(house.signed("kolibrie-7", **said), browser) == [chat]
    assert not [e for e in await house.running.node.store.stream("chat:" + chat) if e.text]


async def test_a_secret_that_is_changed_ends_what_the_old_one_signed(house: House) -> None:
    old = house.signed()
    chat = await house.chat(old)
    shops = SHOPS | {"demo": replace(SHOPS["demo"], identity=Table(secret="c" * 40))}
    house.running.node._gateway.reload(replace(house.running.settings, shops=shops))
    assert await house.shown(old) == []
    # Whoever they are, the shop knows them by the same number.
    assert await house.shown(house.signed(secret="c" * 40)) == [chat]


@pytest.mark.parametrize("table", [Table(secret="c" * 40), None])
async def test_a_secret_that_is_changed_ends_who_came_by_the_old_one(
    house: House, monkeypatch: pytest.MonkeyPatch, table: Table | None
) -> None:
    monkeypatch.setattr(customer, "_LOOK_SECONDS", 0.01)
    shops = SHOPS | {"demo": replace(SHOPS["demo"], identity=table)}
    async with house.page(house.signed()) as (wire, _), house.page(house.signed(), shop="twin") as (twin, _):
        await wire.ask(frames.Open(new_id(), new_id()))
        house.running.node._gateway.reload(replace(house.running.settings, shops=shops))
        assert await wire.closed() == Close.IDENTITY_OVER
        await twin.ask(frames.Open(new_id(), new_id()))
