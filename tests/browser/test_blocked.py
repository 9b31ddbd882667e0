"""Whoever is blocked: what they read, and that nothing they wrote is lost."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from supportterm.protocol import frames
from supportterm.protocol.views import Door
from tests.browser.scripted import METTE, Scripted
from tests.browser.test_waiting import returning, tomorrow, widget
from tests.browser.widget import Widget

__all__ = ["widget"]

pytestmark = pytest.mark.browser


async def test_after_abuse_nothing_can_be_written_and_it_says_where_to_complain(
    script: Scripted, page: Page
) -> None:
    await script.begins("open")
    widget = await (await returning(script, page)).open()
    await script.happens("warned", METTE)
    await expect(widget.line("Please keep it friendly.")).to_be_visible()
    await widget.field.fill("what I was writing")
    await script.happens("closed", METTE, reason="abuse", appeal="fair@shop.example")
    await script.shows(door=Door(open=True, blocked_until=tomorrow(9), appeal="fair@shop.example"))
    await expect(widget.line("This chat was ended.")).to_contain_text("write to fair@shop.example")
    await expect(page.get_by_text("You cannot begin a new chat until tomorrow at 09:00.")).to_be_visible()
    for gone in (widget.field, widget.button("New chat"), widget.button("Continue this chat")):
        await expect(gone).to_be_hidden()
    await script.shows(door=Door(open=True))
    await expect(widget.button("New chat")).to_be_visible()
    # The server takes nobody back into such a chat.
    await expect(widget.button("Continue this chat")).to_be_hidden()
    await widget.button("New chat").click()
    await expect(widget.field).to_have_value("what I was writing")


async def test_a_block_met_at_the_first_message_gives_its_text_back(
    script: Scripted, widget: Widget, page: Page
) -> None:
    script.refuses["open"] = frames.Err("blocked", until=tomorrow(9))
    await widget.open()
    await widget.field.fill("Hello again")
    await widget.field.press("Enter")
    await expect(page.get_by_text("You cannot begin a new chat until tomorrow at 09:00.")).to_be_visible()
    await expect(widget.field).to_be_hidden()
    script.refuses.clear()
    await script.shows(door=Door(open=True))
    await expect(widget.field).to_have_value("Hello again")
