"""What a customer sees of a promise, whatever their clock says."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from supportterm.protocol.frames import By
from tests.browser.elsewhere import one_page
from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import CHAT, DESK, METTE, MINUTE, Scripted, now
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

REMEMBERS = f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'"


def clock_wrong(ms: int) -> str:
    """A script: this page's clock is so much ahead."""
    return f"""
        const Right = Date, now = Date.now;
        Right.now = () => now() + {ms};
        window.Date = new Proxy(Right, {{
            construct: (its, args) => Reflect.construct(its, args.length ? args : [Right.now()]),
        }});
    """


async def opened(script: Scripted, page: Page, ahead_ms: int = 0) -> Widget:
    """A customer with a chat that goes on."""
    await page.add_init_script(REMEMBERS)
    await page.add_init_script(clock_wrong(ahead_ms))
    return await (await Widget(page).visit(script)).open()


async def left_in(place: Locator, before: str) -> int:
    """The seconds that are counted down there now."""
    await expect(place).to_have_text(re.compile(rf"^{before} \d:\d\d$"))
    text = await place.inner_text()
    minutes, _, seconds = text.rpartition(" ")[2].partition(":")
    return int(minutes) * 60 + int(seconds)


async def left_of(page: Page) -> int:
    """The seconds that the panel counts down now."""
    return await left_in(page.get_by_role("timer"), "Mette will be back in")


async def stop_clock(page: Page) -> None:
    """From now on the page's time is what the test lets pass, however long the test takes."""
    at = now()
    # A clock is stopped in its future only.
    await page.clock.install(time=(at - MINUTE) / 1000)
    await page.clock.pause_at(at / 1000)


async def is_true(page: Page, due: int) -> None:
    """What the page counts down is what is left, to the second; a busy machine shows it a moment later."""
    async with asyncio.timeout(20):
        while True:
            before = due - now()
            shown = await left_of(page)
            after = due - now()
            if after / 1000 - 1 <= shown <= before / 1000 + 1:
                return


@pytest.mark.parametrize("ahead", [-10 * MINUTE, 0, 10 * MINUTE])
async def test_it_counts_down_whatever_the_customers_clock_says(
    script: Scripted, page: Page, ahead: int
) -> None:
    await script.begins("open")
    widget = await opened(script, page, ahead)
    due = now() + 3 * MINUTE
    await script.happens("promised", METTE, due_at=due)
    await is_true(page, due)
    await expect(widget.line("Mette will be back in 3 minutes")).to_be_visible()
    await widget.again()
    await is_true(page, due)
    second = await page.context.new_page()
    await opened(script, second, -ahead)
    await is_true(second, due)
    due = now() + 5 * MINUTE
    await script.happens("promise_extended", METTE, due_at=due)
    for tab in (page, second):
        await is_true(tab, due)
        await expect(
            tab.get_by_text("Mette needs a little longer and will be back in 5 minutes")
        ).to_have_count(1)
    due -= 2 * MINUTE
    await script.happens("promise_moved", due_at=due)
    for tab in (page, second):
        await is_true(tab, due)
    await script.happens("promise_ended", METTE, how="kept")
    for tab in (page, second):
        await expect(tab.get_by_role("timer")).to_be_hidden()


async def test_it_ticks_each_second_and_is_not_read_out(script: Scripted, page: Page) -> None:
    await script.begins("open")
    await opened(script, page)
    await stop_clock(page)
    await script.happens("promised", METTE, due_at=now() + 4 * MINUTE)
    timer = page.get_by_role("timer")
    shown = await left_of(page)
    for passed in (1, 2, 3):
        await page.clock.run_for(1000)
        assert await left_of(page) == shown - passed
    assert await timer.get_attribute("aria-live") is None
    assert await page.get_by_role("log").get_by_text("Mette will be back").count() == 1


async def test_without_a_word_from_the_server_it_does_not_stand_at_zero(script: Scripted, page: Page) -> None:
    await script.begins("open")
    await opened(script, page)
    await stop_clock(page)
    await script.happens("promised", METTE, due_at=now() + 30_000)
    timer = page.get_by_role("timer")
    await page.clock.run_for(await left_of(page) * 1000)
    await expect(timer).to_have_text("Mette will be back in 0:00")
    await page.clock.run_for(4_000)
    await expect(timer).to_be_hidden()


async def test_a_long_one_is_a_time_of_day_until_its_last_five_minutes(script: Scripted, page: Page) -> None:
    await script.begins("open")
    await opened(script, page)
    timer = page.get_by_role("timer")
    await script.happens("promised", METTE, due_at=now() + 10 * MINUTE)
    await expect(timer).to_have_text(re.compile(r"^Mette will be back (before|tomorrow at) \d\d:\d\d$"))
    due = now() + 5 * MINUTE + 1500
    await script.happens("promise_extended", METTE, due_at=due)
    await is_true(page, due)
    assert await left_of(page) <= 300


