"""The link in a mail: on another device it opens the same chat, and leaves no trace of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.elsewhere import one_page
from tests.browser.house import Agent, RunningServer
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

QUESTION, ANSWER = "Where is 48213?", "It comes tomorrow, before noon."
EXPIRED = "This link no longer opens a chat."
ANEW = f"{EXPIRED} Start a new one here."
LINKED = "Opened from the link in your mail"


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """A browser that was never here before."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 412, "height": 800})
    context.set_default_timeout(20_000)
    yield await context.new_page()
    await context.close()


async def talk(server: RunningServer, agent: Agent, page: Page) -> str:
    """A chat with a question and its answer, on the browser in which it began; the page is left then."""
    widget = await (await Widget(page).visit(server)).open()
    await widget.write(QUESTION)
    chat = await agent.hears(QUESTION)
    await expect(widget.tick(QUESTION, "Delivered")).to_have_count(1)
    await page.close()
    agent.says(chat, ANSWER)
    await agent.until(lambda: ANSWER in agent.texts(chat))
    return chat


async def follow(page: Page, server: RunningServer, link: str, path: str = "/demo/") -> Widget:
    """Go there; the panel opens by itself, over the whole of a phone's page."""
    widget = Widget(page)
    await page.goto(f"http://{server.address}{path}#supportterm={link}")
    await expect(widget.panel).to_be_visible()
    return widget


