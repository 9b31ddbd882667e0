"""A customer says with one press that they were understood, or what is different, or what they choose."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from supportterm.link.chatlog import data_of
from supportterm.protocol import frames, kinds
from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import CHAT, CUSTOMER, METTE, MINUTE, Scripted, now
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

SUMMARY = "Your order 48213 came with one lamp instead of two. Is that right?"
OPTIONS = "What suits you?\nSend the second lamp\tIt is with you tomorrow\nMoney back\t<b>Free</b> of charge"
YES, NO = "Yes, that’s right", "Not quite…"
CORRECTION = "What is different?"


@pytest_asyncio.fixture(loop_scope="session")
async def widget(script: Scripted, page: Page) -> Widget:
    await page.add_init_script(f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'")
    await script.begins("open")
    return await (await Widget(page).visit(script)).open()


async def asks(script: Scripted) -> int:
    """Mette says how she understood it; the message's number."""
    await script.happens("message", METTE, SUMMARY, summary=True)
    return len(script.events[CHAT])


async def test_a_summary_is_confirmed_with_one_press(script: Scripted, widget: Widget, page: Page) -> None:
    await widget.field.fill("half a sent")
    asked = await asks(script)
    await widget.button(YES).dblclick()
    said = await script.hears(frames.Say)
    assert (said.re, said.answer, said.text) == (asked, "yes", YES)
    await expect(widget.button(YES)).to_be_disabled()
    await expect(widget.button(YES)).to_have_attribute("aria-pressed", "true")
    await expect(widget.button(NO)).to_have_count(0)
    await expect(widget.field).to_have_value("half a sent")
    # A page that is left before it knows that, says it again.
    await expect(widget.tick(YES, "Sent")).to_have_count(1)
    await widget.again()
    await expect(widget.button(YES)).to_be_disabled()
    await expect(widget.button(YES)).to_have_attribute("aria-pressed", "true")
    await widget.shows("Where is my order?", SUMMARY, YES)
    assert not [frame for frame in script.heard if isinstance(frame, frames.Say)]


async def test_a_summary_is_corrected_in_a_short_field(script: Scripted, widget: Widget, page: Page) -> None:
    asked = await asks(script)
    await widget.button(NO).click()
    field = page.get_by_label(CORRECTION, exact=True)
    await expect(field).to_be_focused()
    await field.press("Escape")
    await expect(field).to_be_hidden()
    await expect(widget.button(NO)).to_be_focused()
    await widget.button(NO).press("Enter")
    await field.press("Enter")
    await field.fill("It was three lamps")
    await widget.again()
    await expect(field).to_have_value("It was three lamps")
    await page.get_by_role("button", name="Send what is different").click()
    said = await script.hears(frames.Say)
    assert (said.re, said.answer, said.text) == (asked, "no", "It was three lamps")
    await expect(field).to_be_hidden()
    await expect(widget.field).to_be_focused()
    await expect(widget.button(NO)).to_be_disabled()
    await widget.shows("Where is my order?", SUMMARY, "It was three lamps")
    await expect(widget.button(YES)).to_have_count(0)
    await asks(script)
    await expect(widget.button(YES)).to_be_enabled()
    await expect(field).to_be_hidden()


async def test_what_is_typed_as_a_correction_survives_what_happens_meanwhile(
    script: Scripted, widget: Widget, page: Page
) -> None:
    await asks(script)
    await widget.button(NO).click()
    field = page.get_by_label(CORRECTION, exact=True)
    await field.press_sequentially("It was")
    assert await script.hears(frames.Typing)
    await script.happens("message", METTE, "Take your time")
    await widget.shows("Where is my order?", SUMMARY, "Take your time")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("It was")


async def test_words_count_until_they_are_undone(script: Scripted, widget: Widget) -> None:
    asked = await asks(script)
    await script.happens("message", CUSTOMER, "yes exactly", re=asked, answer="yes", words=True)
    await expect(widget.button(YES)).to_be_disabled()
    await script.happens("reread", METTE, re=len(script.events[CHAT]))
    await expect(widget.button(YES)).to_be_enabled()
    await expect(widget.button(NO)).to_be_enabled()


