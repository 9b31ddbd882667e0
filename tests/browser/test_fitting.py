"""Long words of languages and people on a small phone, with a keyboard that leaves half of its height."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from supportterm.protocol.codes import Close
from supportterm.protocol.frames import By
from supportterm.protocol.views import Door, Topic, Wait
from tests.browser.elsewhere import one_page
from tests.browser.scripted import CHAT, DESK, METTE, MINUTE, Scripted, now
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

NAME = "Tom Wolfeschlegelsteinhausenbergerdorff"
WORD = "Donaudampfschifffahrtsgesellschaftskapitän"
#: Elements of the panel that reach over its edge. Older messages and a form scroll.
CUT = """panel => {
  const edge = panel.getBoundingClientRect();
  return [...panel.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    const seen = box.width > 0 && getComputedStyle(one).clipPath === "none";
    const below = box.bottom > edge.bottom + 1 && !one.closest(".log, .form");
    return seen && (below || box.left < edge.left - 1 || box.right > edge.right + 1);
  }).map(({ className, tagName }) => className || tagName);
}"""


@pytest_asyncio.fixture(params=["de", "fr"], loop_scope="session")
async def widget(script: Scripted, page: Page, request: pytest.FixtureRequest) -> AsyncIterator[Widget]:
    await page.set_viewport_size({"width": 320, "height": 480})
    src = f"http://{script.address}/widget.js"
    tag = f'<script async src="{src}" data-shop="demo" data-lang="{request.param}"></script>'
    async with one_page(f'<!doctype html><html lang="en"><title>A shop</title>{tag}') as address:
        await page.goto(address)
        yield Widget(page)


#: How many rows of text an element has.
ROWS = "one => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight))"


@pytest.mark.parametrize("lang", ["en", "nl", "da", "de", "fr"])
async def test_the_line_under_the_name_is_one_line(script: Scripted, page: Page, lang: str) -> None:
    await script.shows(door=Door(open=True), wait=Wait(1))
    await script.begins()
    await page.add_init_script(f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'")
    src = f"http://{script.address}/widget.js"
    tag = f'<script async src="{src}" data-shop="demo" data-lang="{lang}"></script>'
    async with one_page(f'<!doctype html><html lang="en"><title>A shop</title>{tag}') as address:
        await page.goto(address)
        widget, said = Widget(page), [""]
        await widget.launcher.click()
        await expect(widget.queue.locator("p").first).not_to_be_empty()

        async def says_another(does: Coroutine[None, None, None]) -> None:
            await does
            await expect(widget.status).not_to_have_text(re.compile(f"^({said[-1]})?$"))
            said.append(await widget.status.inner_text())
            for width in (400, 320):
                await page.set_viewport_size({"width": width, "height": 480})
                assert await widget.status.evaluate(ROWS) == 1, (said[-1], width)

        await says_another(asyncio.sleep(0))
        await says_another(script.shows(wait=Wait(0)))
        await says_another(script.shows(door=Door(open=False)))
        await says_another(script.shows(door=Door(open=False, closed=True)))
        await script.happens("joined", METTE, name="Mette")
        await says_another(script.shows(door=Door(open=True)))
        await says_another(page.context.set_offline(True))
        await says_another(page.context.set_offline(False))
        await says_another(script.hangs_up(Close.BAD_TOKEN))
    assert len(set(said)) == 8


async def fits(widget: Widget) -> None:
    assert await widget.panel.evaluate(CUT) == []


async def test_before_a_chat(script: Scripted, widget: Widget, page: Page) -> None:
    topics = [Topic("a", WORD), Topic("b", f"{WORD} {WORD}"), Topic("c", "Parts")]
    await script.shows(door=Door(open=True, topics=topics))
    await widget.open()
    await expect(page.locator(".topics button")).to_have_count(3)
    await fits(widget)
    opens = now() + 3 * 24 * 60 * MINUTE
    await script.shows(door=Door(open=False, closed=True, opens_at=opens, banner=f"{WORD}s {WORD}"))
    await expect(widget.form).to_be_visible()
    await page.locator("input[type=email]").fill("anna")
    await page.locator("form textarea").fill("Does it fit?")
    await page.locator("button[type=submit]").click()
    await expect(page.locator("input[type=email]")).to_be_focused()
    await expect(page.locator("input[type=email]")).to_have_accessible_description(
        await page.get_by_role("alert").inner_text()
    )
    await fits(widget)
    # Why there is a form is not scrolled away by it.
    assert await widget.log.evaluate("log => log.scrollTop") == 0
    assert await widget.log.evaluate("log => log.clientHeight >= 60")


async def test_in_a_chat(script: Scripted, widget: Widget, page: Page) -> None:
    await script.begins()
    await page.evaluate(f"localStorage['supportterm.demo.chat'] = '{CHAT}'")
    await page.reload()
    await widget.open()
    await script.shows(
        door=Door(open=True, banner=f"{WORD}s {WORD}"),
        wait=Wait(4, 30 * MINUTE, 55 * MINUTE, "returned", True),
    )
    await script.happens("language_asked", wanted="da", lang="en", opens_at=now() + 3 * 24 * 60 * MINUTE)
    await expect(page.locator(".list .topics button")).to_have_count(2)
    await fits(widget)
    await page.locator(".queue .link").click()
    await expect(widget.form).to_be_visible()
    await fits(widget)
    tom = By("agent", NAME)
    await script.happens("joined", tom, name=NAME, instead_of="Mette")
    await script.shows(wait=Wait(0))
    await script.happens("message", tom, WORD * 2)
    await script.happens("nudged", DESK, closes_at=now() + 10 * MINUTE, time_ms=7 * MINUTE)
    await expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    await expect(page.locator(".list .topics button")).to_have_count(1)
    await fits(widget)
    await script.shows(door=Door(open=True, mail=True))
    await script.happens("promised", tom, due_at=now() + 3 * 24 * 60 * MINUTE, named=True)
    await script.happens("promise_ended", DESK, how="broken", late_ms=0)
    await page.locator(".offer input").fill("anna")
    await page.locator(".offer input").press("Enter")
    await expect(page.locator(".offer .refused")).not_to_be_empty()
    await fits(widget)
    await page.locator(".offer input").fill(f"{'very-long-name' * 4}@mail.example")
    await page.locator(".offer input").press("Enter")
    await expect(page.locator(".offer input")).to_be_hidden()
    await fits(widget)
    await script.happens("promised", tom, due_at=now() + 30 * 24 * 60 * MINUTE, named=True)
    await script.happens("callback", tom, due_at=now() + 30 * 24 * 60 * MINUTE, how="mail")
    await expect(page.get_by_role("timer")).not_to_be_empty()
    await fits(widget)
    appeal = f"fair@{'very-long-name' * 4}.example"
    await script.happens("closed", METTE, reason="abuse", appeal=appeal)
    await script.shows(door=Door(open=True, blocked_until=now() + 60 * MINUTE, appeal=appeal))
    await expect(page.locator(".notice")).to_be_visible()
    await fits(widget)


async def edge(one: Locator, side: str) -> float:
    """Where an element ends, in pixels."""
    return float(await one.evaluate(f"one => one.getBoundingClientRect().{side}"))


async def test_what_is_typed_is_seen_whole(script: Scripted, widget: Widget, page: Page) -> None:
    await script.begins("open")
    await page.evaluate(f"localStorage['supportterm.demo.chat'] = '{CHAT}'")
    await page.reload()
    await widget.open()
    await script.happens("message", METTE, f"{WORD} {WORD}?", summary=True)
    await page.locator(".choices button").last.click()
    correction = page.locator(".correction textarea")
    await expect(correction).to_be_focused()
    # With the ring around it, which is four pixels wide.
    assert await edge(widget.log, "bottom") - await edge(correction, "bottom") >= 4
    await widget.field.fill(f"{WORD} " * 200)
    await widget.field.press("Enter")
    told, field, send = (page.locator(f".foot {one}") for one in ("p", "textarea", ".send"))
    await expect(told).to_be_visible()
    await fits(widget)
    # Why it is not sent stands above the field, and the button beside it.
    assert await edge(told, "bottom") <= await edge(field, "top")
    assert await edge(field, "right") <= await edge(send, "left")
