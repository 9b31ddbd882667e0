"""Two or three solutions for the customer to choose from, each with its why."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import TextArea

from supportterm.console.keymap import actions
from supportterm.console.screens.dialog import Dialog
from supportterm.console.session import Session
from supportterm.console.state import Draft
from supportterm.console.widgets.field import Field
from supportterm.protocol.limits import OPTION_LABEL, OPTION_WHY, OPTIONS
from supportterm.text import SafeText

_LEAST: Final = 2


class Offered(NamedTuple):
    """What is said above, and the solutions with their whys."""

    text: str
    options: list[tuple[str, str]]


class Offering(Dialog[Offered]):
    """A line above, and a row for each solution. What is written is kept in ``draft`` at every letter."""

    def __init__(self, session: Session, customer: SafeText, above: str, draft: Draft) -> None:
        super().__init__(session, session.words.say("options.title", name=customer))
        self._above: Final = above
        self._draft: Final = draft

    def body(self) -> ComposeResult:
        yield Field(id="above", one_line=True)
        for number in range(OPTIONS):
            with Horizontal(classes="option"):
                yield Field(id=f"label-{number}", one_line=True)
                yield Field(id=f"reason-{number}", one_line=True)

    def on_mount(self) -> None:
        say = self.session.words.say
        self.fields = list(self.query(Field))
        for field in self.fields:
            field.keys = actions(self.session.settings.keymap.keys, "form")
        self.fields[0].put(self._above)
        self.fields[0].hint(say("options.above"))
        for number, (label, why) in enumerate(self._pairs()):
            label.hint(say("options.label" if number < _LEAST else "options.label_more", n=number + 1))
            why.hint(say("options.why"))
            if number < len(self._draft.options):
                label.put(self._draft.options[number][0])
                why.put(self._draft.options[number][1])
        self.fields[1].focus()
        self.hint(("form.send", "options.send"), ("form.close", "options.close"))

    def _pairs(self) -> list[tuple[Field, Field]]:
        return list(zip(self.fields[1::2], self.fields[2::2], strict=True))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is written."""
        if event.text_area is not self.fields[0]:
            self._draft.options = [(label.text, why.text) for label, why in self._pairs()]
            self._draft.at = self.session.now_ms()

    def action_send(self) -> None:
        """On to the next field; from an empty third solution, and from the last field, to the customer."""
        at = self.fields.index(self.focused) if isinstance(self.focused, Field) else 0
        third_left_out = at == len(self.fields) - 2 and not self.fields[at].text.strip()
        if at < len(self.fields) - 1 and not third_left_out:
            self.set_focus(self.fields[at + 1])
            return
        self._send()

    def _send(self) -> None:
        say = self.session.words.say
        pairs = [(label.text.strip(), why.text.strip()) for label, why in self._pairs()]
        found = [(label[:OPTION_LABEL], why[:OPTION_WHY]) for label, why in pairs if label or why]
        text = self.fields[0].text.strip()
        if len(found) < _LEAST or not all(label for label, _ in found):
            self._wrong(say("options.too_few"), 1)
        elif bare := [number for number, (label, why) in enumerate(pairs) if label and not why]:
            self._wrong(say("options.no_why"), 2 * bare[0] + 2)
        elif not text:
            self._wrong(say("options.no_above"), 0)
        else:
            self.dismiss(Offered(text, found))

    def _wrong(self, why: SafeText, field: int) -> None:
        self.remark(why)
        self.set_focus(self.fields[field])
