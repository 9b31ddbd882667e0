"""A chat as rows of styled text at one width: the transcript's layout, without a screen. Pure.

A block is what one event (or one unsent message) shows: a day line, a header, its text, its tick. Rows
are made once per event, width and standing, and kept; a new message costs one block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct
from rich.cells import cell_len
from textual.cache import LRUCache

from supportterm.console.aids.talk import replies
from supportterm.console.reminders import broken_promises
from supportterm.console.widgets.decisions import DECISIONS, decision, happening, is_bad
from supportterm.console.widgets.standing import answer, choices, is_apart, standing, title
from supportterm.console.widgets.wrap import fit, wrap
from supportterm.console.words import Words
from supportterm.link.changes import Refused
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds
from supportterm.protocol.frames import Command, Event, Note, Say
from supportterm.protocol.options import laid_out
from supportterm.text import SafeText, join, safe_line, safe_text, trusted

#: Messages of one person within this time stand under one header.
TOGETHER_MS: Final = 5 * 60_000
#: Cells left of a text: the bar and a space.
INDENT: Final = 2
#: Cells right of a text, where ticks stand.
MARGIN: Final = 4
#: So many decisions of the desk in a row are shown each by itself; of more only the newest.
DECISIONS_SHOWN: Final = 2
#: What a person wrote: shown with its author above and a bar beside.
_WRITTEN: Final = ("message", "note", "handoff")
_BAR: Final = trusted("▎")
_NOTHING: Final = trusted("")
_SEP: Final = trusted("  ")

Tick = Literal["", "sent", "got", "read", "last_read", "pending"]
_TICKS: Final[dict[Tick, SafeText]] = {
    "sent": trusted("✓"),
    "got": trusted("✓✓"),
    "read": trusted("✓✓"),
    "pending": trusted("…"),
}


class Span(NamedTuple):
    """A piece of a row. ``style`` names one of `Transcript`'s component classes."""

    text: SafeText
    style: str


class TextRow(NamedTuple):
    """One row of the terminal. ``fill`` is the style of the cells right of the last span."""

    spans: tuple[Span, ...]
    fill: str = "text"

    @property
    def plain(self) -> SafeText:
        return join(_NOTHING, [span.text for span in self.spans])


class Setting(Struct, frozen=True):
    """All that blocks depend on beside their events.

    ``me`` is the agent's id; ``retry`` and ``take_back`` the keys' names in hints; ``now_ms`` the
    server's time, for the words of days; ``names``: agents' names by their ids; ``called``: what the shop
    calls its reasons of contact, its gifts and its topics, as `aids.gifts.called` says.
    """

    words: Words
    width: int
    customer: SafeText
    me: str
    first_unread: int
    now_ms: int
    online: bool
    retry: SafeText
    take_back: SafeText
    names: Mapping[str, SafeText] = {}
    called: Mapping[str, SafeText] = {}


class _Key(NamedTuple):
    chat: str
    seq: int
    erased: bool
    width: int
    day: str
    header: bool
    new: bool
    tick: Tick
    language: str
    customer: str
    standing: str
    kept_for: bool
    owed_by: int


_Cache = LRUCache[_Key, tuple[TextRow, ...]]


class Blocks:
    """Makes rows of chats and keeps them."""

    def __init__(self) -> None:
        # Some 20 chats of 200 events each.
        self._cache: _Cache = LRUCache(4_096)

    def rows(self, log: ChatLog, setting: Setting) -> list[TextRow]:
        """Every row of the chat, top to bottom."""
        found: list[TextRow] = list(_top(log, setting))
        before: Event | None = None
        day_before = -1
        maker, owed = "", broken_promises(log.events)
        last_read = _last_read(log)
        answered = replies(log.events)
        decided = _decided(log.events, setting)
        for number, event in enumerate(log.events):
            if event.kind in DECISIONS and number not in decided:
                continue
            if event.kind in ("promised", "promise_extended") and _is(log.events, number + 1, "callback"):
                # The callback says when, and how as well.
                continue
            if event.kind == "stays" and _is(log.events, number - 1, "handoff_ended"):
                # That the handoff came to nothing was said with the reason, in the line before.
                continue
            if event.kind in ("promised", "promise_extended"):
                maker = event.by.id
            day = setting.words.day_number(event.at)
            day_text = setting.words.day(event.at, setting.now_ms) if day != day_before else _NOTHING
            key = _Key(
                log.chat,
                event.seq,
                event.erased,
                setting.width,
                day_text,
                bool(day_text) or not _together(before, event) or is_apart(event),
                event.seq == setting.first_unread,
                _tick(event, log, last_read),
                setting.words.language,
                setting.customer,
                standing(event, answered, setting.called),
                event.kind == "promise_ended" and bool(maker) and event.by.id not in ("", maker),
                owed.get(event.seq, 0),
            )
            if number in decided:
                # Not kept: names of colleagues may come later than the event that speaks of them.
                found.extend(_decision_rows(event, key, day_text, decided[number], setting))
            else:
                rows = self._cache.get(key)
                if rows is None:
                    rows = self._cache[key] = tuple(_event_rows(event, key, day_text, setting))
                found.extend(rows)
            before, day_before = event, day
        for entry in log.outbox:
            if isinstance(entry.command, Say | Note):
                found.extend(_unsent_rows(entry.command, None, setting))
        for refused in log.refused:
            found.extend(_unsent_rows(refused.command, refused, setting))
        return found

    def forget(self) -> None:
        """Texts were erased: keep no copy of them."""
        self._cache.clear()


