"""What a console keeps on disk between visits: drafts, the look a person chose, what they put away, of what
they were reminded, and which canned replies they used lately. Mode 0600.

Drafts are what somebody wrote and did not send yet; losing one to a crash or a closed laptop is losing
words, so each change is on the disk within a second and at every switch of chat.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from supportterm.console.aids.talk import Mark

#: Drafts of chats nobody touched for longer are dropped: texts of customers should not pile up here.
KEEP_DRAFTS_MS: Final = 30 * 24 * 3600 * 1000
#: Chats of which it is known what was put away, the newest; and hints in each. More have no use.
KEEP_AWAY: Final = 200
KEEP_HINTS: Final = 100


class Promised(NamedTuple):
    """A gift by the ids of its reason and of itself in the shop's ``mandate``; ``text``: its words."""

    reason: str
    mandate: str
    text: str


class Leaving(Struct, omit_defaults=True):
    """Gifts in a message that is on its way to the desk, or was ``refused`` by it."""

    chat: str
    gifts: list[Promised]
    refused: bool = False


class Draft(Struct, omit_defaults=True):
    """Unsent text of one chat: a message, a note, the summary of a handoff and its reason (``why``), how the
    customer was understood (``restated``), and solutions to choose from (``options``, each with its why).

    ``gifts``: those whose words were put into it. ``at``: last change, ms since 1970.
    """

    message: str = ""
    note: str = ""
    summary: str = ""
    why: str = ""
    restated: str = ""
    options: list[tuple[str, str]] = []
    noting: bool = False
    gifts: list[Promised] = []
    at: int = 0

    @property
    def empty(self) -> bool:
        texts = (self.message, self.note, self.summary, self.why, self.restated)
        return not any(text.strip() for text in (*texts, *map("".join, self.options)))


class Away(Struct, omit_defaults=True):
    """What was put away in one chat, or set by hand; forgotten when it is closed.

    ``marks``: the summary's prompt and the step. ``greeting``: put away. ``seen``: the event up to which
    answers and choices were seen. ``chip``: which words about time were waved away. ``overdue``: of which
    promise that it is late, by when it was due. ``reason``: why they wrote was asked and put away. ``hints``:
    the keys of those on tone that are over, oldest first. ``at``: last change, ms since 1970.
    """

    marks: tuple[Mark, ...] = ()
    greeting: bool = False
    seen: int = 0
    chip: str = ""
    overdue: int = 0
    reason: bool = False
    hints: list[str] = []
    at: int = 0

    def hint_over(self, key: str) -> None:
        """A hint does not come again."""
        if key not in self.hints:
            self.hints.append(key)
            del self.hints[:-KEEP_HINTS]


class Look(Struct, omit_defaults=True):
    """What a person chose in the palette; "" and None mean: as the settings file says."""

    theme: str = ""
    language: str = ""
    bell: bool | None = None


class Kept(Struct):
    """The file's content."""

    v: int = 1
    drafts: dict[str, Draft] = {}
    look: Look = msgspec.field(default_factory=Look)
    reminded: dict[str, int] = {}
    away: dict[str, Away] = {}
    epoch: str = ""
    used: list[str] = []
    leaving: dict[str, Leaving] = {}


class State:
    """The kept state of one agent at one server.

    `load` never raises: an unreadable file is set aside and ``trouble`` says so. `save` returns a
    sentence when the disk refuses, and "" when the state is safe on it.
    """

    def __init__(self, path: Path, now_ms: int = 0) -> None:
        self.path: Final = path
        self.trouble = ""
        self.drafts: dict[str, Draft] = {}
        self.look = Look()
        #: Reminders of promises that were given, with the deadlines they were about: see `reminders`.
        self.reminded: dict[str, int] = {}
        self._away: dict[str, Away] = {}
        #: The history to which the numbers in it belong.
        self._epoch = ""
        #: Canned replies used lately: see `canned`.
        self.used: list[str] = []
        #: Gifts that are not counted yet, by the id of their message: see `aids.gifts`.
        self.leaving: dict[str, Leaving] = {}
        self._saved = b""
        self._load(now_ms)

    def _load(self, now_ms: int) -> None:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            self.trouble = f"{self.path}: {error.strerror}"
            return
        try:
            kept = msgspec.json.decode(raw, type=Kept)
        except msgspec.DecodeError:
            aside = self.path.with_suffix(".unreadable")
            with contextlib.suppress(OSError):
                self.path.replace(aside)
            self.trouble = f"{self.path} could not be read; it is kept as {aside.name}"
            return
        self.look = kept.look
        self.reminded = kept.reminded
        self._epoch = kept.epoch
        self.leaving = kept.leaving
        self._away = {chat: one for chat, one in kept.away.items() if one.at > now_ms - KEEP_DRAFTS_MS}
        self.used = kept.used
        self.drafts = {
            chat: draft
            for chat, draft in kept.drafts.items()
            if not draft.empty and (not draft.at or draft.at > now_ms - KEEP_DRAFTS_MS)
        }

    def draft(self, chat: str) -> Draft:
        """The draft of this chat, made empty if there is none. Change it, then `save`."""
        return self.drafts.setdefault(chat, Draft())

    def away(self, chat: str) -> Away:
        """What was put away in this chat; not to be changed."""
        return self._away.get(chat) or Away()

    def put_away(self, chat: str, now_ms: int) -> Away:
        """The same, to be changed; then `save`."""
        # The one that was changed last is the last to go.
        found = self._away[chat] = self._away.pop(chat, Away())
        found.at = now_ms
        while len(self._away) > KEEP_AWAY:
            del self._away[next(iter(self._away))]
        return found

    def closed(self, chat: str) -> bool:
        """Forget what was put away in a chat that is over; whether there was something."""
        return self._away.pop(chat, None) is not None

    def of_epoch(self, epoch: str) -> None:
        """The server's history is this one: in another one event numbers mean nothing."""
        if epoch and epoch != self._epoch:
            self._away.clear()
            self._epoch = epoch

    def forget(self, chat: str) -> None:
        """Drop the draft of a chat whose texts were erased, and what was put away: it quotes from it."""
        self.drafts.pop(chat, None)
        self._away.pop(chat, None)

    def save(self) -> str:
        """Write what changed, durably. Returns "" or a sentence that says why it failed."""
        drafts = {chat: draft for chat, draft in self.drafts.items() if not draft.empty}
        kept = Kept(
            drafts=drafts,
            look=self.look,
            reminded=self.reminded,
            away=self._away,
            epoch=self._epoch,
            used=self.used,
            leaving=self.leaving,
        )
        raw = msgspec.json.encode(kept)
        if raw == self._saved:
            return ""
        try:
            self._write(raw)
        except OSError as error:
            return f"{self.path}: {error.strerror}"
        self._saved = raw
        return ""

    def _write(self, raw: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes the file 0600; the rename makes a half-written one impossible.
        handle, name = tempfile.mkstemp(prefix=self.path.name, dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
