"""A customer and an agent talk; everything in between breaks and comes back."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.house import Agent, RunningServer
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser


async def test_open_write_answer(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await expect(widget.status).to_have_text("We are online")
    await widget.write("My order did not arrive")
    chat = await agent.hears("My order did not arrive")
    await expect(widget.tick("My order did not arrive", "Delivered")).to_have_count(1)
    await expect(page.get_by_text("Mette joined the chat")).to_be_visible()
    agent.sees(chat)
    await expect(widget.tick("My order did not arrive", "Read")).to_have_count(1)
    agent.types(chat)
    await expect(widget.status).to_have_text("Mette is typing…")
    agent.says(chat, "Which order is it?")
    await widget.shows("My order did not arrive", "Which order is it?")
    await expect(widget.status).to_have_text("We are online")
    await agent.until(lambda: agent.journal.chats[chat].customer_marks.seen >= 4)
    await widget.field.press_sequentially("It")
    await agent.until(lambda: "customer" in agent.journal.chats[chat].typing)


async def test_history_is_there_after_a_reload(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("one")
    chat = await agent.hears("one")
    agent.says(chat, "two")
    await widget.shows("one", "two")
    await widget.again()
    await widget.shows("one", "two")
    await widget.write("three")
    await agent.hears("three")
    assert agent.texts(chat) == ["one", "two", "three"]


async def test_older_messages_come_page_by_page(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("the first")
    chat = await agent.hears("the first")
    texts = [f"line {n}" for n in range(120)]
    for text in texts[:90]:
        agent.says(chat, text)
    await agent.link.drained()
    for text in texts[90:]:
        agent.says(chat, text)
    await agent.link.drained()
    await widget.again()
    await expect(widget.theirs.last).to_have_text("line 119")
    await expect(widget.said("the first")).to_have_count(0)
    await page.get_by_role("button", name="Older messages").click()
    await widget.shows("the first", *texts)
    await expect(page.get_by_role("button", name="Older messages")).to_be_hidden()


async def test_offline_and_back(
    server: RunningServer, agent: Agent, context: BrowserContext, page: Page
) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("before")
    chat = await agent.hears("before")
    await context.set_offline(True)
    await expect(widget.status).to_have_text("Trying to reconnect…")
    await widget.write("written offline")
    await widget.write("this too")
    await expect(widget.tick("this too", "Waiting to be sent")).to_have_count(1)
    agent.says(chat, "answered meanwhile")
    await agent.hears("answered meanwhile")
    await context.set_offline(False)
    await agent.hears("this too")
    await expect(widget.status).to_have_text("We are online")
    await widget.shows("before", "answered meanwhile", "written offline", "this too")
    assert agent.texts(chat) == ["before", "answered meanwhile", "written offline", "this too"]


async def test_what_was_written_offline_survives_a_reload(
    server: RunningServer, agent: Agent, page: Page
) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("before")
    chat = await agent.hears("before")
    await server.kill()
    await expect(widget.status).to_have_text("Trying to reconnect…")
    await widget.write("nobody heard this yet")
    await server.start()
    await page.reload()
    await agent.hears("nobody heard this yet")
    assert agent.texts(chat) == ["before", "nobody heard this yet"]


async def test_the_server_is_killed_and_comes_back(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("before")
    chat = await agent.hears("before")
    agent.says(chat, "I look it up")
    await widget.shows("before", "I look it up")
    await server.kill()
    await expect(widget.status).to_have_text("Trying to reconnect…")
    await widget.write("meanwhile one")
    await widget.write("meanwhile two")
    agent.says(chat, "found it")
    await server.start()
    await agent.hears("meanwhile two")
    await agent.link.drained()
    await expect(page.locator(".list .text")).to_have_count(5)
    await expect(widget.tick("meanwhile two", "Waiting to be sent")).to_have_count(0)
    shown = await page.locator(".list .text").all_text_contents()
    assert shown == agent.texts(chat)
    assert sorted(shown) == sorted(["before", "I look it up", "meanwhile one", "meanwhile two", "found it"])


async def test_two_tabs_are_one_customer(
    server: RunningServer, agent: Agent, context: BrowserContext, page: Page
) -> None:
    first = await (await Widget(page).visit(server)).open()
    await first.write("from the first")
    chat = await agent.hears("from the first")
    second = await (await Widget(await context.new_page()).visit(server)).open()
    await second.shows("from the first")
    await second.write("from the second")
    await agent.hears("from the second")
    await first.shows("from the first", "from the second")
    agent.says(chat, "to both")
    await first.shows("from the first", "from the second", "to both")
    await second.shows("from the first", "from the second", "to both")
    await agent.hears("to both")
    assert agent.texts(chat) == ["from the first", "from the second", "to both"]
    assert len(agent.chats) == 1
    await first.page.close()
    await second.write("the other tab is gone")
    await agent.hears("the other tab is gone")


async def test_two_tabs_begin_at_once(
    server: RunningServer, agent: Agent, context: BrowserContext, page: Page
) -> None:
    first = await (await Widget(page).visit(server)).open()
    second = await (await Widget(await context.new_page()).visit(server)).open()
    await context.set_offline(True)
    await first.write("one")
    await second.write("two")
    await context.set_offline(False)
    await agent.hears("two")
    assert agent.chats == [await agent.hears("one")]
    await first.shows(*agent.texts(agent.chats[0]))


async def test_it_stays_open_from_page_to_page_and_takes_no_focus(
    server: RunningServer, agent: Agent, page: Page
) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("still there?")
    chat = await agent.hears("still there?")
    await page.reload()
    await expect(widget.panel).to_be_visible()
    await widget.shows("still there?")
    assert await page.evaluate("document.activeElement === document.body")
    agent.says(chat, "yes")
    await widget.shows("still there?", "yes")
    await agent.until(lambda: agent.journal.chats[chat].customer_marks.seen > 1)
    # Another tab is another place; a phone's screen would be covered; what was closed stays closed.
    other = Widget(await page.context.new_page())
    await other.visit(server)
    await expect(other.launcher).to_have_accessible_name("Open chat")
    await expect(other.panel).to_have_count(0)
    await page.set_viewport_size({"width": 390, "height": 700})
    await page.reload()
    await expect(widget.launcher).to_be_visible()
    await expect(widget.panel).to_have_count(0)
    await page.set_viewport_size({"width": 1000, "height": 700})
    await page.reload()
    await expect(widget.panel).to_be_visible()
    await widget.field.press("Escape")
    await expect(widget.panel).to_be_hidden()
    await page.reload()
    await expect(widget.launcher).to_be_visible()
    await expect(widget.panel).to_have_count(0)


async def test_unread_messages_are_counted(server: RunningServer, agent: Agent, page: Page) -> None:
    title = "Kade 7 Coffee: roasted by the water"
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("hello")
    chat = await agent.hears("hello")
    await widget.field.press("Escape")
    await expect(widget.launcher).to_be_focused()
    agent.says(chat, "are you still there?")
    agent.says(chat, "just asking")
    await expect(widget.launcher).to_have_accessible_name("Open chat (2)")
    await expect(page).to_have_title(title)
    await page.reload()
    await expect(widget.launcher).to_have_accessible_name("Open chat (2)")
    await widget.open()
    await agent.until(lambda: agent.journal.chats[chat].customer_marks.seen > 0)
    await widget.field.press("Escape")
    await expect(widget.launcher).to_have_accessible_name("Open chat")


async def test_a_chat_ends_goes_on_and_begins_anew(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("hello")
    chat = await agent.hears("hello")
    agent.closes(chat)
    await expect(page.get_by_text("The chat has ended")).to_be_visible()
    await expect(widget.field).to_be_hidden()
    await page.get_by_role("button", name="Continue this chat").click()
    await expect(widget.field).to_be_focused()
    await widget.write("one more thing")
    assert await agent.hears("one more thing") == chat
    await page.get_by_role("button", name="End chat").click()
    await page.get_by_role("button", name="New chat").click()
    await widget.shows()
    await widget.write("something else")
    assert await agent.hears("something else") != chat
    await widget.shows("something else")
    await widget.again()
    await widget.shows("something else")


async def test_nobody_is_online(server: RunningServer, page: Page, browser: Browser) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await expect(widget.status).to_contain_text("Nobody is online right now.")
    await widget.write("anybody?")
    await expect(widget.tick("anybody?", "Sent")).to_have_count(1)
    async with Agent(server) as agent:
        chat = await agent.hears("anybody?")
        agent.says(chat, "good morning!")
        await widget.shows("anybody?", "good morning!")


async def test_a_refused_message_keeps_its_text(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("hello")
    chat = await agent.hears("hello")
    await expect(widget.tick("hello", "Delivered")).to_have_count(1)
    # The shortest way to a refusal: a message for a chat nobody knows.
    await page.evaluate(
        """() => {
          const item = {n: 99, at: Date.now(), command: {
            t: "say", id: "nobody-knows-this-id", chat: localStorage["supportterm.demo.chat"], text: " "}};
          localStorage["supportterm.demo.out.nobody-knows-this-id"] = JSON.stringify(item);
          dispatchEvent(new Event("storage"));
        }"""
    )
    await expect(page.get_by_role("img", name="Not sent")).to_be_visible()
    await page.get_by_role("button", name="Try again").click()
    await expect(widget.field).to_be_focused()
    await widget.write("now with words")
    assert await agent.hears("now with words") == chat
    await widget.shows("hello", "now with words")