def _top(log: ChatLog, setting: Setting) -> Iterator[TextRow]:
    if log.older:
        key = "chat.loading" if log.paging else "chat.older"
        yield _centred(setting.words.say(key), "system", setting.width)


def _last_read(log: ChatLog) -> int:
    """The public number of our newest message that the customer saw; 0 if there is none."""
    seen = log.customer_marks.seen
    for event in reversed(log.events):
        if _ours(event) and event.pub <= seen:
            return event.pub
    return 0


def _ours(event: Event) -> bool:
    return event.kind == "message" and event.by.role == "agent"


def _tick(event: Event, log: ChatLog, last_read: int) -> Tick:
    if not _ours(event):
        return ""
    if event.pub == last_read:
        return "last_read"
    if event.pub <= log.customer_marks.seen:
        return "read"
    return "got" if event.pub <= log.customer_marks.got else "sent"


def _together(before: Event | None, event: Event) -> bool:
    return (
        before is not None
        and before.kind == event.kind
        and event.kind in ("message", "note")
        and before.by == event.by
        and event.at - before.at < TOGETHER_MS
    )


def _event_rows(event: Event, key: _Key, day: SafeText, setting: Setting) -> Iterator[TextRow]:
    words, width = setting.words, setting.width
    if day:
        yield TextRow(())
        yield _ruled(day, "day", width)
    if key.new:
        yield _ruled(words.say("chat.new"), "new", width)
    if event.kind not in _WRITTEN:
        who, called = _who(event, setting), setting.called
        text = happening(
            event, who, words, setting.now_ms, called, kept_for=key.kept_for, owed_by=key.owed_by
        )
        yield from _system_rows(event, text, setting)
        return
    note, customer = event.kind != "message", event.by.role == "customer"
    if key.header:
        yield TextRow(())
        when = join(_SEP, [part for part in (words.clock(event.at), title(event, words)) if part])
        yield _header(_who(event, setting), when, note, customer, setting)
    text = words.say("chat.erased") if event.erased else safe_text(event.text)
    style = "erased" if event.erased else "note" if note else "text"
    bar = "note" if note else "customer" if customer else "agent"
    if choices(event) and not event.erased:
        yield from _choice_rows(event, key, style, bar, setting)
    else:
        yield from _body(text, style, bar, key.tick, setting)
    if said := answer(event, key.standing, words):
        yield from _body(said.text, said.style, bar, "", setting)
    shape: type[kinds.Message] | type[kinds.Note] = kinds.Note if note else kinds.Message
    data = data_of(event, shape)
    if data is not None and data.masked and not event.erased:
        say = words.say("chat.masked" if data.masked == 1 else "chat.masked_many", n=data.masked)
        yield from _body(say, "system", bar, "", setting)


def _choice_rows(event: Event, key: _Key, style: str, bar: str, setting: Setting) -> Iterator[TextRow]:
    """Solutions to choose from below what is said above them, the chosen one marked."""
    above, offered = choices(event) or (_NOTHING, [])
    if above:
        yield from _body(above, style, bar, "", setting)
    for number, (label, why) in enumerate(offered, 1):
        chosen = key.standing == f"choice {number}"
        mark = trusted("● ") if chosen else trusted("○ ")
        last = number == len(offered)
        yield from _body(
            mark + label, "tick-read" if chosen else style, bar, key.tick if last and not why else "", setting
        )
        if why:
            yield from _body(trusted("  ") + why, "system", bar, key.tick if last else "", setting)


def _who(event: Event, setting: Setting) -> SafeText:
    if event.by.role == "customer":
        return setting.customer
    if event.by.id and event.by.id == setting.me:
        return setting.words.say("chat.you")
    return safe_line(event.by.name) or setting.words.say("chat.agent")


def _header(who: SafeText, when: SafeText, note: bool, customer: bool, setting: Setting) -> TextRow:
    bar = "note" if note else "customer" if customer else "agent"
    spans = [Span(_BAR, f"bar-{bar}"), Span(trusted(" "), "note" if note else "text")]
    room = setting.width - INDENT - cell_len(when) - 3
    if note:
        label = fit(setting.words.say("compose.note"), max(4, room - cell_len(who) - 2))
        spans += [Span(label, "note-label"), Span(trusted("  "), "note")]
        room -= cell_len(label) + 2
    spans += [
        Span(fit(who, max(1, room)), "note-label" if note else f"name-{bar}"),
        Span(trusted("  "), "note" if note else "text"),
        Span(when, "note-time" if note else "time"),
    ]
    return TextRow(tuple(spans), "note" if note else "text")


