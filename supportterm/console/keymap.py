"""Every key of the console: its id, the keys that press it, and where it works.

Chosen from what terminals, tmux and Nordic or Dutch keyboards can really send without the kitty
protocol. Left out on purpose: ``ctrl+i``, ``ctrl+m`` and ``ctrl+h`` (tab, enter and backspace),
``ctrl+enter`` (the same byte as enter), ``ctrl+b`` and ``ctrl+a`` (tmux and screen), ``ctrl+s`` (some
terminals freeze), anything typed with AltGr, and the keys a text field uses for editing. Some of those are
taken all the same: ctrl+f is one in Textual alone, delete and end do what ctrl+d and ctrl+e did, and cutting
(ctrl+x, ctrl+k) or redoing (ctrl+y) is of little use in three rows. Alt with a letter as
well: a letter behind it in one burst is read as text, and with an arrow between it would be sent to a
customer. What has no key of its own is in the desk's list (ctrl+f) and in the palette. Shift+enter breaks
the line only where the terminal tells it apart from enter, alt+enter where the terminal sends alt at all;
``ctrl+j`` always does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from textual.binding import Binding
from textual.keys import Keys

if TYPE_CHECKING:
    from supportterm.console.aids.aid import Act

Scope = Literal["app", "desk", "composer", "chats", "transcript", "page", "form", "aid"]


class Key(NamedTuple):
    """One binding. ``id`` names it in settings and, with ``key.`` before it, in the texts.

    ``keys`` "": none, unless a person gives it one.
    """

    id: str
    keys: str
    action: str
    scope: Scope
    tooltip: str


KEYS: Final = (
    Key("help", "f1,ctrl+g", "show_help", "app", "Show every key"),
    Key("palette", "ctrl+p", "command_palette", "app", "Find any command by name"),
    Key("chat.next_waiting", "ctrl+n", "next_waiting", "desk", "Go to who needs you next"),
    Key("chat.previous", "alt+up,f3", "previous_chat", "desk", "Go to the chat above"),
    Key("chat.next", "alt+down,f4", "next_chat", "desk", "Go to the chat below"),
    Key("write.note", "ctrl+o,f2", "toggle_note", "desk", "Switch between message and note"),
    Key(
        "write.canned",
        "ctrl+x",
        "app.flow('canned')",
        "desk",
        "Put in a canned reply, as / and a few letters do",
    ),
    Key("write.retry", "ctrl+r", "retry", "desk", "Try the refused message again"),
    Key("write.take_back", "f5", "take_back", "desk", "Take the refused message back into the composer"),
    Key("chat.close", "f8", "close_or_reopen", "desk", "Close this chat, or reopen it"),
    Key(
        "understood.summary",
        "ctrl+k",
        "app.flow('summary')",
        "desk",
        "Show the customer how you understood them",
    ),
    Key("understood.options", "", "app.flow('options')", "desk", "Send solutions to choose from"),
    Key("understood.reason", "", "app.flow('reason')", "desk", "Say why the customer came"),
    Key("understood.gift", "", "app.flow('gift')", "desk", "Put in what you may give without asking"),
    Key(
        "understood.where",
        "ctrl+e",
        "app.flow('where')",
        "desk",
        "Where the conversation is, and what its signs mean",
    ),
    Key("understood.reread", "", "reread", "desk", "Those words were no answer to the summary"),
    Key("chat.undo_close", "ctrl+z", "undo_close", "desk", "Undo the closing (else: undo typing)"),
    Key("promise.give", "ctrl+y", "app.flow('promise')", "desk", "Promise a time, or more of it"),
    Key(
        "promise.callback",
        "",
        "app.flow('callback')",
        "desk",
        "Promise an answer for later: the customer need not stay",
    ),
    Key(
        "callback.reach",
        "",
        "app.flow('reach')",
        "desk",
        "Put right where the customer is reached: an address or a number",
    ),
    Key("callback.reached", "", "phoned('reached')", "desk", "Called back: reached"),
    Key("callback.not_reached", "", "phoned('not')", "desk", "Called back: not reached"),
    Key("promise.next", "ctrl+d", "next_promise", "desk", "Go to the promise that is due next"),
    Key("chat.hand_off", "f10", "app.flow('hand_off')", "desk", "Hand this chat on, or take that back"),
    Key("chat.invite", "", "app.flow('invite')", "desk", "Invite a colleague into this chat, or let them go"),
    Key("chat.why", "", "app.page('why')", "desk", "Why has this agent the chat, and why not the others?"),
    Key(
        "chat.copy_id",
        "",
        "app.copy_id",
        "desk",
        "Copy the id of this chat: by it an operator exports or erases what is held of its customer",
    ),
    Key("chat.abuse", "", "app.flow('abuse')", "desk", "Against abuse: warn, end, block"),
    Key(
        "chat.assign",
        "",
        "app.flow('assign')",
        "desk",
        "Supervisor: give this chat to somebody, or take it over",
    ),
    Key("offer.accept", "f6", "app.offer('accept')", "desk", "Take the chat that is offered to you"),
    Key("offer.decline", "f7", "app.offer('decline')", "desk", "Do not take the chat that is offered to you"),
    Key("breather.end", "f11", "app.breather('end')", "desk", "Done after closing: the next chat may come"),
    Key("breather.extend", "", "app.breather('extend')", "desk", "A little more time after closing, once"),
    Key("me.status", "f9", "app.flow('status')", "desk", "Online, finishing, away or offline"),
    Key("me.take_over", "ctrl+t", "take_over", "desk", "Write here instead of the other console"),
    Key(
        "desk.menu",
        "ctrl+f",
        "app.menu",
        "desk",
        "All that can be done with colleagues and the desk, in one list",
    ),
    Key("desk.queue", "ctrl+l", "app.page('queue')", "desk", "Who waits in the queue; take one by hand"),
    Key("desk.promises", "", "app.page('promises')", "desk", "All promises by deadline"),
    Key("desk.left", "", "app.page('left')", "desk", "Messages that were left, and callbacks"),
    Key("desk.today", "", "app.page('today')", "desk", "Today: hours, banners, late promises"),
    Key("desk.board", "f12", "app.page('board')", "desk", "Supervisor: everybody at a glance, and alerts"),
    Key(
        "desk.controls",
        "",
        "app.flow('controls')",
        "desk",
        "Supervisor: open, close, banner, limits for today",
    ),
    Key("desk.report", "", "app.page('report')", "desk", "Supervisor: the figures of the service"),
    Key("quit", "ctrl+q", "leave", "app", "Leave; drafts and unsent messages are kept"),
    Key("write.send", "enter", "send", "composer", "Send"),
    Key("write.new_line", "ctrl+j,alt+enter,shift+enter", "new_line", "composer", "New line"),
    Key("aid.longer", "alt+up", "longer", "aid", "What the line offers: more time, or the one before"),
    Key("aid.shorter", "alt+down", "shorter", "aid", "What the line offers: less time, or the next one"),
    Key("aid.plain", "alt+enter", "plain", "aid", "Send the text as it is, without what the line offers"),
    Key("aid.fill", "tab", "fill", "aid", "Put what the line offers into the text"),
    Key("aid.dismiss", "escape", "dismiss", "aid", "Not now: put the line away"),
    Key("scroll.page_up", "pageup", "scroll_page(-1)", "composer", "Read back one page"),
    Key("scroll.page_down", "pagedown", "scroll_page(1)", "composer", "Read on one page"),
    Key("scroll.newest", "ctrl+end", "scroll_newest", "desk", "Go to the newest message"),
    Key("chats.open", "enter", "open", "chats", "Open the chat and write"),
    Key("chats.up", "up", "step(-1)", "chats", "The chat above"),
    Key("chats.down", "down", "step(1)", "chats", "The chat below"),
    Key("back", "escape", "back", "desk", "Back to the composer"),
    Key("page.up", "up", "step(-1)", "page", "The row above"),
    Key("page.down", "down", "step(1)", "page", "The row below"),
    Key("page.page_up", "pageup", "step(-8)", "page", "Several rows up"),
    Key("page.page_down", "pagedown", "step(8)", "page", "Several rows down"),
    Key("page.left", "left", "shift(-1)", "page", "Columns to the left"),
    Key("page.right", "right", "shift(1)", "page", "Columns to the right"),
    Key("page.choose", "enter", "choose", "page", "Choose the row; on a page: what can be done with it"),
    Key("page.close", "escape", "screen.close", "page", "Close the page, change nothing"),
    Key("form.send", "enter", "screen.send", "form", "Next field, and at the end: send"),
    Key("form.next", "tab", "app.focus_next", "form", "The next field"),
    Key("form.new_line", "ctrl+j,alt+enter,shift+enter", "new_line", "form", "New line"),
    Key("form.other", "ctrl+r", "screen.other", "form", "In a summary: the model's draft, or the rules'"),
    Key("form.close", "escape", "screen.close", "form", "Close; what was written is kept"),
)

_BY_ID: Final = {key.id: key for key in KEYS}
_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift"})
_NAMED: Final = frozenset(key.value for key in Keys if re.fullmatch(r"[a-z]+\d*", key.value))
#: How people write a key, where that is not its name.
_SHOWN: Final = {
    "pageup": "page up",
    "pagedown": "page down",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_MEANT: Final = {shown: name for name, shown in _SHOWN.items()}
#: Keys that arrive as another key on many terminals, and as what.
_NOT_SENT: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+enter": "enter",
    "ctrl+[": "escape",
}


def bindings(*scopes: Scope, namespace: str = "") -> list[Binding]:
    """Textual's bindings of these scopes, for when nothing has the focus; else `actions` come first.

    ``namespace`` goes before each action: "app." for a page over everything, which has keys of its own.
    """
    return [
        Binding(
            key.keys,
            namespace + key.action,
            key.tooltip,
            show=False,
            tooltip=key.tooltip,
            id=key.id,
        )
        for key in KEYS
        if key.scope in scopes and key.keys
    ]


def binding(id_: str, action: str) -> Binding:
    """Textual's binding of one key that does this on another screen, too."""
    key = _BY_ID[id_]
    return Binding(key.keys, action, key.tooltip, show=False, tooltip=key.tooltip, id=id_)


