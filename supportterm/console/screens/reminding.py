"""Reminders of promises on the main screen: a sentence at the bottom, a bell if another chat is open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from supportterm.console.callbacks import came_up
from supportterm.console.promised import by_deadline, rescues
from supportterm.console.reminders import Reminder, reminders, turn
from supportterm.console.screens.framed import Framed
from supportterm.console.screens.notices import first_late
from supportterm.console.screens.page import Page
from supportterm.console.screens.palette import Palette
from supportterm.text import SafeText

if TYPE_CHECKING:
    from supportterm.console.screens.main import MainScreen


class Reminding:
    """Looks at every painting whether a reminder is due; what was told is kept on the disk."""

    def __init__(self, main: MainScreen) -> None:
        self._main: Final = main
        #: The newest reminder and its sentence.

    def look(self) -> None:
        """Tell what is due."""
        session = self._main.session
        self._tell_boxes()
        now, own = session.now_ms(), session.inbox.own()
        found = turn(own, session.state.reminded, now)
        told, ring = found.told, False
        for one in found.due:
            if one.kind != "last":
                # Half of the time is over: the row says it, and nothing else does.
                continue
            ring = ring or self._elsewhere(one.chat)
            self._main.say_below(self._said(one), partial(self._runs, one), stays=True)
        for rescue in rescues(session):
            log = session.journal.chats.get(rescue.chat)
            # Asked again where nobody was free, it is still the same promise.
            over = log.head.overdue_at if log is not None and log.head is not None else 0
            key = f"{rescue.chat} {over} rescue"
            if key not in told:
                told[key] = rescue.at
                ring = ring or self._elsewhere(rescue.chat)
        if told != session.state.reminded:
            session.state.reminded = told
            # Before the bell: who restarts the console is not rung again.
            session.save()
        if ring and session.rings_promises:
            self._main.app.bell()

    def _said(self, one: Reminder) -> SafeText:
        """When it falls due, by the clock: what is left stands elsewhere, and counts."""
        session = self._main.session
        name, time = session.name_for(one.chat), session.words.clock(one.due)
        if one.chat == session.inbox.selected:
            return session.words.say("notice.promise_here", name=name, time=time)
        key = self._main.wording.key("promise.next")
        return session.words.say("notice.promise_left", name=name, time=time, key=key)

    def _tell_boxes(self) -> None:
        """What lies over the rows says that a promise is about to fall due."""
        stack = self._main.app.screen_stack
        owed = self._main.wording.owed(open_chat=not any(isinstance(one, Page) for one in stack))
        for screen in stack:
            if isinstance(screen, Framed | Palette):
                screen.owed(owed)
            elif isinstance(screen, Page):
                screen.count()

    def _runs(self, one: Reminder) -> bool:
        """Whether that promise still waits for its answer: who looks up later reads of it, too."""
        log = self._main.session.journal.chats.get(one.chat)
        return log is not None and any(other.key == one.key for other in reminders(log))

    def next(self) -> None:
        """Go to the promise that is due next, also from a page, and from there to the one after it.

        A callback that came up, and one that falls after closing, go first as long as they were not seen: a
        row tells of them, and the key.
        """
        session = self._main.session
        if up := [log.chat for log in came_up(session) if log.chat != session.inbox.selected]:
            self._go(up[0])
            return
        if late := first_late(session):
            session.late.pop(late)
            self._go(late)
            self._main.paint()
            return
        chats = [log.chat for log in by_deadline(session)]
        if not chats:
            self._main.notice(session.words.say("notice.no_promise"))
            return
        here = session.inbox.selected
        # Who looks at a page has seen nothing of the open chat's own yet.
        on = here in chats and self._main.app.screen is self._main
        self._go(chats[(chats.index(here) + 1) % len(chats)] if on else chats[0])

    def _go(self, chat: str) -> None:
        self._main.console.close_pages()
        self._main.go(chat, write=True)

    def _elsewhere(self, chat: str) -> bool:
        """Whether the person has something else before their eyes."""
        main = self._main
        return chat != main.session.inbox.selected or not main.app.app_focus or main.app.screen is not main
