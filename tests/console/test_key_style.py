"""Keys are written one way, in every sentence and on every page: "enter", "esc", "ctrl+n", "alt+↑", "F8".

And what a key does follows it as a verb: "F8 reopens it", never "F8: reopen".
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supportterm.console.keymap import KEYS, read_keymap, show_key
from supportterm.console.words import LANGUAGES, sentences

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/agents.md", "docs/console.md", "docs/supervisors.md", "docs/understanding.md")
#: The same keys, written in another way. "Alt" alone is a Danish word.
OTHERS = re.compile(
    r"\b(?:Enter|ENTER|Return|Esc|ESC|[Ee]scape|Tab|TAB|Backspace|Ctrl|CTRL|Shift|PgUp|PgDn)\b"
    r"|\b[Pp]age(?:[Uu]p|[Dd]own)\b|\b(?:[Cc]ontrol|ctrl|alt|shift) ?- ?\w|\bctrl \+|\bAlt\+"
    r"|\balt\+(?:up|down)\b|\bf(?:1[0-2]|[1-9])\b|\bctrl\+[A-Z]"
)
#: Places that a key fills.
KEY = re.compile(
    r"\{(?:key|send|fill|away|back|line|yes|no|plain|longer|shorter|dismiss|retry|reached|not_reached|again)\}:"
)


def wrong(text: str) -> list[str]:
    return [found[0] for found in OTHERS.finditer(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_writes_keys_alike(language: str) -> None:
    for id_, sentence in sentences(language).items():
        assert not wrong(sentence), id_
        assert not KEY.search(sentence), f"{id_}: the key, then its verb"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_writes_keys_alike(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for code in re.findall(r"`([^`\n]+)`", text):
        assert not wrong(code) or "/" in code, code
    known = {show_key(one) for key in KEYS for one in key.keys.split(",") if one}
    for code in re.findall(r"`((?:ctrl|alt|shift)\+[^`\n]+|F\d+)`", text):
        assert code in known, f"{code} presses nothing"


@pytest.mark.parametrize(
    "text", ["Esc closes", "Enter: send", "press Ctrl+N", "f8 reopens", "ctrl-n", "alt+up"]
)
def test_another_way_is_found(text: str) -> None:
    assert wrong(text)


def test_what_is_shown_can_be_written_into_the_settings() -> None:
    wanted = {"aid.longer": "Alt+↓", "aid.shorter": "alt+↑", "page.page_up": "ctrl+page up", "help": "F1"}
    keymap = read_keymap({**wanted, "aid.dismiss": "esc"}, "console.toml")
    assert keymap.keys["page.page_up"] == "ctrl+pageup"
    assert keymap.keys["aid.dismiss"] == "escape"
    for id_, key in keymap.keys.items():
        assert read_keymap({id_: show_key(key)}, "x").problems == [] or not key, id_
