"""How the customer was understood: slots beside the words they come from, and the sentence to send."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple, get_args

import msgspec
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import TextArea

from supportterm.coach.understanding import Line, Quote, Slots, ask
from supportterm.coach.understanding.slots import Slot
from supportterm.console.aids.desk import AGAIN_MS
from supportterm.console.aids.modelled import PATIENCE_MS, Stand
from supportterm.console.aids.reading import Reading
from supportterm.console.keymap import actions, show_key
from supportterm.console.screens.dialog import Dialog
from supportterm.console.session import Session
from supportterm.console.state import Draft
from supportterm.console.widgets.blocks import Span, TextRow
from supportterm.console.widgets.edge import Edge
from supportterm.console.widgets.field import Field
from supportterm.console.widgets.listing import GUTTER, Entry, Listing, plain
from supportterm.console.widgets.styled import styled_rows
from supportterm.console.widgets.wrap import fit
from supportterm.text import SafeText, safe_line, trusted

_SLOTS: Final[tuple[Slot, ...]] = get_args(Slot)
_NOTHING: Final = trusted("")
#: Cells of a slot's name; below `_NARROW` it stands in a row of its own.
_NAME: Final = 16
_NARROW: Final = 56
#: Cells of a customer's line that say something.
_LEGIBLE: Final = 10
#: Letters shown around the customer's words: enough to see what they meant.
_AROUND: Final = 40


class Summed(NamedTuple):
    """What is to be done: ``send`` this sentence, or ``ask`` this question first."""

    send: str = ""
    ask: str = ""


class Summing(Dialog[Summed]):
    """The draft of a summary. It is sent by enter alone, and kept in ``draft`` when it is closed."""

    def __init__(self, session: Session, customer: SafeText, reading: Reading, draft: Draft) -> None:
        super().__init__(session, session.words.say("summary.title", name=customer))
        self._customer: Final = customer
        self._reading = reading
        self._reply = reading.replies.get(reading.summary)
        #: The customer wrote since the sentence was looked at.
        self._is_old = False
        self._draft: Final = draft
        self._out: Final[set[Slot]] = set()
        self._written = ""
        #: What became of the question to the shop's model, and whether its slots are those shown.
        self._stand: Stand = ""
        self._by_model = False
        #: When the draft changed without a key being pressed, on the link's clock.
        self._changed_at: int | None = None

    def body(self) -> ComposeResult:
        yield Listing(self, id="slots")
        yield Field(id="sentence")

    def on_mount(self) -> None:
        keys, say = self.session.settings.keymap.keys, self.session.words.say
        modelled = self.session.modelled
        self.listing, self.field = self.query_one(Listing), self.query_one(Field)
        self.listing.keys = {**actions(keys, "page"), **_only(actions(keys, "form"), "focus_next", "other")}
        self.field.keys = actions(keys, "form")
        self.field.hint(say("summary.hint"))
        if self._draft.restated.strip():
            # Nobody who wrote something of their own waits for another draft.
            self._stand = modelled.stand(self._reading)
            self._redraft()
            self.field.put(self._draft.restated)
        else:
            modelled.ask(self._reading)
            self._stand = modelled.stand(self._reading)
            self._by_model = self._stand == "there"
            if self._stand == "asking":
                self._wait_for_model()
            self._redraft()
        self.field.focus()

    def on_descendant_focus(self) -> None:
        """Each of the two has keys of its own."""
        if self.focused is self.listing:
            self._slot_hint()
        else:
            self.hint(
                ("form.send", "summary.send"), ("form.next", "summary.slots"), ("form.close", "summary.close")
            )

    def heard(self) -> None:
        """What came in meanwhile belongs into the slots, and is asked about before anything leaves."""
        log = self.session.journal.chats.get(self._reading.chat)
        if log is None or not self.is_mounted:
            return
        before, self._reading = self._reading, self.session.readings.of(log)
        is_new = self._reading.newest != before.newest
        if is_new:
            self._by_model, self._stand = False, ""
        if not self._begun and not self.session.modelled.stand(self._reading):
            self.session.modelled.ask(self._reading)
        if self._reading is not before:
            self._reply = self._reading.replies.get(self._reading.summary)
            self.laid()
            self._redraft()
        if is_new:
            self._is_old = True
            self.remark(self._news("summary.news"))
        self._look_at_model()

    # --- the model ---------------------------------------------------------------------------------

    def _look_at_model(self) -> None:
        """Show its draft instead of the rules', if nobody has begun to work on those."""
        stand = self.session.modelled.stand(self._reading)
        if stand == self._stand or not self.is_mounted:
            return
        self._stand = stand
        if stand == "asking":
            self._wait_for_model()
        elif stand == "there" and not self._begun:
            self._by_model = True
            self._changed_at = self.session.link.now_ms()
            self._redraft()
        self.laid()

    def _wait_for_model(self) -> None:
        """Nobody may answer at all; then that is said."""
        self.set_timer(PATIENCE_MS / 1_000 + 0.1, self._look_at_model)

    @property
    def _begun(self) -> bool:
        """Whether the agent has begun: what they look at is not changed under their hands."""
        return bool(self._out) or self.focused is self.listing or self.field.text != self._written

    def action_other(self) -> None:
        """The model's draft instead of the rules', or those again."""
        if self._stand == "there":
            self._by_model = not self._by_model
            self._out.clear()
            self.laid()
            self._redraft()

    @property
    def _slots(self) -> Slots:
        found = self.session.modelled.slots(self._reading) if self._by_model else None
        return found if found is not None else self._reading.slots

    def _drafted_by(self) -> SafeText:
        """Whose draft it is; "" in a shop without a model."""
        if not self._stand:
            return _NOTHING
        what = "model" if self._by_model else f"rules_{self._stand}"
        key = safe_line(show_key(self.session.settings.keymap.keys["form.other"]))
        say = self.session.words.say
        return say(f"summary.by_{what}", key=key) if self._stand == "there" else say(f"summary.by_{what}")

    # --- slots -------------------------------------------------------------------------------------

    def laid(self) -> None:
        """There is a width to fill."""
        if width := self.listing.size.width:
            answer = self._answer()
            entries = [plain(answer, width, "good" if self._confirmed else "warn")] if answer else []
            if by := self._drafted_by():
                entries.append(plain(by, width, "warn" if self._by_model else "detail"))
            self.listing.show([*entries, *(self._entry(slot, width) for slot in _SLOTS)])

    @property
    def _confirmed(self) -> bool:
        return self._reply is not None and self._reply.answer == "yes" and not self._reply.undone

    def _answer(self) -> SafeText:
        """What became of the summary that was sent last."""
        say, reply = self.session.words.say, self._reply
        if not self._reading.summary:
            return _NOTHING
        if reply is None or reply.undone:
            return say("summary.answer_none")
        if reply.answer == "yes":
            return say("summary.answer_yes", name=self._customer)
        return say("summary.answer_no", name=self._customer, text=safe_line(reply.event.text))

    def moved(self, id: str) -> None:
        """What enter does depends on the slot."""
        if self.is_mounted and self.focused is self.listing:
            self._slot_hint()

    def typed(self, character: str) -> bool:
        """Letters belong into the sentence."""
        self.set_focus(self.field)
        self.field.add(character)
        return True

    def shift(self, columns: int) -> None:
        """There are no other columns."""

    def chosen(self, id: str) -> None:
        """A filled slot is left out or taken in again; an empty one is asked for."""
        slot = next(one for one in _SLOTS if one == id)
        if not self._quotes(slot):
            question = ask(slot, self._reading.language, familiar=self._reading.familiar)
            if question:
                self.dismiss(Summed(ask=question))
            return
        self._out.symmetric_difference_update({slot})
        self.laid()
        self._redraft()
        self._slot_hint()

    def _slot_hint(self) -> None:
        slot = self.listing.selected
        filled = any(self._quotes(one) for one in _SLOTS if one == slot)
        what = "summary.ask"
        if filled:
            what = "summary.take_in" if slot in self._out else "summary.leave_out"
        self.hint(("page.choose", what), ("form.next", "summary.sentence"), ("page.close", "dialog.close"))

    def _quotes(self, slot: Slot) -> Sequence[Quote]:
        slots = self._slots
        return [one.quote for one in slots.about] if slot == "about" else getattr(slots, slot)

    def _entry(self, slot: Slot, width: int) -> Entry:
        room = width - GUTTER - 1
        out = slot in self._out
        name = self.session.words.say(f"slot.{slot}")
        narrow = width < _NARROW
        wide = room - (2 if narrow else _NAME + 1)
        sources = [self._source(quotes, out) for quotes in self._shown(slot)]
        if out and sources:
            # Said in words: a terminal may know neither italics nor bold.
            sources[0].insert(0, Span(self.session.words.say("summary.left_out") + trusted(" · "), "warn"))
        rows = [row for spans in sources for row in styled_rows(spans, wide)]
        if not rows:
            question = ask(slot, self._reading.language, familiar=self._reading.familiar)
            text = safe_line(question) if question else self.session.words.say("summary.unknown")
            rows = styled_rows([Span(trusted("? "), "off"), Span(text, "off")], wide)
        style = "off" if out else "bold"
        if narrow:
            indent = Span(trusted("  "), "text")
            return Entry(
                slot,
                (TextRow((Span(fit(name, room), style),)), *(TextRow((indent, *spans)) for spans in rows)),
            )
        pad = Span(trusted(" ") * (_NAME + 1), "text")
        first = Span(_padded(name, _NAME + 1), style)
        return Entry(slot, tuple(TextRow((pad if n else first, *spans)) for n, spans in enumerate(rows)))

    def _shown(self, slot: Slot) -> list[list[Quote]]:
        """The places of a slot, those of one message together."""
        quotes = sorted(self._quotes(slot), key=lambda quote: (quote.line, quote.start))
        return [list(group) for _, group in groupby(quotes, key=lambda quote: quote.line)]

    def _source(self, quotes: Sequence[Quote], out: bool) -> list[Span]:
        """The customer's words, marked, in what stands between and around them."""
        line: Line = self._reading.talk.lines[quotes[0].line]
        before = line.text[: quotes[0].start]
        if len(before) > _AROUND:
            before = "…" + before[-_AROUND:].partition(" ")[2]
        spans = [
            Span(self.session.words.clock(line.at) + trusted(" "), "detail"),
            Span(safe_line(before), "detail"),
        ]
        at = quotes[0].start
        for quote in quotes:
            spans.append(Span(safe_line(line.text[at : quote.start]), "detail"))
            at = max(at, quote.end)
            spans.append(Span(safe_line(line.text[quote.start : at]), "off" if out else "head"))
        after = line.text[at:]
        if len(after) > _AROUND:
            after = after[:_AROUND].rpartition(" ")[0].rstrip(".,;:!?") + "…"
        return [*spans, Span(safe_line(after), "detail")]

    # --- the sentence ------------------------------------------------------------------------------

    def _redraft(self) -> None:
        """Write the sentence anew, unless somebody changed it by hand: what they wrote stays."""
        if self.field.text != self._written:
            self.remark(self.session.words.say("summary.edited"))
            return
        slots: Slots = msgspec.structs.replace(self._slots, **dict.fromkeys(self._out, ()))
        self._written = safe_line(self._reading.draft(slots), 2_000)
        self.field.put(self._written)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is written by hand."""
        if event.text_area is self.field:
            by_hand = self.field.text != self._written
            self._draft.restated = self.field.text if by_hand else ""
            self._draft.at = self.session.now_ms()

    def _news(self, what: str) -> SafeText:
        """That the customer wrote, and their newest line as far as it fits beside the title."""
        said, say = self._reading.newest, self.session.words.say
        text = safe_line(said.text) if said is not None and not said.erased else _NOTHING
        around = cell_len(say(f"{what}_text", text=_NOTHING)) + cell_len(self.heading) + Edge.APART
        room = self.query_one("#box-title", Edge).room - around
        if not text or room < _LEGIBLE:
            return say(what)
        return say(f"{what}_text", text=fit(text, room))

    def action_send(self) -> None:
        """Send it, if it says something."""
        text = self.field.text.strip()
        if not text:
            self.remark(self.session.words.say("summary.empty"))
        elif self._is_the_same(text):
            self.remark(self.session.words.say("summary.same"))
        elif over := self.session.too_long(text):
            self.remark(self.session.words.say("compose.too_long", n=over))
        elif self._changed_at is not None and self.session.link.now_ms() - self._changed_at < AGAIN_MS:
            # The enter was meant for what stood there before.
            self.remark(self.session.words.say("summary.changed"))
        elif self._is_old:
            self._is_old = False
            self.remark(self._news("summary.news_again"))
        else:
            self.dismiss(Summed(send=text))

    def _is_the_same(self, text: str) -> bool:
        """Whether it is what the customer has just put right."""
        if self._reply is None or self._reply.undone or self._reply.answer != "no":
            return False
        sent = [line.text for line in self._reading.talk.lines if line.kind == "summary_sent"]
        return bool(sent) and " ".join(sent[-1].split()) == " ".join(text.split())


def _only(keys: dict[str, str], *names: str) -> dict[str, str]:
    return {key: does for key, does in keys.items() if does.endswith(names)}


def _padded(text: SafeText, width: int) -> SafeText:
    text = fit(text, width - 1)
    return text + trusted(" ") * max(1, width - len(text))
