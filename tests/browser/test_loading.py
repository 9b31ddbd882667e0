"""The panel comes when it is wanted: under every policy, over failures, and over an upgrade of the server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from server.settings import Shop
from supportterm.protocol import frames
from tests.browser.elsewhere import one_page
from tests.browser.scripted import CHAT, METTE, Scripted
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

DIST = Path(__file__).resolve().parents[2] / "server" / "widget" / "dist"
PANEL = re.compile(r"/panel\.js\?")
TEXTS = re.compile(r"/texts-[\w-]+\.js\?")


async def test_nothing_but_the_first_script_is_loaded_before_it_is_wanted(
    script: Scripted, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    widget = await Widget(page).visit(script)
    await page.wait_for_load_state("networkidle")
    assert not [url for url in asked if PANEL.search(url) or TEXTS.search(url)]
    await widget.open()
    assert len([url for url in asked if PANEL.search(url)]) == 1
    # Of all languages, only the page's.
    assert [match[0] for url in asked if (match := TEXTS.search(url))] == ["/texts-en.js?"]


async def test_a_page_that_never_rests_gets_its_chat_all_the_same(script: Scripted, page: Page) -> None:
    # One piece of work after the other: a browser calls nobody "when idle" then.
    await page.add_init_script(
        """
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const until = performance.now() + 60;
          while (performance.now() < until) {}
          channel.port2.postMessage(0);
        };
        channel.port2.postMessage(0);
        """
    )
    await Widget(page).visit(script)


async def test_coming_near_is_enough_to_load_it(script: Scripted, page: Page) -> None:
    widget = await Widget(page).visit(script)
    async with (
        page.expect_request_finished(lambda request: bool(PANEL.search(request.url))),
        page.expect_request_finished(lambda request: bool(TEXTS.search(request.url))),
    ):
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


@pytest.mark.parametrize("part", [PANEL, TEXTS], ids=["panel", "texts"])
async def test_what_does_not_come_is_told_and_tried_again(
    script: Scripted, page: Page, part: re.Pattern[str]
) -> None:
    failing = True
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await (route.abort() if failing else route.continue_())

    await page.route(part, answer)
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


async def test_texts_newer_than_their_panel_bring_the_newer_widget(
    script: Scripted, page: Page, build: str
) -> None:
    """The server is upgraded between the two answers."""
    await page.route(re.compile(r"/widget\.js$"), older(build))
    await page.route(re.compile(r"/panel\.js\?0123456789"), older(build))
    widget = await (await Widget(page).visit(script)).open()
    await expect(page.locator("supportterm-widget")).to_have_count(1)
    await widget.write("hello")
    assert (await script.hears(frames.Say)).text == "hello"


@pytest.mark.parametrize(
    ("lang", "opens", "first"),
    [
        ("de", "Chat öffnen", "Guten Tag! Wie können wir Ihnen helfen?"),
        ("fr", "Ouvrir le chat", "Bonjour\u00a0! Comment pouvons-nous vous aider\u00a0?"),
    ],
)
async def test_it_speaks_the_pages_language(
    script: Scripted, page: Page, lang: str, opens: str, first: str
) -> None:
    tag = f'<script async src="http://{script.address}/widget.js" data-shop="demo"></script>'
    html = f'<!doctype html><html lang="{lang}"><title>A shop</title><h1>A shop</h1>{tag}'
    async with one_page(html, "default-src *") as address:
        await page.goto(address)
        widget = Widget(page)
        await expect(widget.launcher).to_have_accessible_name(opens)
        await widget.open()
        await expect(page.get_by_text(first)).to_be_visible()


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


async def test_the_newer_widget_has_what_the_shop_has_set_by_now(
    script: Scripted, page: Page, build: str
) -> None:
    tag = f'<script async src="http://{script.address}/widget.js" data-shop="demo" data-lang="de"></script>'
    await page.route(re.compile(r"/widget\.js$"), older(build))
    script.opens(Shop(desk="main", tone="familiar"))
    async with one_page(
        f'<!doctype html><html lang="de"><title>A shop</title><h1>A shop</h1>{tag}'
    ) as address:
        await page.goto(address)
        widget = Widget(page)
        await widget.launcher.wait_for()
        script.opens(Shop(desk="main"))
        await widget.open()
        await expect(page.get_by_text("Wie können wir Ihnen helfen?")).to_be_visible()


async def test_scripts_that_never_fit_are_told_instead_of_tried_for_ever(
    script: Scripted, page: Page, build: str
) -> None:
    await page.route(re.compile(r"/widget\.js"), older(build))
    widget = await Widget(page).visit(script)
    await widget.launcher.click()
    await expect(page.get_by_text("The chat could not be loaded.")).to_be_visible()
    await expect(page.locator("supportterm-widget")).to_have_count(1)
