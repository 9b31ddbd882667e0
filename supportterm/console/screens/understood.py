"""What the main screen's keys do for being understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportterm.console.aids.gifts import Given, of_language
from supportterm.console.aids.reading import read_from_words

if TYPE_CHECKING:
    from supportterm.console.screens.main import MainScreen


class Understood:
    """Closing with a reason, gifts, and answers that were none."""

    def __init__(self, main: MainScreen) -> None:
        self._main: Final = main

    def close(self) -> None:
        """Close the open chat, after it was asked why the customer came; reopen a closed one."""
        session, log = self._main.session, self._main.session.log
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

    def give(self, given: Given) -> None:
        """Put a gift's words into the text; it counts when they are sent."""
        session, log = self._main.session, self._main.session.log
        if log is None:
            return
        text = of_language(given.gift.texts, session.readings.of(log).language)
        session.gifts.put(log.chat, given, text)
        self.add(text)
