"""Every key, made from the keymap that holds."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from supportterm.console.keymap import KEYS, Key, Scope, bindings, show_key, show_keys
from supportterm.console.screens.framed import Framed
from supportterm.console.screens.wording import MARKS, PROMISED
from supportterm.console.session import Session
from supportterm.console.widgets.edge import Edge
from supportterm.console.widgets.wrap import wrap
from supportterm.text import SafeText, safe_line, trusted

#: Title → the scopes, or the ids, of its keys. Each key stands under the first title that takes it.
_GROUPS: Final[tuple[tuple[str, tuple[Scope, ...], str], ...]] = (
    (
        "desk",
        ("desk", "app"),
        r"help|palette|quit|back|desk\.menu|(promise|callback|scroll|write)\..+|me\.take_over"
        r"|chat\.(next|prev|close|undo).*",
    ),
    ("understood", ("desk",), r"understood\..+"),
    (
        "team",
        ("desk",),
        r"me\.status|offer\..+|breather\..+|desk\.(queue|promises|left|today)"
        r"|chat\.(hand|inv|why|abuse|copy).*",
    ),
    ("lead", ("desk",), r"desk\.(board|controls|report)|chat\.assign"),
    ("composer", ("composer",), ".+"),
    ("aid", ("aid",), ".+"),
    ("chats", ("chats",), ".+"),
    ("page", ("page",), ".+"),
    ("form", ("form",), ".+"),
)


def grouped() -> list[tuple[str, list[Key]]]:
    """The keys under their titles, in the order of the keymap."""
    found: dict[str, list[Key]] = {title: [] for title, *_ in _GROUPS}
    for key in KEYS:
        for title, scopes, ids in _GROUPS:
            if key.scope in scopes and re.fullmatch(ids, key.id):
                found[title].append(key)
                break
    return list(found.items())


_KEY_CELLS: Final = 20
#: Before what does not fit beside a key any more.
_INDENT: Final = trusted("\n") + trusted(" ") * _KEY_CELLS
#: Before how long a promise still runs, once half of its time is over.
_HALF: Final = trusted("½")
#: After the key of the list in which an action without a key of its own stands.
_IN_LIST: Final = trusted(" …")


class HelpScreen(Framed[None]):
    """Keys by where they work, and ``now`` why one of them is not offered.

    Escape and the help key close it; arrows and page keys scroll.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        *bindings("app", namespace="app."),
    ]

    def __init__(self, session: Session, now: SafeText | None = None) -> None:
        super().__init__(session, session.words.say("help.title"))
        #: What is to be explained at this moment, before all keys.
        self._now: Final = now

    def body(self) -> ComposeResult:
        with VerticalScroll(id="help-rows"):
            yield Static(id="help-keys")

    def on_mount(self) -> None:
        self.query_one("#box-hint", Edge).show(self.session.words.say("help.close"))
        self.query_one("#help-rows").focus()
        self.call_after_refresh(self._lay)

    def on_resize(self) -> None:
        """Lines break elsewhere now."""
        self.call_after_refresh(self._lay)

    def _lay(self) -> None:
        keys = self.query_one("#help-keys", Static)
        if width := keys.size.width:
            keys.update(self._content(width))

    def _content(self, width: int) -> Content:
        words, keymap = self.session.words, self.session.settings.keymap
        menu = safe_line(show_key(keymap.keys["desk.menu"]))
        parts: list[Content | tuple[str, str]] = []
        if self._now is not None:
            parts += [(words.say("scope.now"), "bold $accent"), Content("\n"), Content(self._now)]
            parts.append(Content("\n\n"))
        for title, keys in grouped():
            parts.append((words.say(f"scope.{title}"), "bold $accent"))
            for key in keys:
                pressed = safe_line(show_keys(keymap.keys[key.id]))
                named = (_padded(pressed), "bold") if pressed else (_padded(menu + _IN_LIST), "$text-muted")
                first, *rest = wrap(words.say(f"key.{key.id}"), width - _KEY_CELLS)
                parts += [Content("\n"), named, Content(first)]
                parts += [Content(_INDENT + line) for line in rest]
            parts.append(Content("\n\n"))
        parts += self._marks(width)
        path = safe_line(str(self.session.settings.file))
        for sentence in (
            words.say("help.menu", key=menu),
            words.say("help.newline"),
            words.say("help.mouse"),
            words.say("help.note", path=path),
        ):
            parts += [(sentence, "$text-muted"), Content("\n")]
        return Content.assemble(*parts)

    def _marks(self, width: int) -> list[Content | tuple[str, str]]:
        """What each mark on a row of the list says."""
        words = self.session.words
        parts: list[Content | tuple[str, str]] = [(words.say("scope.marks"), "bold $accent")]
        for name, mark in (*MARKS.items(), ("promised", PROMISED), ("half", _HALF)):
            first, *rest = wrap(words.say(f"mark.{name}"), width - _KEY_CELLS)
            parts += [Content("\n"), (_padded(mark), "bold"), Content(first)]
            parts += [Content(_INDENT + line) for line in rest]
        return [*parts, Content("\n\n")]


def _padded(text: SafeText) -> SafeText:
    return text + trusted(" ") * max(1, _KEY_CELLS - cell_len(text))
