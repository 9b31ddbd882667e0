"""The panel comes when it is wanted: under every policy, over failures, and over an upgrade of the server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from supportterm.protocol import frames
from tests.browser.elsewhere import one_page
from tests.browser.scripted import CHAT, METTE, Scripted
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

DIST = Path(__file__).resolve().parents[2] / "server" / "widget" / "dist"
PANEL = re.compile(r"/panel\.js\?")


async def test_nothing_but_the_first_script_is_loaded_before_it_is_wanted(
    script: Scripted, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    widget = await Widget(page).visit(script)
    await page.wait_for_load_state("networkidle")
    assert not [url for url in asked if PANEL.search(url)]
    await widget.open()
    assert len([url for url in asked if PANEL.search(url)]) == 1


async def test_coming_near_is_enough_to_load_it(script: Scripted, page: Page) -> None:
    widget = await Widget(page).visit(script)
    async with page.expect_response(PANEL):
        await widget.launcher.hover()
    await expect(widget.panel).to_be_hidden()
    await page.context.set_offline(True)
    await widget.open()


async def test_a_returning_customer_sees_unread_messages_without_it(script: Scripted, page: Page) -> None:
    await script.begins("open")
    await script.happens("message", METTE, "Found it!")
    await page.route(PANEL, lambda route: route.abort())
    await page.add_init_script(f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'")
    widget = await Widget(page).visit(script)
    await expect(widget.launcher).to_have_accessible_name("Open chat (1)")


async def test_a_panel_that_does_not_come_is_told_and_tried_again(script: Scripted, page: Page) -> None:
    failing = True
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await (route.abort() if failing else route.continue_())

    await page.route(PANEL, answer)
    widget = await Widget(page).visit(script)
    await widget.launcher.click()
    told = page.get_by_text("The chat could not be loaded. Please try again in a moment.")
    await expect(told).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(1)
    await expect(widget.launcher).to_have_attribute("aria-busy", "false")
    failing = False
    await widget.open()
    await expect(told).to_be_hidden()
    # A browser may remember a failure: no address is asked for twice.
    assert len(asked) == len(set(asked)) >= 2


@pytest.mark.parametrize(
    "policy",
    [
        "script-src http://{server}; connect-src ws://{server}",
        "script-src 'nonce-abc'; connect-src ws://{server}",
        "script-src 'nonce-abc' 'strict-dynamic'; connect-src ws://{server}",
    ],
    ids=["host", "nonce", "strict-dynamic"],
)
async def test_it_comes_under_every_policy(script: Scripted, page: Page, policy: str) -> None:
    csp = f"default-src 'none'; require-trusted-types-for 'script'; {policy.format(server=script.address)}"
    tag = f'<script async nonce="abc" src="http://{script.address}/widget.js" data-shop="demo"></script>'
    html = f'<!doctype html><html lang="en"><title>A shop</title><h1>A shop</h1>{tag}'
    async with one_page(html, csp) as address:
        await page.goto(address)
        widget = await Widget(page).open()
        await widget.write("hello")
        assert (await script.hears(frames.Say)).text == "hello"


def older(build: str) -> Callable[[Route], Awaitable[None]]:
    """Answers with the script as another build would have it."""

    async def answer(route: Route) -> None:
        response = await route.fetch()
        text = (await response.text()).replace(f'"{build}"', '"0123456789"')
        await route.fulfill(response=response, body=text)

    return answer


@pytest.fixture
def build() -> str:
    found = re.search(r'"([0-9a-f]{10})"', (DIST / "panel.js").read_text())
    assert found is not None
    return found[1]


async def test_a_page_older_than_the_server_gets_the_newer_widget(
    script: Scripted, page: Page, build: str
) -> None:
    await page.route(re.compile(r"/widget\.js$"), older(build))
    await script.begins("open")
    await page.add_init_script(f"localStorage['supportterm.demo.chat'] ??= '{CHAT}'")
    widget = await (await Widget(page).visit(script)).open()
    await expect(page.locator("supportterm-widget")).to_have_count(1)
    await widget.shows("Where is my order?")
    await widget.write("It was order 1234")
    assert (await script.hears(frames.Say)).text == "It was order 1234"
    await page.evaluate("supportterm.close()")
    await expect(widget.panel).to_be_hidden()


async def test_scripts_that_never_fit_are_told_instead_of_tried_for_ever(
    script: Scripted, page: Page, build: str
) -> None:
    await page.route(re.compile(r"/widget\.js"), older(build))
    widget = await Widget(page).visit(script)
    await widget.launcher.click()
    await expect(page.get_by_text("The chat could not be loaded.")).to_be_visible()
    await expect(page.locator("supportterm-widget")).to_have_count(1)
