"""From the composer to the outbox: the aid line above it, its keys, and sending."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from supportterm.console.aids.aid import Act, Held, Outgoing, Tone
from supportterm.console.aids.desk import Aids
from supportterm.console.aids.fitting import fitted
from supportterm.console.aids.later import why_not
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.promise import PromiseChip
from supportterm.console.flows.callback import call_back
from supportterm.text import SafeText

if TYPE_CHECKING:
    from supportterm.console.screens.main import MainScreen

_TONES: Final = tuple(tone for tone in get_args(Tone) if tone)


class Writing:
    """What the main screen does with what is written. Made when the screen is mounted."""

    def __init__(self, main: MainScreen, aids: Aids) -> None:
        self._main: Final = main
        self.aids: Final = aids
        self._chip: Final = next(one for one in aids.helpers if isinstance(one, PromiseChip))

    # --- the line --------------------------------------------------------------------------------

    def paint(self) -> None:
        """Show what the aid line says now, or no line."""
        bar, aid = self._main.aid_bar, self.aids.look(self._main.composer.text)
        bar.display = aid is not None
        if aid is None:
            return
        # As wide as the bar above it, which is always laid out.
        what, act = fitted(aid, self._main.line_bar.size.width)
        bar.show(what, act, left_wins=True)
        for tone in _TONES:
            bar.set_class(tone == aid.tone, f"-{tone}")

    def moment(self) -> Moment | None:
        """The open chat as it stands; None where nothing can be written to its customer."""
        return self.aids.moment(self._main.composer.text)

    def explained(self) -> SafeText | None:
        """What the line has no room for; None: nothing."""
        moment = self.moment()
        return why_not(moment) if moment is not None else None

    def press(self, act: Act) -> bool:
        """A key of the aid line; whether it means something now."""
        main = self._main
        main.take_written()
        pressed = self.aids.press(act, main.composer.text)
        if pressed is None:
            return False
        if pressed.text is not None:
            self.put(pressed.text)
        if pressed.select is not None:
            main.composer.select_text(*pressed.select)
        if pressed.said:
            main.say_below(pressed.said)
        if pressed.call_back:
            main.console.begin(partial(call_back, at=pressed.call_back, text=main.composer.text))
        if pressed.flow:
            main.console.action_flow(pressed.flow)
        if pressed.send:
            self.send(main.composer.text, plain=act == "plain")
        main.save_soon()
        main.paint()
        return True

    def put(self, text: str) -> None:
        """Put a text into the composer, as if written: it can be undone."""
        self._main.composer.rewrite(text)
        self._main.take_written()

    def offer(self, text: str) -> None:
        """Put a text there that somebody asked for; an enter pressed too soon does not send it."""
        self.put(text)
        self.aids.was_put(self._main.composer.text)
        self._main.write()
        self._main.paint()

    def insert(self, text: str) -> None:
        """Put a text that somebody chose where the cursor is; an enter pressed too soon does not send it."""
        main = self._main
        main.composer.insert_here(text)
        main.take_written()
        self.aids.was_put(main.composer.text)
        main.write()
        main.paint()

    def handed_on(self) -> SafeText | None:
        """By when a colleague is to answer who takes the chat, because nobody else is there then; None: what
        is written promises no such time."""
        moment = self.moment()
        time = self._chip.outside(moment) if moment is not None else None
        return moment.words.when(time.at, moment.now_ms) if moment is not None and time is not None else None

    # --- sending ---------------------------------------------------------------------------------

    def send(self, text: str, *, plain: bool = False) -> None:
        """Send the composer's text, unless an aid holds it."""
        main = self._main
        session = main.session
        main.take_written()
        if session.locked or session.too_long(text):
            main.paint()
            return
        out = self.aids.send(text, plain=plain)
        if isinstance(out, Held):
            if out.text is not None:
                self.put(out.text)
            if out.select is not None:
                main.composer.select_text(*out.select)
            if out.why:
                main.notice(session.words.say(out.why))
            if out.reach:
                main.notice(session.reached_at(session.inbox.selected, out.reach))
            if out.call_back is not None:
                main.console.begin(partial(call_back, at=out.call_back))
            main.understood.look()
            main.paint()
            return
        if not session.noting:
            self.let_go(session.inbox.selected, out)
        elif trouble := session.note(out.text):
            main.notice(trouble)
        else:
            main.sent()

    def let_go(self, chat: str, out: Outgoing) -> bool:
        """Send a message, from the composer or where it was held, also in another chat; whether it left."""
        main, session = self._main, self._main.session
        trouble = session.let_go(chat, out)
        if trouble is not None:
            main.notice(trouble)
        elif chat == session.inbox.selected and not session.noting:
            self.aids.sent(out)
            main.sent()
        return trouble is None