async def test_the_closed_launcher_counts_down_too_and_is_not_read_out(script: Scripted, page: Page) -> None:
    await script.begins("open")
    widget = await opened(script, page)
    await widget.field.press("Escape")
    await expect(widget.panel).to_be_hidden()
    pill = page.locator(".launcher .due")
    await expect(pill).to_be_hidden()
    await page.clock.install(time=now() / 1000)
    due = now() + 4 * MINUTE
    await script.happens("promised", METTE, due_at=due)
    await expect(pill).to_have_text(re.compile(r"^Mette · (4:00|3:5\d)$"))
    by = await page.evaluate("due => new Date(due).toLocaleTimeString([], {timeStyle: 'short'})", due)
    names = set()
    for seconds in (1, 2, 90):
        before = await pill.inner_text()
        await page.clock.run_for(seconds * 1000)
        await expect(pill).not_to_have_text(before)
        await expect(pill).to_have_text(re.compile(r"^Mette · \d:\d\d$"))
        names.add(await widget.launcher.get_attribute("aria-label"))
    # The name says when it ends, and does not change while that is so.
    assert len(names) == 1
    assert (names.pop() or "").startswith("Open chat, Mette · ")
    await expect(pill).to_have_attribute("aria-hidden", "true")
    await script.happens("promise_extended", METTE, due_at=due + 20 * MINUTE)
    await expect(pill).to_have_text(re.compile(r"^Mette · before (\w{3} )?\d\d:\d\d$"))
    await script.happens("promise_moved", METTE, due_at=due)
    await expect(widget.launcher).to_have_accessible_name(
        re.compile(rf"^Open chat, Mette · before (\w{{3}} )?{by}$")
    )
    await script.happens("promise_ended", METTE, how="kept")
    await expect(pill).to_be_hidden()
    await expect(widget.launcher).to_have_accessible_name("Open chat")


async def test_the_launcher_does_not_stand_at_zero_nor_count_for_a_mail(script: Scripted, page: Page) -> None:
    await script.begins("open")
    await page.add_init_script(REMEMBERS)
    # The panel was never opened on this page: the launcher knows by itself.
    await Widget(page).visit(script)
    pill = page.locator(".launcher .due")
    await stop_clock(page)
    await script.happens("promised", METTE, due_at=now() + 30_000)
    await page.clock.run_for(await left_in(pill, "Mette ·") * 1000)
    await expect(pill).to_have_text("Mette · 0:00")
    await page.clock.run_for(4_000)
    await expect(pill).to_be_hidden()
    await script.happens("promised", METTE, due_at=now() + 60 * MINUTE)
    await expect(pill).to_be_visible()
    await script.happens("callback", METTE, due_at=now() + 60 * MINUTE, how="mail")
    await expect(pill).to_be_hidden()


@pytest.mark.parametrize("position", ["left", "right"])
async def test_what_stands_beside_the_launcher_never_makes_the_page_wider(
    script: Scripted, page: Page, position: str
) -> None:
    await page.set_viewport_size({"width": 320, "height": 480})
    await script.begins("open")
    await page.add_init_script(REMEMBERS)
    tag = f'<script async src="http://{script.address}/widget.js" data-shop="demo"'
    html = f'<!doctype html><html lang="fr"><title>A shop</title>{tag} data-position="{position}"></script>'
    async with one_page(html) as address:
        await page.goto(address)
        name = "Tom Wolfeschlegelsteinhausenbergerdorff"
        by = By("agent", name)
        await script.happens("joined", by, name=name)
        await script.happens("promised", by, due_at=now() + 3 * 24 * 60 * MINUTE)
        pill = page.locator(".launcher .due")
        await expect(pill).to_be_visible()
        box = await pill.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        assert await page.evaluate("document.documentElement.scrollHeight") <= 480
        # It is part of the button.
        await pill.click()
        await expect(Widget(page).panel).to_be_visible()
        await expect(pill).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
async def test_one_that_is_not_kept_leaves_one_honest_line(
    script: Scripted, browser: Browser, width: int
) -> None:
    context = await browser.new_context(locale="en-GB", viewport={"width": width, "height": 640})
    page = await context.new_page()
    await script.begins("open")
    widget = await opened(script, page)
    await script.happens("promised", METTE, due_at=now() + MINUTE)
    await left_of(page)
    await script.happens("promise_ended", DESK, how="broken")
    await expect(page.get_by_role("timer")).to_be_hidden()
    said = widget.line("Mette needs a little more time and will tell you how much.")
    await expect(said).to_be_visible()
    await widget.again()
    await expect(said).to_have_count(1)
    # A new one is welcome after it.
    due = now() + 2 * MINUTE
    await script.happens("promised", METTE, due_at=due)
    await is_true(page, due)
    await context.close()


async def test_the_real_desk_counts_down_and_an_answer_ends_it(
    server: RunningServer, agent: Agent, page: Page
) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("Where is my order?")
    chat = await agent.hears("Where is my order?")
    agent.promises(chat, "I am back in three minutes", 3 * MINUTE)
    await widget.shows("Where is my order?", "I am back in three minutes")
    timer = page.get_by_role("timer")
    await expect(timer).to_have_text(re.compile(r" will be back in [23]:\d\d$"))
    await widget.again()
    await expect(timer).to_have_text(re.compile(r" will be back in [23]:\d\d$"))
    agent.promises(chat, "Five more, sorry", 5 * MINUTE)
    await expect(timer).to_have_text(re.compile(r" will be back in (5:00|4:\d\d)$"))
    await expect(widget.line("needs a little longer and will be back in 5 minutes")).to_be_visible()
    agent.says(chat, "It is at your neighbours since noon")
    await expect(timer).to_be_hidden()


async def test_who_had_left_before_its_time_finds_nothing_that_is_late(script: Scripted, page: Page) -> None:
    await script.begins("open")
    widget = await opened(script, page)
    await script.happens("promised", METTE, due_at=now() + 3 * MINUTE)
    await left_of(page)
    await script.happens("promise_ended", how="withdrawn", gone=True)
    await expect(page.get_by_role("timer")).to_be_hidden()
    await widget.again()
    await expect(widget.line("Mette will be back in 3 minutes")).to_be_visible()
    await expect(page.get_by_role("timer")).to_be_hidden()
    await expect(page.get_by_text("needs a little more time")).to_have_count(0)
