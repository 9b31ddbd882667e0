"""Keys a terminal can send, and people's own keys checked."""

from __future__ import annotations

from typing import get_args

import pytest
from textual._xterm_parser import XTermParser

from supportterm.console.aids.aid import Act
from supportterm.console.app import Console
from supportterm.console.keymap import KEYS, read_keymap, show_keys
from supportterm.console.screens.dialog import Line
from supportterm.console.screens.handing import Handing
from supportterm.console.screens.main import MainScreen
from supportterm.console.terminal import learn_keys
from supportterm.console.widgets.chatlist import ChatList
from supportterm.console.widgets.composer import Composer
from supportterm.console.widgets.field import Field
from supportterm.console.widgets.listing import Listing

#: What plain terminals (no kitty protocol), tmux among them, send for a key.
SENT = {
    "up": "\x1b[A", "down": "\x1b[B",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f8": "\x1b[19~",
    "f9": "\x1b[20~", "ctrl+g": "\x07", "ctrl+y": "\x19",
    "ctrl+p": "\x10", "ctrl+n": "\x0e", "ctrl+o": "\x0f", "ctrl+r": "\x12",
    "ctrl+z": "\x1a", "ctrl+t": "\x14", "ctrl+q": "\x11", "ctrl+j": "\n", "enter": "\r", "escape": "\x1b",
    "alt+up": "\x1b[1;3A", "alt+down": "\x1b[1;3B", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "ctrl+end": "\x1b[1;5F", "f6": "\x1b[17~", "f7": "\x1b[18~", "f10": "\x1b[21~", "f12": "\x1b[24~",
    "ctrl+l": "\x0c", "ctrl+f": "\x06", "f11": "\x1b[23~", "left": "\x1b[D", "right": "\x1b[C",
    "ctrl+x": "\x18",
    "ctrl+d": "\x04", "ctrl+k": "\x0b", "tab": "\t", "alt+enter": "\x1b\r", "ctrl+e": "\x05",
}  # fmt: skip
#: Only terminals with the kitty protocol tell this from enter; ctrl+j does the same everywhere.
RICH_ONLY = {"shift+enter"}


@pytest.mark.parametrize(
    "key", sorted({key for each in KEYS for key in each.keys.split(",") if key} - RICH_ONLY)
)
def test_every_key_arrives_from_a_plain_terminal(key: str) -> None:
    learn_keys()
    parser = XTermParser(False)
    tokens = list(parser.feed(SENT[key]))
    parser.feed("")
    if key == "escape":
        # A lone escape is known only after a pause; what it begins is not checked here.
        assert tokens == []
        return
    assert [getattr(token, "key", None) for token in tokens] == [key]


def test_ids_are_one_each_and_no_key_has_two_meanings_in_one_place() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    taken: dict[tuple[str, str], str] = {}
    for key in KEYS:
        places = {"app": ("composer", "chats", "page", "form"), "desk": ("composer", "chats")}
        for scope in places.get(key.scope, (key.scope,)):
            for press in key.keys.split(","):
                if press in ("enter", ""):
                    continue
                assert taken.setdefault((scope, press), key.id) == key.id


def test_own_keys_are_taken() -> None:
    keymap = read_keymap({"chat.next_waiting": "ctrl+w, insert"}, "console.toml")
    assert keymap.overrides == {"chat.next_waiting": "ctrl+w,insert"}
    assert keymap.problems == []
    assert show_keys(keymap.keys["chat.next_waiting"]) == "ctrl+w, insert"


@pytest.mark.parametrize(
    ("id_", "value", "sentence"),
    [
        ("chat.next_wating", "f6", "is not an action; did you mean `chat.next_waiting`?"),
        ("help", "ctlr+k", "`ctlr` is not a modifier; use ctrl, alt or shift."),
        ("help", "pagup", "`pagup` is not a key; did you mean `pageup`?"),
        ("help", "ctrl+i", "terminals send `ctrl+i` as `tab`; choose another key."),
        ("help", "k", "`k` is a letter you type; add ctrl or alt."),
        ("help", "", "`` is not a key."),
        ("help", "+", "`+` is not a key."),
        (
            "chat.close",
            "ctrl+n",
            "`ctrl+n` already belongs to `chat.next_waiting`; give that another key first.",
        ),
    ],
)
def test_a_wrong_entry_is_one_sentence_and_changes_nothing(id_: str, value: str, sentence: str) -> None:
    keymap = read_keymap({id_: value}, "console.toml")
    assert keymap.problems == [
        f"console.toml: [keys] `{id_}`{'' if sentence.startswith('is') else ':'} {sentence}"
    ]
    assert keymap.overrides == {}
    assert keymap.keys == {key.id: key.keys for key in KEYS}


def test_every_action_is_there() -> None:
    """Textual passes over a missing action in silence, and what is typed next goes into the message."""
    places: dict[str, type] = {"app": Console, "desk": MainScreen, "composer": Composer, "chats": ChatList}
    places |= {"page": Listing, "form": Field}
    for key in KEYS:
        if key.scope == "aid":
            # These are words of their own, for the line above the composer.
            assert key.action in get_args(Act)
            continue
        space, _, name = key.action.split("(")[0].rpartition(".")
        doers = {"": (places[key.scope],), "app": (Console,), "screen": (Line, Handing)}[space]
        assert all(hasattr(doer, f"action_{name}") for doer in doers), key.id