def actions(keys: Mapping[str, str], *scopes: Scope) -> dict[str, str]:
    """Key → action with its namespace, for a widget that acts on its keys itself.

    ``keys`` maps ids to keys. The scope of the app is always in.
    """
    spaces = {"app": "app.", "desk": "screen."}
    return {
        press: key.action if "." in key.action else spaces.get(key.scope, "") + key.action
        for key in KEYS
        if key.scope in ("app", *scopes)
        for press in keys[key.id].split(",")
        if press
    }


def aid_acts(keys: Mapping[str, str]) -> dict[str, Act]:
    """Key → what it means to the line above the composer, while that takes it."""
    found: dict[str, Act] = {}
    for key in KEYS:
        if key.scope == "aid":
            found.update((press, cast("Act", key.action)) for press in keys[key.id].split(",") if press)
    return found


class Keymap(NamedTuple):
    """What holds: ``keys`` by id; ``overrides`` for Textual; ``problems`` as sentences for a person."""

    keys: dict[str, str]
    overrides: dict[str, str]
    problems: list[str]


def read_keymap(wanted: Mapping[str, str], source: str) -> Keymap:
    """The keymap with a person's own keys. Each wrong entry becomes one sentence and is left out.

    Textual itself would ignore an unknown id, unbind an action whose key is misspelt, and let a
    clash hide the other action, all in silence.
    """
    keys = {key.id: key.keys for key in KEYS}
    overrides: dict[str, str] = {}
    problems: list[str] = []
    for id_, value in wanted.items():
        where = f"{source}: [keys] `{id_}`"
        if id_ not in _BY_ID:
            near = get_close_matches(id_, _BY_ID, n=1, cutoff=0.4)
            problems.append(f"{where} is not an action" + (f"; did you mean `{near[0]}`?" if near else "."))
            continue
        wanted_keys = [_named(part) for part in value.split(",")]
        problem = next(filter(None, map(_wrong_key, wanted_keys)), None)
        if problem is None:
            problem = _clash(id_, wanted_keys, keys)
        if problem is not None:
            problems.append(f"{where}: {problem}")
            continue
        keys[id_] = overrides[id_] = ",".join(part.strip().lower() for part in wanted_keys)
    return Keymap(keys, overrides, problems)


