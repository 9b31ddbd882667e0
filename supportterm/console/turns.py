"""One key after another: none goes out before the one ahead of it has done what it does.

Textual gives each key to what has the focus as it arrives. In a burst (a script, a slow line, a quick hand)
that is where the focus was before the keys ahead were acted on: letters behind a "tab" came to the wrong
field, or to none. Here a key waits until its turn, and then goes where the focus is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from textual import events
from textual.message_pump import MessagePump
from textual.timer import Timer

if TYPE_CHECKING:
    from supportterm.console.app import Console

Pressed: TypeAlias = events.Key | events.Paste

#: How often it is looked whether a screen that was just opened takes keys, and how many times at most.
_LOOK_SECONDS: Final = 0.01
_LOOKS: Final = 200


class Turns:
    """The keys of one console that wait; ``give`` hands one to what has the focus.

    While a dialog or a page opens, its keys wait for it. What was typed ahead for a dialog that never came is
    nobody's; behind one that closed, letters go on into the text and all else is dropped: an enter meant for
    a dialog never sends anything to a customer.
    """

    def __init__(self, app: Console, give: Callable[[Pressed], Awaitable[None]]) -> None:
        self._app: Final = app
        self._give: Final = give
        self._waiting: Final[deque[Pressed]] = deque()
        #: Who is at it; None: nobody.
        self._busy: MessagePump | None = None
        self._looks = 0
        self._timer: Timer | None = None

    async def take(self, event: Pressed) -> None:
        """A key or a paste that has just come."""
        self._waiting.append(event)
        await self._go_on()

    def stage_left(self, *, asked: bool) -> None:
        """A row of dialogs is over; ``asked``: it had some."""
        if self._app.screen is not self._app.main:
            # It led on to another one.
            return
        kept: list[Pressed] = []
        for event in self._waiting if asked else ():
            if isinstance(event, events.Key) and not event.is_printable:
                break
            kept.append(event)
        self._waiting.clear()
        self._waiting.extend(kept)

    async def _go_on(self) -> None:
        while self._waiting:
            if self._busy is not None and self._busy.is_running:
                return
            self._busy = None
            if not self._ready() and self._looks < _LOOKS:
                self._timer = self._timer or self._app.set_timer(_LOOK_SECONDS, self._look)
                return
            self._looks = 0
            whose: MessagePump = self._app.focused or self._app.screen
            await self._give(self._waiting.popleft())
            # Its queue is worked off in order: this comes behind the key.
            if whose.call_later(self._done, whose):
                self._busy = whose

    def _ready(self) -> bool:
        """Whether what lies on top takes keys by now: what a screen focuses comes a moment after it."""
        screen = self._app.screen
        if screen is self._app.main:
            return True
        return screen.focused is not None and bool(screen.focused.size)

    async def _look(self) -> None:
        self._timer = None
        self._looks += 1
        await self._go_on()

    def _done(self, whose: MessagePump) -> None:
        if self._busy is whose:
            self._busy = None
        self._app.call_later(self._go_on)
