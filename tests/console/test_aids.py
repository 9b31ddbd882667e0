"""Whatever is typed and pressed: what leaves says the time that it promises, and was seen to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.coach import promising
from supportterm.console.aids.aid import Held, Outgoing
from supportterm.console.aids.desk import AGAIN_MS, SEEN_MS, Aids
from supportterm.console.aids.everyone import helpers
from supportterm.console.aids.times import place
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.link.journal import Journal, Question
from supportterm.link.state import LinkState
from supportterm.protocol import views
from supportterm.protocol.frames import Command, Limits, Me, View, Welcome
from supportterm.protocol.limits import LONGEST_PROMISE_MS, NAMED_PROMISE_MS, SHORTEST_PROMISE_MS

from .promising import facts
from .server import MINUTE, NOON, beginning, load
from .test_inbox import hold


class StillWire:
    """A link without a socket, whose clock a test moves."""

    url = "ws://127.0.0.1:8700/v1/agent"

    def __init__(self) -> None:
        self.journal = Journal("agent")
        self.state = LinkState("online")
        self.now = 0
        self.sent: list[Command] = []

    def put(self, command: Command) -> None:
        self.sent.append(command)

    def now_ms(self) -> int:
        return self.now

    def saw(self, chat: str) -> None: ...
    def more(self, chat: str) -> None: ...
    def typed(self, chat: str) -> None: ...
    def stopped_typing(self, chat: str) -> None: ...
    def pressed(self) -> None: ...
    def ask(self, question: Question) -> None: ...
    def watch(self, chat: str) -> None: ...
    def unwatch(self, chat: str) -> None: ...
    def take_over(self) -> None: ...
    def hurry(self) -> None: ...
    def stop(self) -> None: ...
    async def drained(self) -> None: ...


def desk(**head: Any) -> tuple[StillWire, Session, Aids]:
    """One chat of mine, its shop's facts, nothing written."""
    wire = StillWire()
    journal = wire.journal
    journal.take(Welcome("e", NOON, Me("agent", "a1", "Sanne"), Limits(), ["c"]), 0)
    hold(journal, "c", beginning("c", NOON - MINUTE), owner="a1", shop="hof", lang="nl", **head)
    for name, value in {
        "mine": views.Mine(["c"], "online", True, load()),
        "shops": views.Shops([facts()]),
    }.items():
        journal.take(View(name, 1, msgspec.Raw(msgspec.json.encode(value))), 0)
    settings_ = ConsoleSettings(config_dir=Path(), state_dir=Path())
    session = Session(wire, settings_, State(Path("nowhere")))
    session.inbox.selected = "c"
    return wire, session, Aids(session, helpers())


TEXTS = st.sampled_from(
    [
        "Ik ben over 2 minuten terug",
        "Momentje, ik kijk het na",
        "Ik kom er om half vijf op terug",
        "U hoort morgen voor 12 uur van ons",
        "Ik mail u om 19:00",
        "Ik bel u om 13:30 terug",
        "I'll be back in 900 hours",
        "Uw pakket is twee minuten geleden verzonden",
        "/back 3m",
        "/back 16:30",
        "/back",
        "Ik laat het binnen 5 uur weten",
        "",
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), TEXTS),
        st.tuples(st.sampled_from(["longer", "shorter", "dismiss", "fill", "enter", "plain"]), st.just("")),
        st.tuples(st.sampled_from(["look", "wait", "read"]), st.just("")),
    ),
    max_size=14,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.booleans())
def test_what_leaves_says_the_time_that_it_promises(steps: list[tuple[str, str]], runs: bool) -> None:
    wire, session, aids = desk(**({"promise_due": NOON + 9 * MINUTE, "promise_at": NOON} if runs else {}))
    text, shown_since, waved = "", (0, ""), ""
    for what, value in steps:
        wire.now += 10
        match what:
            case "write":
                text = value
            case "wait":
                wire.now += AGAIN_MS
            case "read":
                wire.now += SEEN_MS
            case "enter" | "plain" if what == "enter" or aids.press("plain", text) is not None:
                out = aids.send(text, plain=what == "plain")
                if isinstance(out, Held):
                    text = text if out.text is None else out.text
                    continue
                check(session, out, text, plain=what == "plain" or text == waved)
                if out.promise or out.due:
                    assert wire.now - shown_since[0] >= SEEN_MS
                aids.sent(out)
                text, waved = "", ""
            case "longer" | "shorter" | "dismiss" | "fill":
                pressed = aids.press(what, text)
                if pressed is not None and pressed.text is not None:
                    text = pressed.text
                if what == "dismiss" and pressed is not None:
                    waved = text
            case _:
                pass
        if promising.find(text, "nl") is None:
            # Waved away is waved away until something else was said.
            waved = ""
        aid = aids.look(text)
        seal = aid.seal if aid is not None else ""
        if seal != shown_since[1]:
            shown_since = (wire.now, seal)


def check(session: Session, out: Outgoing, text: str, *, plain: bool) -> None:
    """The wire carries what the words say, as the server would read them."""
    assert out.text == text
    assert not text.startswith("/back")
    found = promising.find(out.text, "nl")
    if plain or found is None or found.kind == "vague":
        assert (out.promise, out.due) == (0, 0)
    elif found.kind == "duration":
        assert out.promise == found.ms
        assert SHORTEST_PROMISE_MS <= out.promise <= LONGEST_PROMISE_MS
    else:
        moment = Aids(session).moment(text)
        assert moment is not None
        zone, hours = place(moment)
        assert out.due == promising.resolve(found, moment.now_ms, zone, hours)
        assert SHORTEST_PROMISE_MS <= out.due - moment.now_ms <= NAMED_PROMISE_MS


def test_a_named_time_waits_for_the_shops_clock() -> None:
    wire, session, aids = desk()
    session.journal.shops = None
    shown = aids.look("Ik kom er om half vijf op terug")
    assert shown is not None
    assert shown.what == "next: welcome them"
    assert aids.send("Ik kom er om half vijf op terug") == Outgoing("Ik kom er om half vijf op terug")
    assert wire.sent == []


def test_what_cannot_be_written_has_no_line() -> None:
    _, session, aids = desk(state="closed")
    assert aids.look("Ik ben over 2 minuten terug") is None
    session.inbox.selected = ""
    assert aids.look("Ik ben over 2 minuten terug") is None
    assert not aids.ticking
