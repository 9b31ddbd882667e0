"""The form of a handoff: why, and what the next one must know."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.app import ComposeResult
from textual.widgets import TextArea

from supportterm.console.keymap import actions
from supportterm.console.screens.dialog import Dialog
from supportterm.console.session import Session
from supportterm.console.state import Draft
from supportterm.console.widgets.field import Field
from supportterm.text import SafeText

#: The wire's longest reason.
_REASON_CHARS: Final = 200


class Wanted(NamedTuple):
    """What was written."""

    reason: str
    summary: str


class Handing(Dialog[Wanted]):
    """Reason and summary, kept in ``draft`` at every letter until somebody has the chat."""

    def __init__(self, session: Session, customer: SafeText, whom: SafeText, draft: Draft) -> None:
        super().__init__(session, session.words.say("handoff.form", name=customer, whom=whom))
        self._draft: Final = draft

    def body(self) -> ComposeResult:
        yield Field(id="reason", one_line=True)
        yield Field(id="summary")

    def on_mount(self) -> None:
        say = self.session.words.say
        self.reason, self.summary = self.query_one("#reason", Field), self.query_one("#summary", Field)
        for field in (self.reason, self.summary):
            field.keys = actions(self.session.settings.keymap.keys, "form")
        self.reason.hint(say("handoff.reason"))
        self.summary.hint(say("handoff.summary"))
        self.reason.put(self._draft.why)
        self.summary.put(self._draft.summary)
        self.reason.focus()
        self.hint(
            ("form.send", "handoff.send"),
            ("form.new_line", "dialog.new_line"),
            ("form.close", "handoff.close"),
        )

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is written."""
        if event.text_area is self.summary:
            self._draft.summary = self.summary.text
        else:
            self._draft.why = self.reason.text
        self._draft.at = self.session.now_ms()

    def action_send(self) -> None:
        """From the reason to the summary, from the summary to the colleague."""
        if self.focused is self.reason:
            self.set_focus(self.summary)
            return
        say, text = self.session.words.say, self.summary.text.strip()
        if not text:
            self.remark(say("handoff.no_summary"))
        elif over := self.session.too_long(text):
            self.remark(say("compose.too_long", n=over))
        else:
            self.dismiss(Wanted(self.reason.text.strip()[:_REASON_CHARS], text))