def _body(text: SafeText, style: str, bar: str, tick: Tick, setting: Setting) -> Iterator[TextRow]:
    note = bar == "note"
    width = max(4, setting.width - INDENT - MARGIN)
    gap = Span(trusted(" "), "note" if note else "text")
    rows = wrap(text, width)
    mark = _TICKS.get(tick)
    if tick == "last_read":
        mark = trusted("✓✓ ") + setting.words.say("chat.read")
    for number, row in enumerate(rows, 1):
        spans: tuple[Span, ...] = (Span(_BAR, f"bar-{bar}"), gap, Span(row, style))
        if mark is not None and number == len(rows):
            tick_style = "tick-read" if tick in ("read", "last_read") else "tick"
            room = setting.width - INDENT - cell_len(row) - cell_len(mark) - 1
            if room < 1:
                yield TextRow(spans, gap.style)
                spans = (Span(_BAR, f"bar-{bar}"), gap)
                room = setting.width - INDENT - cell_len(mark) - 1
            spans = (*spans, Span(gap.text * max(1, room), gap.style), Span(mark, tick_style))
        yield TextRow(spans, gap.style)


def _system_rows(event: Event, text: SafeText | None, setting: Setting) -> Iterator[TextRow]:
    if text is None:
        return
    style = "refused" if is_bad(event) else "system"
    line = join(trusted("  "), [setting.words.clock(event.at), text])
    for row in wrap(line, max(4, setting.width - INDENT - 1)):
        yield TextRow((Span(trusted("  "), "text"), Span(row, style)))


def _is(events: Sequence[Event], number: int, kind: str) -> bool:
    return 0 <= number < len(events) and events[number].kind == kind


def _decided(events: Sequence[Event], setting: Setting) -> dict[int, SafeText]:
    """The decisions to show, by their place. Of a long run only the newest, which says what came of it."""
    found: dict[int, SafeText] = {}
    run: list[tuple[int, SafeText]] = []
    for number, event in enumerate((*events, None)):
        if event is not None and event.kind in DECISIONS:
            text = decision(event, setting.words, setting.names)
            if event.kind == "handoff":
                found[number] = text or _NOTHING
            elif text is not None:
                run.append((number, text))
                continue
            else:
                continue
        if len(run) > DECISIONS_SHOWN:
            last, text = run[-1]
            before = setting.words.say("decision.before", n=len(run) - 1)
            found[last] = join(trusted(" · "), [text, before])
        else:
            found.update(run)
        run = []
    return found


def _decision_rows(
    event: Event, key: _Key, day: SafeText, text: SafeText, setting: Setting
) -> Iterator[TextRow]:
    """A decision as a small line; the summary of a handoff as the note it is."""
    if event.kind == "handoff":
        yield from _event_rows(event, key, day, setting)
    elif day:
        yield TextRow(())
        yield _ruled(day, "day", setting.width)
    yield from _system_rows(event, text, setting)


def _unsent_rows(command: Command, refused: Refused | None, setting: Setting) -> Iterator[TextRow]:
    """A message that waits for its answer, or one the server would not take, with what to do."""
    assert isinstance(command, Say | Note)
    words = setting.words
    bar = "refused" if refused else "note" if isinstance(command, Note) else "agent"
    yield TextRow(())
    text = command.text
    if isinstance(command, Say) and command.options:
        text = laid_out(text, ((one.label, one.why) for one in command.options))
    yield from _body(safe_text(text), "pending", bar, "" if refused else "pending", setting)
    if refused:
        why = words.say("chat.refused", why=words.refusal(refused.code))
        hint = words.say("chat.refused_hint", retry=setting.retry, back=setting.take_back)
        yield from _body(why, "refused", bar, "", setting)
        yield from _body(hint, "system", bar, "", setting)
    elif not setting.online:
        yield from _body(words.say("chat.pending_offline"), "system", bar, "", setting)


def _centred(text: SafeText, style: str, width: int) -> TextRow:
    text = fit(text, width)
    return TextRow((Span(trusted(" ") * ((width - cell_len(text)) // 2), "text"), Span(text, style)))


def _ruled(text: SafeText, style: str, width: int) -> TextRow:
    """A line across with a word in it."""
    width -= 1
    text = fit(text, width - 4)
    left = max(1, (width - cell_len(text) - 2) // 2)
    right = max(1, width - left - cell_len(text) - 2)
    dash, rule = trusted("─"), f"{style}-rule"
    word = join(text, [trusted(" "), trusted(" ")])
    return TextRow((Span(dash * left, rule), Span(word, style), Span(dash * right, rule)))
