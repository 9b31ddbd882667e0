"""Who is signed in at the shop: their chat on each device, and nothing of it for who comes after them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import Scripted
from tests.browser.test_callbacks import called_back, in_a_chat, in_days, weekday
from tests.browser.widget import Widget
from tests.signing import SECRET, known

pytestmark = pytest.mark.browser

QUESTION, ANSWER = "Where is 48213?", "It lies at Main Street 5."


def word(sub: str) -> str:
    return known(sub, int(time.time() * 1000), "demo")


@pytest_asyncio.fixture(loop_scope="session")
async def shop(server: RunningServer) -> RunningServer:
    """The demo's shop, which has a secret; it starts anew to know it."""
    server.shop = f'[shop.demo.identity]\nsecret = "{SECRET}"\n'
    await server.stop()
    await server.start()
    return server


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """A browser that was never here before."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 412, "height": 800})
    context.set_default_timeout(20_000)
    yield await context.new_page()
    await context.close()


#: The page as the shop's server makes it; the tag's script comes later than the tag.
SIGNED = """
new MutationObserver(() => {
  const tag = document.querySelector("script[data-shop]");
  if (tag) { if (%(word)s) { tag.dataset.identity = %(word)s; } else { delete tag.dataset.identity; } }
}).observe(document, { childList: true, subtree: true });
"""


async def visit(page: Page, server: RunningServer, identity: str = "") -> Widget:
    """A page of the shop for who is signed in. Of several such scripts in a page the last one counts."""
    await page.add_init_script(SIGNED % {"word": f'"{identity}"'})
    return await Widget(page).visit(server)


async def still_open(widget: Widget) -> Widget:
    """From page to page an open panel stays open."""
    await expect(widget.panel).to_be_visible()
    await expect(widget.field).to_be_visible()
    return widget


async def asks(server: RunningServer, agent: Agent, page: Page, identity: str = "") -> str:
    widget = await (await visit(page, server, identity)).open()
    await widget.write(QUESTION)
    chat = await agent.hears(QUESTION)
    await expect(widget.tick(QUESTION, "Delivered")).to_have_count(1)
    return chat


async def test_their_chat_is_there_on_another_device(
    shop: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await asks(shop, agent, page, word("48213"))
    await page.close()
    agent.says(chat, ANSWER)
    await agent.until(lambda: ANSWER in agent.texts(chat))
    widget = await visit(phone, shop, word("48213"))
    # Without anything being opened: an answer that waits is seen to wait.
    await expect(widget.launcher).to_contain_text("1")
    await widget.launcher.click()
    await widget.shows(QUESTION, ANSWER)
    await widget.write("Thanks!")
    await agent.hears("Thanks!")


async def test_signing_in_goes_on_with_the_chat_and_signing_out_leaves_nothing(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    await asks(shop, agent, page)
    widget = await visit(page, shop, word("48213"))
    await expect(widget.panel).to_be_visible()
    await widget.shows(QUESTION)
    await widget.field.fill("my password is")
    for identity in ("", word("7")):
        widget = await (await visit(page, shop, identity)).open()
        await expect(widget.field).to_have_value("")
        await widget.shows()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        await widget.field.press("Escape")
    # What they were writing is theirs, too, when they are back.
    widget = await still_open(await visit(page, shop, word("48213")))
    await widget.shows(QUESTION)
    await expect(widget.field).to_have_value("my password is")


async def test_a_page_signs_people_in_and_out_without_loading_anew(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    await asks(shop, agent, page)
    widget = Widget(page)
    await page.evaluate("word => supportterm.identify(word)", word("48213"))
    await widget.shows(QUESTION)
    await widget.write("I am signed in now")
    await agent.hears("I am signed in now")
    await page.evaluate("supportterm.identify('')")
    await expect(widget.panel).to_be_hidden()
    await widget.launcher.click()
    await widget.shows()


async def test_a_chat_that_does_not_go_along_is_there_for_who_signs_out(
    shop: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    """They have another one on their phone; the one of this browser goes on without them."""
    here = await asks(shop, agent, page)
    first = await (await visit(phone, shop, word("48213"))).open()
    await first.write("And 48214?")
    there = await agent.hears("And 48214?")
    agent.says(there, "To Nyhavn 8?")
    widget = await still_open(await visit(page, shop, word("48213")))
    await widget.shows("And 48214?", "To Nyhavn 8?")
    await widget.field.press("Escape")
    agent.says(here, ANSWER)
    await agent.until(lambda: ANSWER in agent.texts(here))
    await visit(page, shop)
    # Without anything being opened, again.
    await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
    await widget.open()
    await widget.shows(QUESTION, ANSWER)
    await widget.write("Thanks!")
    assert await agent.hears("Thanks!") == here


async def test_a_page_that_was_signed_before_somebody_wrote_does_not_take_their_chat(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    here = await asks(shop, agent, page)
    before = known("48213", int(time.time() * 1000) - 600_000, "demo")
    widget = await still_open(await visit(page, shop, before))
    await widget.write("And mine?")
    assert await agent.hears("And mine?") != here
    await widget.shows("And mine?")
    widget = await (await visit(page, shop)).open()
    await widget.shows(QUESTION)


async def test_a_chat_that_was_over_stays_with_who_had_it(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    chat = await asks(shop, agent, page)
    agent.closes(chat)
    widget = Widget(page)
    await expect(widget.button("Continue this chat")).to_be_visible()
    await still_open(await visit(page, shop, word("48213")))
    await widget.shows()
    await visit(page, shop)
    await widget.launcher.click()
    await widget.shows(QUESTION)
    await widget.button("Continue this chat").click()
    await widget.write("One more thing")
    assert await agent.hears("One more thing") == chat


async def test_each_chat_begun_in_a_tab_goes_along_when_they_sign_in_again(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    """That there was nothing elsewhere when this tab looked says nothing of what was begun here since."""
    widget = await visit(page, shop, word("48213"))
    looked = "sessionStorage.getItem('supportterm.demo.~48213.looked')"
    # Asked from outside: the page's own policy forbids what Playwright would poll with.
    async with asyncio.timeout(20):
        while not await page.evaluate(looked):
            await page.wait_for_timeout(20)
    chat = await asks(shop, agent, page)
    await page.keyboard.press("Escape")
    agent.says(chat, ANSWER)
    await agent.until(lambda: ANSWER in agent.texts(chat))
    await visit(page, shop, word("48213"))
    await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
    await widget.open()
    await widget.shows(QUESTION, ANSWER)
    # It is theirs: nothing is left that a stranger's page would connect for.
    assert await page.evaluate("localStorage.getItem('supportterm.demo.chat')") is None
    await page.keyboard.press("Escape")
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    await visit(page, shop)
    assert sockets == []


async def test_what_was_not_sent_yet_is_a_draft_and_said_in_nobodys_name(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    await asks(shop, agent, page)
    await page.keyboard.press("Escape")
    widget = await (await visit(page, shop)).open()
    await shop.kill()
    await expect(widget.status).to_have_text("Trying to reconnect…")
    await widget.write("Please send order 9 to me")
    await page.goto("about:blank")
    await shop.start()
    widget = await still_open(await visit(page, shop, word("48213")))
    await widget.shows(QUESTION)
    await expect(widget.field).to_have_value("Please send order 9 to me")
    assert not any("order 9" in text for chat in agent.journal.chats for text in agent.texts(chat))


async def test_a_message_that_was_left_waits_for_who_left_it(
    shop: RunningServer, page: Page, phone: Page
) -> None:
    """Its answer goes to the address that was typed there, and who signs in is maybe somebody else."""
    shop.shop = "max_queue = 1\n" + shop.shop
    await shop.stop()
    await shop.start()
    first = await (await visit(phone, shop)).open()
    await first.write(QUESTION)
    await expect(first.tick(QUESTION, "Sent")).to_have_count(1)
    widget = await visit(page, shop)
    await widget.launcher.click()
    await widget.question.fill("Do you have the blue one?")
    await page.get_by_label("E-mail (optional)").fill("anna@example.org")
    await widget.button("Leave message").click()
    await widget.shows("Do you have the blue one?")
    await page.keyboard.press("Escape")
    async with Agent(shop) as agent:
        chat = await agent.takes_left()
        await visit(page, shop, word("48213"))
        await widget.launcher.click()
        await expect(page.get_by_text("Do you have the blue one?")).to_have_count(0)
        await page.keyboard.press("Escape")
        agent.says(chat, "Yes, in both sizes.")
        await agent.until(lambda: "Yes, in both sizes." in agent.texts(chat))
        await visit(page, shop)
        # Without anything being opened: the browser still knows that it waits for something.
        await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
        await widget.open()
        await widget.shows("Do you have the blue one?", "Yes, in both sizes.")


async def test_a_word_that_is_not_believed_is_a_visitors(
    shop: RunningServer, agent: Agent, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for number, bad in enumerate((known("48213", 1_600_000_000_000, "demo"), "nonsense", "a.b.c" * 2_000)):
        widget = await (await visit(page, shop, bad)).open()
        await widget.write(f"{QUESTION} {number}")
        await agent.hears(f"{QUESTION} {number}")
        await widget.field.press("Escape")
    assert "supportterm: identity refused" in said
    assert not any("nonsense" in text for text in said)


async def test_what_waits_here_is_said_as_it_is(script: Scripted, page: Page) -> None:
    widget = await in_a_chat(script, page)
    due = in_days(2)
    await called_back(script, due, "here")
    said = (
        f"Mette answers you here before {weekday(due)} 10:00."
        " You don’t need to stay: you will see it when you are next signed in."
    )
    await expect(widget.line(said)).to_have_count(1)
    await expect(page.get_by_role("timer")).to_have_text(said)
