"""What a console keeps on disk between visits: drafts, the look a person chose, of what they were
reminded, and which canned replies they used lately. Mode 0600.

Drafts are what somebody wrote and did not send yet; losing one to a crash or a closed laptop is losing
words, so each change is on the disk within a second and at every switch of chat.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

#: Drafts of chats nobody touched for longer are dropped: texts of customers should not pile up here.
KEEP_DRAFTS_MS: Final = 30 * 24 * 3600 * 1000


class Draft(Struct, omit_defaults=True):
    """Unsent text of one chat: a message, a note, the summary of a handoff, how the customer was understood
    (``restated``), and solutions to choose from (``options``, each with its why), each its own.

    ``at``: last change, ms since 1970.
    """

    message: str = ""
    note: str = ""
    summary: str = ""
    restated: str = ""
    options: list[tuple[str, str]] = []
    noting: bool = False
    at: int = 0

    @property
    def empty(self) -> bool:
        texts = (self.message, self.note, self.summary, self.restated, *map("".join, self.options))
        return not any(text.strip() for text in texts)


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
    used: list[str] = []


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
        #: Canned replies used lately: see `canned`.
        self.used: list[str] = []
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
        self.used = kept.used
        self.drafts = {
            chat: draft
            for chat, draft in kept.drafts.items()
            if not draft.empty and (not draft.at or draft.at > now_ms - KEEP_DRAFTS_MS)
        }

    def draft(self, chat: str) -> Draft:
        """The draft of this chat, made empty if there is none. Change it, then `save`."""
        return self.drafts.setdefault(chat, Draft())

    def forget(self, chat: str) -> None:
        """Drop the draft of a chat whose texts were erased."""
        self.drafts.pop(chat, None)

    def save(self) -> str:
        """Write what changed, durably. Returns "" or a sentence that says why it failed."""
        drafts = {chat: draft for chat, draft in self.drafts.items() if not draft.empty}
        raw = msgspec.json.encode(Kept(drafts=drafts, look=self.look, reminded=self.reminded, used=self.used))
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
