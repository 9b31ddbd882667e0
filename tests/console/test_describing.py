"""Every key and setting is documented."""

from __future__ import annotations

from pathlib import Path

from supportterm.console.describing import describe
from supportterm.console.keymap import KEYS


def test_the_page_is_as_the_tables_say() -> None:
    page = Path(__file__).parents[2] / "docs" / "console.md"
    assert page.read_text("utf-8") == describe(), "run `python -m supportterm.console`"


def test_every_key_is_on_the_page() -> None:
    page = describe()
    assert all(f"| `{key.id}` |" in page for key in KEYS)