async def test_the_chat_opens_on_another_device_and_goes_on_there(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    answer = agent.messages(chat)[-1].pub
    widget = await follow(phone, server, server.link(chat), "/demo/?from=mail")
    await widget.shows(QUESTION, ANSWER)
    # Whoever sits at a machine that others use, too, sees what they are in.
    await expect(phone.get_by_text(LINKED)).to_be_in_viewport()
    # The answer is seen: what was promised by mail has arrived.
    await agent.until(lambda: agent.journal.chats[chat].customer_marks.seen == answer)
    assert phone.url == f"http://{server.address}/demo/?from=mail"
    await widget.write("Thank you!")
    await agent.hears("Thank you!")
    agent.says(chat, "You are welcome.")
    await widget.shows(QUESTION, ANSWER, "Thank you!", "You are welcome.")
    assert agent.chats == [chat]
    # In this tab it stays, on every page of the shop; the panel opens by itself once.
    await phone.reload()
    await expect(widget.panel).to_be_hidden()
    await widget.open()
    await widget.shows(QUESTION, ANSWER, "Thank you!", "You are welcome.")
    await widget.visit(server, "/demo/product.html")
    await widget.open()
    await widget.write("One more thing")
    assert await agent.hears("One more thing") == chat


async def test_what_the_browser_has_at_the_shop_itself_stays_apart(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    widget = await follow(phone, server, server.link(chat))
    await widget.shows(QUESTION, ANSWER)
    assert await phone.evaluate("JSON.stringify({...localStorage})") == "{}"
    other = await phone.context.new_page()
    own = await (await Widget(other).visit(server)).open()
    await expect(other.get_by_text(LINKED)).to_have_count(0)
    await expect(own.page.locator(".list .text")).to_have_count(0)
    await own.write("Something else")
    mine = await agent.hears("Something else")
    assert mine != chat
    # Neither tab waits for the other one, or shows what is the other's.
    await widget.write("Still here")
    assert await agent.hears("Still here") == chat
    agent.says(mine, "Hello!")
    await own.shows("Something else", "Hello!")
    await widget.shows(QUESTION, ANSWER, "Still here")


async def test_the_link_is_told_to_nobody(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    link = server.link(chat)
    told: list[str] = []
    phone.on("request", lambda request: told.append(f"{request.url} {request.headers} {request.post_data}"))
    async with one_page("elsewhere") as elsewhere:
        widget = await follow(phone, server, link)
        await widget.shows(QUESTION, ANSWER)
        assert await phone.evaluate("[location.href, document.URL].join().includes('supportterm=')") is False
        await phone.evaluate(f"location.assign('{elsewhere}')")
        await expect(phone.get_by_text("elsewhere")).to_be_visible()
        assert await phone.evaluate("document.referrer.includes('supportterm=')") is False
        # Going back, nothing is found in the history, and the chat is still there.
        await phone.go_back()
        assert phone.url == f"http://{server.address}/demo/"
        await phone.reload()
        await widget.open()
        await widget.shows(QUESTION, ANSWER)
    assert len(told) > 3
    assert not [line for line in told if link.rpartition(".")[2] in line]


async def test_a_closed_chat_goes_on_by_its_link(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    agent.closes(chat)
    await agent.link.drained()
    widget = await follow(phone, server, server.link(chat, days=29))
    await widget.shows(QUESTION, ANSWER)
    await expect(widget.line("The chat has ended")).to_be_visible()
    # Nothing has to be chosen first.
    await expect(widget.field).to_be_focused()
    await expect(widget.button("New chat")).to_be_hidden()
    await widget.write("It did not come.")
    await agent.hears("It did not come.")
    await expect(widget.line("The chat goes on")).to_be_visible()
    await expect(widget.tick("It did not come.", "Delivered")).to_have_count(1)


async def test_a_link_that_opens_nothing_says_so_and_bars_nobody(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    widget = await follow(phone, server, server.link(chat, days=31))
    await expect(phone.get_by_text(ANEW, exact=True)).to_be_visible()
    await expect(phone.get_by_text(LINKED)).to_have_count(0)
    assert "supportterm" not in phone.url
    await expect(widget.page.locator(".list .text")).to_have_count(0)
    await widget.write("Then let me ask again")
    assert await agent.hears("Then let me ask again") != chat
    await phone.reload()
    await widget.open()
    await widget.shows("Then let me ask again")
    await expect(phone.get_by_text(EXPIRED)).to_be_hidden()


async def test_a_link_pasted_into_an_open_page_is_followed(
    server: RunningServer, agent: Agent, page: Page, phone: Page
) -> None:
    chat = await talk(server, agent, page)
    widget = await Widget(phone).visit(server)
    await phone.evaluate(f"location.hash = 'supportterm={server.link(chat)}'")
    await widget.shows(QUESTION, ANSWER)
    assert phone.url == f"http://{server.address}/demo/"
    await expect(phone.locator("supportterm-widget")).to_have_count(1)
    # A fragment of the page's own is left alone.
    await phone.evaluate("location.hash = 'coffee'")
    await widget.write("Thanks")
    await agent.hears("Thanks")
    assert phone.url.endswith("#coffee")


async def test_the_servers_own_page_where_the_shops_page_is_not_known(
    server: RunningServer, page: Page, phone: Page, context: BrowserContext
) -> None:
    # Begun where any page may open chats; then the shop names its pages, and this server is none of them.
    async with Agent(server) as mette:
        chat = await talk(server, mette, page)
    await server.stop()
    server.origins = '["https://www.kade7.example"]'
    await server.start()
    async with Agent(server) as mette:
        widget = await follow(phone, server, server.link(chat), "/chat/demo")
        await widget.shows(QUESTION, ANSWER)
        assert phone.url == f"http://{server.address}/chat/demo"
        assert await phone.title() == "Kade 7 Coffee"
        await widget.write("Thank you!")
        assert await mette.hears("Thank you!") == chat
        # There is nothing else on it: it opens by itself.
        await phone.reload()
        await widget.shows(QUESTION, ANSWER, "Thank you!")
        # Without a link it opens nothing.
        other = await context.new_page()
        empty = await Widget(other).visit(server, "/chat/demo")
        await empty.launcher.click()
        await expect(empty.status).to_have_text("Not available right now")
        await expect(other.get_by_role("link", name="Kade 7 Coffee")).to_have_attribute(
            "href", "https://www.kade7.example/"
        )
        late = await context.new_page()
        await follow(late, server, server.link(chat, days=31), "/chat/demo")
        # Nothing can be begun here, and it is not said.
        await expect(late.get_by_text(EXPIRED, exact=True)).to_be_visible()
        await expect(Widget(late).field).to_be_hidden()
