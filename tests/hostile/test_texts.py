"""Naughty texts through the whole way: a customer's to the agent's terminal, an agent's to the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from supportterm.protocol import frames
from supportterm.protocol.limits import SUBPROTOCOL, TEXT_CODE_POINTS
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text
from tests.browser import chromium
from tests.browser.house import Agent, RunningServer
from tests.browser.widget import Widget
from tests.console.test_pty import nothing_foreign
from tests.crash.house import House
from tests.hostile.naughty import ATTACKS, NAUGHTY
from tests.hostile.terminal import ConsoleTerminal
from tests.support import Wire, new_id, new_token

#: Less half characters, which have no UTF-8.
TEXTS = [text[:TEXT_CODE_POINTS].encode(errors="ignore").decode() for text in [*ATTACKS, *NAUGHTY]]
#: What a client may leave unanswered.
_SOME = 50


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    await house.end()


def test_the_list_is_long() -> None:
    assert len(NAUGHTY) >= 60
    assert len(set(TEXTS)) == len(TEXTS)


async def test_a_customers_texts_on_the_agents_terminal(house: House, tmp_path: Path) -> None:
    """Only text arrives, none of its control bytes, and the console goes on working."""
    [token] = await house.add_agents(1)
    await house.start()
    home = tmp_path / "home"
    terminal = ConsoleTerminal(home, house.url, "agent0", token)
    try:
        async with connect(
            house.url + "/v1/shop/demo", subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None
        ) as socket:
            wire = Wire(socket)
            await wire.send(frames.Hello(1, new_token()))
            await wire.next(frames.Welcome)
            chat = new_id()
            page = "https://shop.example/" + "".join(ATTACKS)[:1_900]
            assert isinstance(await wire.ask(frames.Open(id=new_id(), chat=chat, page=page)), frames.Event)
            await says(wire, chat, "the first of them")
            await terminal.until("the first of them")
            for text in TEXTS:
                event = await says(wire, chat, text)
                if event is not None:
                    assert event.text == mask(wire_text(text))[0]
            await says(wire, chat, "the last of them")
            await terminal.until("the last of them")
            for _ in range(15):
                terminal.press("\x1b[5~")
            terminal.press("\x1bOP")
            await terminal.until("ctrl+n")
            terminal.press("\x1b")
            await terminal.until(lambda: "ctrl+n" not in terminal.shown)
            terminal.press("\x1b[6~" * 40)
            terminal.press("and all is well\r")
            await terminal.until("You")
            answer = await wire.next(frames.Event, lambda event: event.text == "and all is well")
            assert answer.by.role == "agent"
        assert await terminal.leave() == 0
    finally:
        terminal.end()
    nothing_foreign(terminal.output)
    for never in (b"\x1b[5m", b"\x1b[8m", b"PWNED", b"\x1b[2J\x1b[H\x1b[3J"):
        assert never not in terminal.output


async def says(wire: Wire, chat: str, text: str) -> frames.Event | None:
    """The event of the message; None if there was nothing in the text that could be sent."""
    answer = await wire.ask(frames.Say(id=new_id(), chat=chat, text=text))
    if isinstance(answer, frames.Err):
        assert answer.code == "bad_text", answer
        return None
    assert isinstance(answer, frames.Event)
    return answer


@pytest.mark.browser
async def test_an_agents_texts_on_the_page(tmp_path: Path) -> None:
    """Every text is on the page as it was written, and nothing but text."""
    server = RunningServer(tmp_path)
    await server.start()
    try:
        async with async_playwright() as playwright, Agent(server) as agent:
            browser = await playwright.chromium.launch(executable_path=await asyncio.to_thread(chromium.find))
            page = await browser.new_page(locale="en-GB")
            page.on("dialog", lambda dialog: pytest.fail(f"the page asked: {dialog.message}"))
            widget = await (await Widget(page).visit(server)).open()
            title = await page.title()
            await widget.write("what have you got?")
            chat = await agent.hears("what have you got?")
            for at, text in enumerate(TEXTS):
                agent.says(chat, text)
                if not at % _SOME:
                    await agent.link.drained()
            await agent.link.drained()
            agent.says(chat, "the last of them")
            await expect(widget.theirs.last).to_have_text("the last of them")
            shown = await widget.theirs.evaluate_all(
                "all => all.map(e =>"
                " [e.textContent, [...e.querySelectorAll('*')].map(c => c.tagName + c.href)])"
            )
            sent = [event.text for event in agent.messages(chat) if event.by.role == "agent"]
            assert len(sent) > len(TEXTS) - 5
            assert [text for text, _ in shown] == sent
            links = [child for _, children in shown for child in children]
            assert all(child.startswith(("Ahttp://", "Ahttps://")) for child in links), links
            assert await page.evaluate("window.pwned") is None
            assert await page.title() == title
            await widget.write("thank you")
            await agent.hears("thank you")
            await browser.close()
    finally:
        await server.stop()
