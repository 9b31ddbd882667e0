"""Makes the README's picture, `docs/img/side-by-side.png`: ``make picture``.

Nothing in it is drawn by hand. A server runs, a customer writes in the demo shop in Chromium, the real
console answers over the wire, two more customers write in their own languages; then both are
photographed. Console and widget are laid side by side by Chromium, too.
"""

from __future__ import annotations

import asyncio
import base64
import io
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from supportterm.commands.stage import SHOP, Stage
from supportterm.console.app import Console
from supportterm.console.looks import load_looks
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.link import Journal, Link, StateChanged, shop_url
from supportterm.link.changes import Change
from supportterm.protocol.frames import Open, Say
from supportterm.theme import load_all
from tests.browser import chromium

PICTURE: Final = Path(__file__).parent / "img" / "side-by-side.png"

#: Columns and rows of the console: few enough to be read in a picture half as wide.
_TERMINAL: Final = (100, 33)
#: The shop's window, in CSS pixels: wider than a phone, so that the widget lies over the page.
_SHOP_WIDTH: Final = 500
_WIDTH: Final = 1800
_MARGIN: Final = 44
_GAP: Final = 36
_CONSOLE_WIDTH: Final = _WIDTH - 2 * _MARGIN - _GAP - _SHOP_WIDTH
#: What the address bar would say; Chromium is told that the demo's server is there.
_ADDRESS: Final = "kade7.example"
#: People type. So the customers in the list do not all wait since the same moment.
_KEY_SECONDS: Final = 0.11
_SECONDS: Final = 30

#: What happens in turns. A language stands for another customer, who writes in it and waits.
_STORY: Final = (
    ("customer", "Hi! My parcel was due on Tuesday and it still isn't here"),
    ("nl", "Hoi, kan ik mijn bestelling nog omruilen?"),
    ("customer", "Order 4411. Sunday is my dad's birthday…"),
    ("agent", "Hello! Let me see where it is, one moment."),
    ("note", "In van 12 since this morning. Not there on Friday? Resend for free."),
    ("agent", "Found it: it is in the van, and with you before six tonight."),
    ("agent", "And the next bag is on us, for the wait."),
    ("da", "Hej! Sender I også til Færøerne?"),
    ("customer", "Oh that is perfect, thank you so much! 🎂"),
)
#: What the agent is writing when the picture is taken.
_DRAFT: Final = "My pleasure! Wish him a happy birthday from us"

#: Good fonts first, where a machine has them; Chromium takes the first that is there.
_FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <alias binding="strong"><family>system-ui</family><prefer><family>Inter</family></prefer></alias>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
</fontconfig>
"""


class Robin:
    """The agent: the real console, without a terminal, pressed key by key."""

    def __init__(self, stage: Stage) -> None:
        self.journal = Journal("agent")
        self._changed = asyncio.Event()
        folder = stage.directory / "console"
        settings = ConsoleSettings(config_dir=folder, state_dir=folder, theme="dusk", language="en")
        link = Link(stage.url, stage.token, self.journal, on_change=self._take, client="picture")
        state = State(folder / "state.json", 0)
        self.app = Console(Session(link, settings, state), load_looks(), run_link=link.run)

    def _take(self, found: Sequence[Change | StateChanged]) -> None:
        self.app.take(found)
        self._changed.set()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Robin]:
        """The console is open and signed in."""
        async with self.app.run_test(size=_TERMINAL) as self._pilot:
            await self.until(lambda: self.journal.online)
            yield self

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until what the console was told fulfils ``holds``, and is on the screen."""
        async with asyncio.timeout(_SECONDS):
            while not holds():
                self._changed.clear()
                await self._changed.wait()
        await self._pilot.pause()
        await self._pilot.pause()

    async def hears(self, text: str) -> None:
        """Wait until a text is in some chat."""
        await self.until(lambda: self.said(text))

    def said(self, text: str) -> bool:
        """Whether a text stands in some chat, with the server's number."""
        return any(event.text == text for log in self.journal.chats.values() for event in log.events)

    async def press(self, *keys: str) -> None:
        """Press keys and let the screen follow."""
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def write(self, text: str) -> None:
        """Type, as fast as people do."""
        for letter in text:
            await self._pilot.press(letter)
            await asyncio.sleep(_KEY_SECONDS)

    async def send(self, text: str) -> None:
        """Type and press enter."""
        await self.write(text)
        await self.press("enter")
        await self.hears(text)

    def photograph(self) -> str:
        """The screen as SVG."""
        return self.app.export_screenshot(title="supportterm")


