"""The widget as a guest in a shop's page: policies, hostile texts, keyboard, assistive technology, size."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Page, expect

from tests.browser.elsewhere import one_page
from tests.browser.house import Agent, RunningServer
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

DIST = Path(__file__).resolve().parents[2] / "server" / "widget" / "dist"
#: Texts that would do something if anything but a text node were made of them.
HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "</p></div><style>*{display:none}</style>",
    "{name} ${document.title} {{7*7}} %s &lt;b&gt; &amp;",
    "javascript:document.title='owned'",
    "عربي \u202egnp.exe\u202c and back",
    "e\u0301\u0327\u0323\U0001f468\u200d\U0001f469\u200d\U0001f467 " + "x" * 300,
    "[label](javascript:alert(1)) **not bold**",
]


def complaints(page: Page) -> list[str]:
    """Collects what the page's console says of errors, warnings and policy violations."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


Visit = Callable[..., Awaitable[Widget]]


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(server: RunningServer, page: Page) -> AsyncIterator[Visit]:
    """Opens a shop's page on another origin that has the widget's tag in it."""
    async with AsyncExitStack() as stack:

        async def visit(
            attributes: str = "", *, before: str = "", csp: str = "", shop: str = "demo"
        ) -> Widget:
            tag = f'<script async src="http://{server.address}/widget.js" data-shop="{shop}" {attributes}>'
            html = (
                f'<!doctype html><html lang="en"><title>A shop</title>{before}<h1>A shop</h1>{tag}</script>'
            )
            await page.goto(await stack.enter_async_context(one_page(html, csp)))
            return Widget(page)

        yield visit


async def test_the_strictest_policy_is_not_violated(server: RunningServer, agent: Agent, page: Page) -> None:
    found = complaints(page)
    await page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
    )
    widget = await (await Widget(page).visit(server, "/demo/product.html")).open()
    await widget.write("hello https://shop.example/a")
    chat = await agent.hears("hello https://shop.example/a")
    agent.says(chat, "hello too")
    await widget.shows("hello https://shop.example/a", "hello too")
    await page.get_by_role("button", name="End chat").click()
    await expect(page.get_by_role("button", name="New chat")).to_be_visible()
    assert found == []


async def test_a_strict_page_on_another_origin(
    server: RunningServer, agent: Agent, page: Page, elsewhere: Visit
) -> None:
    found = complaints(page)
    csp = (
        f"default-src 'none'; script-src http://{server.address}; connect-src ws://{server.address};"
        " style-src 'none'; require-trusted-types-for 'script'"
    )
    widget = await (await elsewhere(csp=csp)).open()
    await widget.write("from another origin")
    await agent.hears("from another origin")
    await expect(widget.launcher).to_have_css("position", "fixed")
    assert [line for line in found if "favicon" not in line] == []


async def test_hostile_texts_are_shown_literally(server: RunningServer, agent: Agent, page: Page) -> None:
    found = complaints(page)
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("hello")
    chat = await agent.hears("hello")
    for text in HOSTILE:
        agent.says(chat, text)
    await expect(widget.theirs).to_have_count(len(HOSTILE))
    assert await widget.theirs.all_text_contents() == HOSTILE
    await widget.write(HOSTILE[0])
    await agent.hears(HOSTILE[0])
    assert (
        await page.evaluate(
            "document.querySelector('supportterm-widget').shadowRoot.querySelectorAll("
            "'.list img, .list script, .list style, .list a').length"
        )
        == 0
    )
    assert await page.title() == "Kade 7 Coffee: roasted by the water"
    width = await widget.log.evaluate("log => log.scrollWidth - log.clientWidth")
    assert width == 0
    assert found == []