def _named(text: str) -> str:
    """A key as it is shown, by its name: "alt+↑" is "alt+up"."""
    *modifiers, last = text.strip().split("+") if text.strip() not in ("", "+") else [text.strip()]
    return "+".join([*modifiers, _MEANT.get(last.strip().lower(), last)])


def _wrong_key(text: str) -> str | None:
    key = text.strip().lower()
    *modifiers, last = key.split("+") if key not in ("", "+") else [key]
    if unknown := next((m for m in modifiers if m not in _MODIFIERS), None):
        return f"`{unknown}` is not a modifier; use ctrl, alt or shift."
    if not (last in _NAMED or (len(last) == 1 and last.isascii() and last.isalnum())):
        near = get_close_matches(last, _NAMED, n=1, cutoff=0.5)
        return f"`{text.strip()}` is not a key" + (f"; did you mean `{near[0]}`?" if near else ".")
    if key in _NOT_SENT:
        return f"terminals send `{key}` as `{_NOT_SENT[key]}`; choose another key."
    if len(last) == 1 and not {"ctrl", "alt"} & set(modifiers):
        return f"`{key}` is a letter you type; add ctrl or alt."
    return None


def _clash(id_: str, wanted: Iterable[str], keys: Mapping[str, str]) -> str | None:
    scope = _BY_ID[id_].scope
    for part in wanted:
        key = part.strip().lower()
        for other, taken in keys.items():
            scopes = {scope, _BY_ID[other].scope}
            # What is beside the desk lies over it: they never listen at the same time. The line above the
            # composer takes its keys before everybody else, and only while it says so.
            over = bool(scopes & {"page", "form", "aid"})
            meets = len(scopes) == 1 or bool(scopes & ({"app"} if over else {"app", "desk"}))
            if other != id_ and meets and key in taken.split(","):
                return f"`{key}` already belongs to `{other}`; give that another key first."
    return None


def show_key(keys: str) -> str:
    """The first of ``keys`` as people write it: "ctrl+n", "F8", "page up"."""
    first = keys.split(",", maxsplit=1)[0]
    if not first:
        return ""
    *modifiers, last = first.split("+")
    return "+".join([*modifiers, _SHOWN.get(last, last.upper() if re.fullmatch(r"f\d+", last) else last)])


def show_keys(keys: str) -> str:
    """The first two of ``keys`` as people write them: "F1, ctrl+g"."""
    return ", ".join(show_key(key) for key in keys.split(",")[:2])
