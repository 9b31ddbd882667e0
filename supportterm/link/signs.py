"""What a client says of itself and nobody stores as an event: marks, typing, and that keys are pressed."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from supportterm.protocol.frames import Active, ClientFrame, Mark, Marks, Side, Typing
from supportterm.protocol.limits import ACTIVE_MS

#: At most one `mark` per second and chat (rule 9).
MARK_MS: Final = 1_000


class _Marking(Struct):
    """``told`` is what the server knows; ``got`` and ``seen`` what is true here."""

    told: Marks = Marks()
    got: int = 0
    seen: int = 0
    not_before: int = 0

    @property
    def due(self) -> bool:
        return self.got > self.told.got or self.seen > self.told.seen


class Signs:
    """Marks and typing of all chats, thinned out as rules 9 and 10 ask; an agent's keys likewise."""

    def __init__(self, role: Side) -> None:
        self.role: Final = role
        self._marking: dict[str, _Marking] = {}
        #: When each chat's running typing sign was last sent.
        self._typing: dict[str, int] = {}
        self._typing_due: dict[str, bool] = {}
        self._pressed_at: int | None = None
        self._pressed_due = False

    def got(self, chat: str, number: int) -> None:
        """A public event of somebody else arrived."""
        marking = self._of(chat)
        marking.got = max(marking.got, number)

    def saw(self, chat: str, number: int) -> None:
        """Everything up to ``number`` was seen; what was seen was also got."""
        marking = self._of(chat)
        marking.seen = max(marking.seen, number)
        marking.got = max(marking.got, number)

    def began(self, chat: str, told: Marks) -> None:
        """A subscription began; its head says what the server knows of our marks."""
        marking = self._of(chat)
        marking.told = told
        marking.got, marking.seen = max(marking.got, told.got), max(marking.seen, told.seen)

    def typed(self, chat: str, now_ms: int, typing_ms: int) -> None:
        """A key was pressed: said on the first, and again every half ``typing_ms``."""
        last = self._typing.get(chat)
        if last is None or now_ms - last >= typing_ms // 2:
            self._typing[chat] = now_ms
            self._typing_due[chat] = True

    def stopped(self, chat: str) -> None:
        """Nothing is being written any more."""
        if self._typing.pop(chat, None) is not None:
            # A beginning nobody was told of needs no end.
            if self._typing_due.pop(chat, False):
                return
            self._typing_due[chat] = False

    def pressed(self, now_ms: int) -> None:
        """A key was pressed anywhere at the console: said at most every `ACTIVE_MS`."""
        if self._pressed_at is None or now_ms - self._pressed_at >= ACTIVE_MS:
            self._pressed_at = now_ms
            self._pressed_due = True

    def gone(self, chat: str) -> None:
        """The chat is not ours any more."""
        self._marking.pop(chat, None)
        self._typing.pop(chat, None)
        self._typing_due.pop(chat, None)

    def forget(self) -> None:
        """The numbers mean nothing any more."""
        self._marking.clear()

    def lost(self) -> None:
        """Whether the last marks arrived is unknown; the next head will tell. Typing is over."""
        self._typing.clear()
        self._typing_due.clear()
        # A key pressed while nobody listened says nothing of the moment the connection is back.
        self._pressed_at, self._pressed_due = None, False

    def to_send(self, now_ms: int) -> list[ClientFrame]:
        """What is due now."""
        found: list[ClientFrame] = [Typing(chat=chat, on=on) for chat, on in self._typing_due.items()]
        self._typing_due.clear()
        if self._pressed_due:
            self._pressed_due = False
            found.append(Active())
        for chat, marking in self._marking.items():
            if marking.due and marking.not_before <= now_ms:
                marking.told = Marks(got=marking.got, seen=marking.seen)
                marking.not_before = now_ms + MARK_MS
                found.append(Mark(chat=chat, got=marking.got, seen=marking.seen))
        return found

    def times(self) -> list[int]:
        """When marks that wait for their second may leave."""
        return [marking.not_before for marking in self._marking.values() if marking.due]

    def _of(self, chat: str) -> _Marking:
        found = self._marking.get(chat)
        if found is None:
            found = self._marking[chat] = _Marking()
        return found
