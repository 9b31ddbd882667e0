"""Console and shop beside each other, laid out by Chromium."""

from __future__ import annotations

import base64
import io
from typing import Final

from PIL import Image
from playwright.async_api import Browser

from supportterm.theme import load_all

#: The shop's window, in CSS pixels: wider than a phone, so that the widget lies over the page.
SHOP_WIDTH: Final = 500
_WIDTH: Final = 1800
_MARGIN: Final = 44
_GAP: Final = 36
CONSOLE_WIDTH: Final = _WIDTH - 2 * _MARGIN - _GAP - SHOP_WIDTH

#: Good fonts first, where a machine has them; Chromium takes the first that is there.
FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <alias binding="strong"><family>system-ui</family><prefer><family>Inter</family></prefer></alias>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
</fontconfig>
"""

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
            "console_width": CONSOLE_WIDTH,
            "shop_width": SHOP_WIDTH,
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
