"""Makes the pictures in `docs/img/` of console and widget: ``make picture``.

Nothing in them is drawn by hand. A server runs, customers write in the demo shop in Chromium, the real
console answers over the wire; then both are photographed, and laid side by side by Chromium, too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright, expect

from docs.pictures.agent import Robin
from docs.pictures.laying import CONSOLE_WIDTH, FONTS, SHOP_WIDTH, packed, side_by_side
from docs.pictures.stories import STORIES, Story
from supportterm.commands.stage import Stage
from tests.browser import chromium

_FOLDER: Final = Path(__file__).parents[1] / "img"
#: What the address bar would say; Chromium is told that the demo's server is there.
_ADDRESS: Final = "kade7.example"


async def photograph(stage: Stage, browser: Browser, story: Story) -> tuple[str, bytes]:
    """The console as SVG and the shop's window as PNG; both equally high."""
    page = await browser.new_page(
        viewport={"width": SHOP_WIDTH, "height": 800},
        device_scale_factor=2,
        locale="en-GB",
        reduced_motion="reduce",
    )
    robin = Robin(stage)
    async with robin.at_work():
        await page.goto(f"http://{_ADDRESS}/demo/")
        await page.locator(".launcher").click()
        await expect(page.get_by_role("status")).to_have_text("We are online")
        console = await story(stage, robin, page)
        shape = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', console)
        assert shape is not None
        height = round(CONSOLE_WIDTH * float(shape[2]) / float(shape[1]))
        await page.set_viewport_size({"width": SHOP_WIDTH, "height": height})
        shop = await page.screenshot()
    return console, shop


async def make(stage: Stage, path: str, story: Story) -> bytes:
    """One picture as PNG, with the Chromium at ``path``."""
    fonts = stage.directory / "fonts.conf"
    fonts.write_text(FONTS, encoding="utf-8")
    here = stage.shop_page.split("/")[2]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=[f"--host-resolver-rules=MAP {_ADDRESS}:80 {here}"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        try:
            return packed(await side_by_side(browser, *await photograph(stage, browser, story)))
        finally:
            await browser.close()


def main() -> None:
    """Make the pictures anew, or those that are named."""
    parser = argparse.ArgumentParser(prog="make picture", description="Photograph console and widget.")
    parser.add_argument("name", nargs="*", help=f"which pictures: {', '.join(STORIES)}; none: all")
    names = parser.parse_args().name or list(STORIES)
    if unknown := [name for name in names if name not in STORIES]:
        parser.error(f"there is no picture {unknown[0]}: choose from {', '.join(STORIES)}")
    path = chromium.find()
    _FOLDER.mkdir(exist_ok=True)
    for name in names:
        with Stage() as stage:
            picture = asyncio.run(make(stage, path, STORIES[name]))
        file = _FOLDER / f"{name}.png"
        file.write_bytes(picture)
        print(f"wrote {file.name} ({len(picture) // 1024} kB)", flush=True)


if __name__ == "__main__":
    main()