async def test_links_lead_nowhere_dangerous(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("hello")
    chat = await agent.hears("hello")
    agent.says(chat, "Track it at https://post.example/t?id=7&x=1.")
    link = page.get_by_role("link", name="https://post.example/t?id=7&x=1")
    await expect(link).to_have_attribute("href", "https://post.example/t?id=7&x=1")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await expect(link).to_have_attribute("target", "_blank")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(server: RunningServer, agent: Agent, page: Page, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    widget = await Widget(page).visit(server)
    axe = Axe()
    states = [await axe.run(page)]
    await widget.open()
    await widget.write("hello https://shop.example")
    chat = await agent.hears("hello https://shop.example")
    agent.sees(chat)
    agent.says(chat, "hello too")
    await widget.shows("hello https://shop.example", "hello too")
    await expect(widget.tick("hello", "Read")).to_have_count(1)
    states.append(await axe.run(page))
    agent.closes(chat)
    await expect(page.get_by_role("button", name="New chat")).to_be_visible()
    states.append(await axe.run(page))
    assert [state.response["violations"] for state in states if state.response["violations"]] == []


async def test_everything_works_by_keyboard(server: RunningServer, agent: Agent, page: Page) -> None:
    widget = await Widget(page).visit(server)
    await widget.launcher.focus()
    await page.keyboard.press("Enter")
    await expect(widget.field).to_be_focused()
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await page.keyboard.press("Enter")
    await agent.hears("first line\nsecond line")
    await expect(widget.log).to_have_attribute("tabindex", "0")
    await page.keyboard.press("Shift+Tab")
    await expect(widget.log).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(widget.panel).to_be_hidden()
    await expect(widget.launcher).to_be_focused()


async def test_an_empty_message_is_not_sent_and_a_long_one_is_told(server: RunningServer, page: Page) -> None:
    widget = await (await Widget(page).visit(server)).open()
    await widget.field.fill("  \n ")
    await widget.field.press("Enter")
    await widget.field.fill("😀" * 4_003)
    await widget.field.press("Enter")
    told = page.get_by_role("alert")
    await expect(told).to_have_text("3 characters too many")
    await expect(widget.field).to_have_value("😀" * 4_003)
    await widget.shows()
    await widget.field.fill("😀" * 4_001)
    await widget.field.press("Enter")
    await expect(told).to_have_text("1 character too many")
    await widget.field.fill("😀" * 4_000)
    await expect(told).to_be_hidden()
    await widget.field.press("Enter")
    await expect(widget.tick("😀😀", "Sent")).to_have_count(1)


@pytest.mark.parametrize(
    ("lang", "launcher"),
    [("nl", "Chat openen"), ("da-DK", "Åbn chat"), ("de", "Chat öffnen"), ("es", "Open chat")],
)
async def test_it_speaks_the_shops_language(elsewhere: Visit, lang: str, launcher: str) -> None:
    widget = await elsewhere(f'data-lang="{lang}"')
    await expect(widget.launcher).to_have_accessible_name(launcher)


async def test_the_page_can_open_it_even_before_it_is_there(elsewhere: Visit, page: Page) -> None:
    stub = (
        "<script>supportterm = function () { (supportterm.q = supportterm.q || []).push(arguments) };"
        "supportterm('open')</script>"
    )
    widget = await elsewhere(before=stub)
    await expect(widget.panel).to_be_visible()
    await page.evaluate("supportterm.close()")
    await expect(widget.panel).to_be_hidden()
    await page.evaluate("supportterm.toggle()")
    await expect(widget.panel).to_be_visible()


async def test_two_tags_make_one_widget(server: RunningServer, elsewhere: Visit, page: Page) -> None:
    tag = f'<script async src="http://{server.address}/widget.js" data-shop="demo"></script>'
    widget = await elsewhere(before=tag)
    await widget.launcher.wait_for()
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("supportterm-widget")).to_have_count(1)


async def test_a_wrong_shop_key_is_not_tried_again(elsewhere: Visit, page: Page) -> None:
    await page.clock.install()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    widget = await elsewhere('data-lang="nl"', shop="nope")
    await page.clock.run_for(1_000)
    await widget.launcher.click()
    await expect(widget.status).to_have_text("Nu niet beschikbaar")
    # Nothing below invites to write what nobody will get.
    await expect(widget.field).to_have_count(0)
    await expect(page.get_by_placeholder("Schrijf een bericht")).to_be_disabled()
    await expect(page.get_by_text("Hallo!")).to_be_hidden()
    await expect(page.locator(".panel")).to_be_focused()
    await page.clock.run_for(120_000)
    assert len(sockets) == 1


async def test_no_socket_before_it_is_wanted(server: RunningServer, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    widget = await Widget(page).visit(server)
    await page.wait_for_load_state("networkidle")
    assert sockets == []
    await widget.open()
    await expect(widget.status).not_to_be_empty()
    assert sockets == [f"ws://{server.address}/v1/shop/demo"]


async def test_a_phone_shows_nothing_but_the_chat(
    server: RunningServer, context: BrowserContext, page: Page
) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    widget = await (await Widget(page).visit(server)).open()
    # It slides into its place.
    await widget.panel.evaluate("e => Promise.all(e.getAnimations().map(a => a.finished))")
    box = await widget.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(widget.field).to_have_css("font-size", "16px")
    for _ in range(12):
        await page.keyboard.press("Tab")
        inside = await page.evaluate("document.activeElement.localName")
        assert inside in {"supportterm-widget", "body"}
    await page.keyboard.press("Escape")
    await expect(widget.launcher).to_be_focused()


async def test_accent_and_side_are_the_shops(elsewhere: Visit) -> None:
    widget = await elsewhere('data-accent="#ffd54a" data-position="left"')
    await expect(widget.launcher).to_have_css("background-color", "rgb(255, 213, 74)")
    box = await widget.launcher.bounding_box()
    assert box is not None
    assert box["x"] == 20
    shade = await widget.launcher.evaluate(
        """element => {
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.fillStyle = getComputedStyle(element).color;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )
    assert shade == [0, 0, 0]


async def test_the_pages_own_rules_do_not_reach_it(elsewhere: Visit) -> None:
    rules = "<style>body * { display: none !important; font-size: 40px !important; direction: rtl }</style>"
    widget = await elsewhere(before=rules)
    await expect(widget.launcher).to_be_visible()
    await expect(widget.launcher).to_have_css("direction", "ltr")


async def test_broken_storage_does_not_stop_it(server: RunningServer, agent: Agent, page: Page) -> None:
    await page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
    )
    widget = await (await Widget(page).visit(server)).open()
    await widget.write("without storage")
    chat = await agent.hears("without storage")
    agent.says(chat, "works all the same")
    await widget.shows("without storage", "works all the same")


def test_its_size_leaves_room_for_the_shop() -> None:
    # What every page of the shop loads, and what those load who open it.
    texts = {path.stem: 2_000 for path in DIST.glob("texts-*.js")}
    assert len(texts) == 8
    for name, most in {"widget": 10_000, "panel": 10_000, **texts}.items():
        assert len(gzip.compress((DIST / f"{name}.js").read_bytes(), 9)) <= most
    package = json.loads((DIST.parent / "package.json").read_text())
    assert all(version[0].isdigit() for version in package["devDependencies"].values())
