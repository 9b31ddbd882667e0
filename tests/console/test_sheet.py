"""The console's style sheet says what Textual's own would, whichever theme was set before."""

from __future__ import annotations

from pathlib import Path

from textual.css.stylesheet import Stylesheet

import supportterm.console.app
from supportterm.console.looks import FALLBACK, load_looks
from supportterm.console.sheet import Sheet

CSS = Path(supportterm.console.app.__file__).with_name("console.tcss")


def test_each_theme_has_its_own_style_and_the_first_once_more_its_own() -> None:
    colours = [
        {**FALLBACK, "frame": "72", **one.to_color_system().generate(), **one.variables}
        for one in load_looks().themes
    ]
    sheet = Sheet(variables=colours[0])
    sheet.read(CSS)
    seen = []
    for one in (*colours, colours[0]):
        plain = Stylesheet(variables=one)
        plain.read(CSS)
        sheet.set_variables(one)
        sheet.reparse()
        assert sheet.css == plain.css
        seen.append(sheet.css)
    assert seen[0] == seen[-1] != seen[1]