async def test_a_second_tab_shows_what_was_pressed(script: Scripted, widget: Widget, page: Page) -> None:
    await asks(script)
    other = await (await Widget(await page.context.new_page()).visit(script)).open()
    await expect(other.button(YES)).to_be_enabled()
    await widget.button(YES).click()
    await expect(other.button(YES)).to_be_disabled()


async def test_one_option_is_chosen(script: Scripted, widget: Widget, page: Page) -> None:
    await script.happens("message", METTE, OPTIONS, options=2)
    asked = len(script.events[CHAT])
    await widget.shows("Where is my order?", "What suits you?")
    lamp = page.get_by_role("button", name="Send the second lamp")
    money = page.get_by_role("button", name="Money back")
    await expect(money).to_contain_text("<b>Free</b> of charge")
    await money.dblclick()
    said = await script.hears(frames.Say)
    assert (said.re, said.choice, said.text) == (asked, 2, "Money back")
    for _ in range(2):
        await expect(money).to_have_attribute("aria-pressed", "true")
        await expect(lamp).to_be_disabled()
        await widget.shows("Where is my order?", "What suits you?", "Money back")
        await expect(widget.tick("Money back", "Sent")).to_have_count(1)
        await widget.again()
    assert not [frame for frame in script.heard if isinstance(frame, frames.Say)]


async def test_a_press_survives_a_lost_connection(script: Scripted, widget: Widget, page: Page) -> None:
    await asks(script)
    await expect(widget.button(YES)).to_be_visible()
    await page.context.set_offline(True)
    await widget.button(YES).click()
    await expect(widget.button(YES)).to_be_disabled()
    await page.context.set_offline(False)
    assert (await script.hears(frames.Say)).answer == "yes"


async def test_the_real_desk_hears_what_was_pressed(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("One lamp is missing")
    chat = await agent.hears("One lamp is missing")

    def answers() -> list[tuple[str, object]]:
        said = [(m.text, data_of(m, kinds.Message)) for m in agent.messages(chat) if m.by.role == "customer"]
        return [(text, its.answer or its.choice) for text, its in said if its and its.re]

    agent.sums_up(chat, SUMMARY)
    await widget.button(NO).click()
    await page.get_by_label(CORRECTION, exact=True).fill("It was three lamps")
    await page.keyboard.press("Enter")
    await agent.until(lambda: answers() == [("It was three lamps", "no")])
    agent.sums_up(chat, "Three lamps, one is here. Right?")
    await widget.button(YES).click()
    await agent.until(lambda: answers()[1:] == [(YES, "yes")])
    agent.offers(
        chat, "What suits you?", frames.Option("Two lamps", "there tomorrow"), frames.Option("Money back", "")
    )
    await page.get_by_role("button", name="Two lamps").click()
    await agent.until(lambda: answers()[2:] == [("Two lamps", 1)])
    await widget.again()
    for pressed in (NO, YES):
        await expect(widget.button(pressed)).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("button", name="Two lamps")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".tick.refused")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_axe_finds_nothing(
    script: Scripted, widget: Widget, page: Page, scheme: Any, width: int
) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 640})
    axe, found = Axe(), []
    await script.happens("promised", METTE, due_at=now() + 4 * MINUTE)
    await asks(script)
    await widget.button(NO).click()
    found.extend((await axe.run(page)).response["violations"])
    await widget.button(YES).click()
    await script.happens("message", METTE, OPTIONS, options=2)
    money = page.get_by_role("button", name="Money back")
    await expect(money).to_be_visible()
    found.extend((await axe.run(page)).response["violations"])
    await money.hover()
    found.extend((await axe.run(page)).response["violations"])
    await money.click()
    await expect(money).to_be_disabled()
    found.extend((await axe.run(page)).response["violations"])
    assert found == []
