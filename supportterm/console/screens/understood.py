"""What the main screen's keys do for being understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportterm.console.aids.canned import Canned
from supportterm.console.aids.desk import Aids
from supportterm.console.aids.gifts import Given, words_for
from supportterm.console.aids.greeting import Greeting
from supportterm.console.aids.guard import Guard
from supportterm.console.aids.reading import read_from_words
from supportterm.console.flows.reopening import asks
from supportterm.text import SafeText, safe_text, trusted

if TYPE_CHECKING:
    from textual.timer import Timer

    from supportterm.console.screens.main import MainScreen


#: How often somebody who types is looked at while a message waits for them.
LOOK_SECONDS: Final = 0.25


class Understood:
    """Closing with a reason, gifts, and answers that were none."""

    def __init__(self, main: MainScreen, aids: Aids) -> None:
        self._main: Final = main
        self._aids: Final = aids
        self._guard: Final = next(one for one in aids.helpers if isinstance(one, Guard))
        self._greeting: Final = next(one for one in aids.helpers if isinstance(one, Greeting))
        self._timer: Timer | None = None

    def placeholder(self) -> SafeText:
        """What the empty composer offers to say first; "" for nothing, or while the line says something else:
        its key would not take it."""
        moment = self._aids.moment(self._main.composer.text)
        if moment is None or not self._aids.speaks(self._greeting):
            return trusted("")
        return safe_text(self._greeting.line(moment))

    def look(self) -> None:
        """Let go what was held, wherever the customer paused; ask where they wrote instead."""
        main, session = self._main, self._main.session
        due, asks = self._guard.take_due(session, session.link.now_ms())
        for chat, out in due:
            # Only what still stands there is cleared: a note may stand in its place, or one letter more.
            here = chat == session.inbox.selected and not session.noting
            if here and main.composer.text != out.text:
                continue
            main.writing.let_go(chat, out)
        for chat in asks:
            if chat != session.inbox.selected:
                main.notice(session.words.say("guard.elsewhere", name=session.name_for(chat)))
        if due or asks:
            main.save_soon()
            main.paint()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._guard.waits:
            self._timer = main.set_timer(LOOK_SECONDS, self.look)

    def close(self) -> None:
        """Close the open chat, after it was asked why the customer came; reopen a closed one, after a
        question if it was ended because of abuse."""
        session, log = self._main.session, self._main.session.log
        if log is not None and session.may_reopen and asks(session, log):
            self._main.console.action_flow("reopen")
            return
        if log is not None and session.may_close and log.chat not in session.closings:
            reading = session.readings.of(log)
            if reading.shop.reasons and reading.reason is None and reading.newest is not None:
                self._main.console.action_flow("close")
                return
        self.begin_closing()

    def begin_closing(self) -> None:
        """Close after a while in which that can be undone."""
        if trouble := self._main.session.close_or_reopen():
            self._main.notice(trouble)
        self._main.paint()

    def reread(self) -> None:
        """The words that were read as an answer to the summary were none."""
        session, log = self._main.session, self._main.session.log
        reply = read_from_words(session.readings.of(log), log) if log is not None else None
        if log is None or reply is None or session.part != "owner":
            self._main.notice(session.words.say("notice.not_read"))
            return
        trouble = session.acts.reread(log.chat, reply.event.pub)
        self._main.notice(trouble or session.words.say("notice.reread"))

    def add(self, text: str) -> None:
        """Put this behind what is written, to be looked at and sent by hand."""
        main = self._main
        if main.session.noting:
            main.action_toggle_note()
        if main.composer.read_only:
            return
        before = main.composer.text.rstrip()
        main.writing.offer(f"{before} {text}" if before else text)

    def put_in(self, chat: str, one: Canned, *, instead: bool) -> None:
        """Put a canned reply in where the cursor is, or ``instead`` of the letters it was looked for by."""
        main = self._main
        if chat != main.session.inbox.selected:
            return
        if main.session.noting:
            main.action_toggle_note()
        if main.composer.read_only:
            return
        if instead:
            main.composer.select_all()
        main.session.canned.used(chat, one)
        main.writing.insert(one.text)

    def give(self, given: Given) -> None:
        """Put a gift's words into the text; it counts once they arrived."""
        session, log = self._main.session, self._main.session.log
        if log is None:
            return
        text = words_for(given.gift, session.readings.of(log).language)
        session.gifts.put(log.chat, given, text)
        self.add(text)