async def other_customer(stage: Stage, lang: str, text: str) -> None:
    """Somebody at another computer writes ``text``, and waits."""
    journal = Journal("customer")
    link = Link(
        shop_url(stage.url, SHOP),
        secrets.token_urlsafe(32),
        journal,
        on_change=lambda found: None,
        lang=lang,
        client="picture",
    )
    running = asyncio.create_task(link.run())
    chat = secrets.token_urlsafe(16)
    link.put(Open(id=secrets.token_urlsafe(16), chat=chat, lang=lang))
    link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text))
    await link.drained()
    link.stop()
    await running


async def play(stage: Stage, robin: Robin, page: Page) -> None:
    """The story, each line after the one before has arrived."""
    field = page.get_by_role("textbox")
    noting = False
    for who, text in _STORY:
        if who in ("agent", "note"):
            if noting is not (who == "note"):
                noting = not noting
                await robin.press("f2")
            await robin.send(text)
            continue
        if who == "customer":
            await field.press_sequentially(text, delay=_KEY_SECONDS * 1000)
            await field.press("Enter")
        else:
            await other_customer(stage, who, text)
        await robin.hears(text)
    await robin.write(_DRAFT)
    await expect(page.get_by_role("status")).to_have_text(re.compile("typing"))


async def photograph(stage: Stage, browser: Browser) -> tuple[str, bytes]:
    """The console as SVG and the shop's window as PNG, after the story; both equally high."""
    page = await browser.new_page(
        viewport={"width": _SHOP_WIDTH, "height": 800},
        device_scale_factor=2,
        locale="en-GB",
        reduced_motion="reduce",
    )
    robin = Robin(stage)
    async with robin.at_work():
        await page.goto(f"http://{_ADDRESS}/demo/")
        await page.locator(".launcher").click()
        await expect(page.get_by_role("status")).to_have_text("We are online")
        await play(stage, robin, page)
        console = without_frame(robin.photograph())
        shape = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', console)
        assert shape is not None
        height = round(_CONSOLE_WIDTH * float(shape[2]) / float(shape[1]))
        await page.set_viewport_size({"width": _SHOP_WIDTH, "height": height})
        shop = await page.screenshot()
    return console, shop


def without_frame(svg: str) -> str:
    """The console's screenshot with fonts of this machine and without the grey window Textual draws.

    Its clipping goes, too: it would cut the last row's descenders.
    """
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S)
    svg = svg.replace("font-family: Fira Code", 'font-family: "JetBrains Mono", "DejaVu Sans Mono"')
    svg = svg.replace("font-variant-east-asian: full-width;", "font-variant-ligatures: none;")
    svg = re.sub(r' clip-path="[^"]*"', "", svg)
    return re.sub(r'<rect fill="#292929" stroke="[^"]*"[^>]*?rx="8"/>', "", svg)


_LAYOUT: Final = """<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; box-sizing: border-box; width: %(width)dpx; padding: %(margin)dpx; display: flex;
    gap: %(gap)dpx; background: linear-gradient(140deg, #dfe6e6, #e9e2d8 60%%, #e6d9cf); }
  .window { border-radius: 14px; overflow: hidden; box-shadow: 0 18px 46px #1b232c52, 0 2px 8px #1b232c33; }
  .console { width: %(console_width)dpx; background: %(ground)s; }
  .shop { width: %(shop_width)dpx; }
  .window > * { display: block; width: 100%%; }
</style>
<div class="window console">%(console)s</div>
<div class="window shop"><img alt="" src="data:image/png;base64,%(shop)s"></div>
"""


async def side_by_side(browser: Browser, console: str, shop: bytes) -> bytes:
    """Both in one picture, as PNG."""
    page = await browser.new_page(viewport={"width": _WIDTH, "height": 600})
    await page.set_content(
        _LAYOUT
        % {
            "width": _WIDTH,
            "margin": _MARGIN,
            "gap": _GAP,
            "console_width": _CONSOLE_WIDTH,
            "shop_width": _SHOP_WIDTH,
            "ground": load_all()[0]["dusk"].colours["surface"],
            "console": console,
            "shop": base64.b64encode(shop).decode(),
        }
    )
    return await page.screenshot(full_page=True)


def packed(png: bytes) -> bytes:
    """The same picture in fewer bytes, and without an alpha channel that nothing needs."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


async def make(stage: Stage, path: str) -> bytes:
    """The picture as PNG, with the Chromium at ``path``."""
    fonts = stage.directory / "fonts.conf"
    fonts.write_text(_FONTS, encoding="utf-8")
    here = stage.shop_page.split("/")[2]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[f"--host-resolver-rules=MAP {_ADDRESS}:80 {here}"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        try:
            return packed(await side_by_side(browser, *await photograph(stage, browser)))
        finally:
            await browser.close()


def main() -> None:
    """Make the picture anew."""
    path = chromium.find()
    with Stage() as stage:
        picture = asyncio.run(make(stage, path))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture)
    print(f"wrote {PICTURE} ({len(picture) // 1024} kB)")


if __name__ == "__main__":
    main()
