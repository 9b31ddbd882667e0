"""Closings that can still be undone. Pure: times are local milliseconds."""

from __future__ import annotations

from typing import Final

#: Long enough to notice a slip of the finger, short enough not to keep a customer.
UNDO_MS: Final = 5_000
#: The same, and long enough to read one line.
READ_MS: Final = 8_000


class Closings:
    """Chats about to be closed, each with the moment `close` really leaves."""

    def __init__(self) -> None:
        self._due: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._due)

    def __contains__(self, chat: str) -> bool:
        return chat in self._due

    def begin(self, chat: str, now_ms: int, *, reading: bool = False) -> None:
        """Close this chat in `UNDO_MS`, or in `READ_MS` if there is something to read; twice is once."""
        self._due.setdefault(chat, now_ms + (READ_MS if reading else UNDO_MS))

    def undo(self, chat: str) -> str:
        """Undo this chat's closing, else the newest one; the chat it was, "" if there was none."""
        if chat not in self._due:
            chat = max(self._due, key=lambda c: self._due[c], default="")
        self._due.pop(chat, None)
        return chat

    def drop(self, chat: str) -> bool:
        """This chat shall not be closed after all; whether it was about to be."""
        return self._due.pop(chat, None) is not None

    def seconds_left(self, chat: str, now_ms: int) -> int:
        """Whole seconds until it closes, at least 1; 0 if it is not closing."""
        due = self._due.get(chat)
        return 0 if due is None else max(1, -((now_ms - due) // 1_000))

    def take_due(self, now_ms: int) -> list[str]:
        """The chats whose time to undo is over; they are dropped here."""
        over = [chat for chat, due in self._due.items() if due <= now_ms]
        for chat in over:
            del self._due[chat]
        return over

    def take_all(self) -> list[str]:
        """All of them: the person leaves, and they meant to close."""
        chats = list(self._due)
        self._due.clear()
        return chats
