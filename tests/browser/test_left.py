"""A message is left at the real server, and its answer found by whoever comes back."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.house import Agent, RunningServer
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser


async def test_who_finds_too_many_waiting_leaves_a_message_and_reads_the_answer(
    server: RunningServer, browser: Browser, page: Page
) -> None:
    server.shop = "max_queue = 1\n"
    await server.stop()
    await server.start()
    other = await browser.new_context(locale="en-GB")
    first = await (await Widget(await other.new_page()).visit(server)).open()
    await first.write("I was first")
    await expect(first.tick("I was first", "Sent")).to_have_count(1)

    widget = await Widget(page).visit(server)
    await widget.launcher.click()
    await expect(page.get_by_text("Many people are waiting right now.")).to_be_visible()
    await widget.question.fill("Do you have the blue one?")
    await page.get_by_label("E-mail (optional)").fill("anna@example.org")
    await widget.button("Leave message").click()
    await widget.shows("Do you have the blue one?")
    await expect(widget.line("Your message is kept. The answer comes here, by")).to_be_visible()
    await widget.field.fill("A small one")
    await widget.field.press("Enter")
    await expect(widget.tick("A small one", "Sent")).to_have_count(1)
    await widget.field.press("Escape")
    await page.goto("about:blank")

    async with Agent(server) as agent:
        chat = await agent.takes_left()
        await agent.until(lambda: "A small one" in agent.texts(chat))
        agent.says(chat, "Yes, in both sizes.")
        await agent.until(lambda: "Yes, in both sizes." in agent.texts(chat))
        await widget.visit(server)
        await expect(widget.launcher).to_have_accessible_name("Open chat (1)")
        await widget.open()
        await widget.shows("Do you have the blue one?", "A small one", "Yes, in both sizes.")
        await agent.until(lambda: agent.journal.chats[chat].customer_marks.seen > 0)
        # Closed while the customer is away again, it is still there to be read.
        await page.goto("about:blank")
        agent.says(chat, "Have a nice day!")
        agent.closes(chat)
        await agent.link.drained()
        await widget.visit(server)
        await widget.shows(
            "Do you have the blue one?", "A small one", "Yes, in both sizes.", "Have a nice day!"
        )
    await other.close()
