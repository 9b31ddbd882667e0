"""The line at the bottom: the connection and the queue at its left, my load and my status at its right.

Load and status always stay while the console is connected: what does not fit is said shorter, and then left
out, the least important first. A connection that is gone comes before everything, also before a notice, which
is to be read whole: then the right end makes room. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from supportterm.console.load import bar, sentence, short
from supportterm.console.queued import queue_forms
from supportterm.console.session import Session
from supportterm.text import SafeText, fill, join, trusted

_NOTHING: Final = trusted("")
_DOT: Final = trusted(" · ")
_LINKED: Final = trusted("●")
#: Cells of a load's bar.
_BAR: Final = 6
_LOST: Final = trusted("○ ")
_STOPPED: Final = trusted("✕ ")
#: Cells at both edges, and between the ends.
_ROOM: Final = 4
#: Cells that stay empty when there is only one.
_EDGES: Final = 3
#: What is said shorter by one form at a time until all fits. The last ones leave nothing but load and status.
_SHORTER: Final = (
    *("load", "help", "me", "empty", "link", "refused", "alerts", "queue"),
    *("practice", "refused", "queue", "alerts", "unsent", "link"),
)
#: The same without a connection: whether anything waits to be sent, and when it is tried again, go last.
_SHORTER_OFFLINE: Final = ("help", "practice", "kept", "unsent", "again")
_RIGHT: Final = ("load", "me", "help")


class Part(NamedTuple):
    """One thing in the line, from its longest form to its shortest; "" leaves it out."""

    name: str
    forms: tuple[SafeText, ...]


def status_line(
    session: Session, notice: SafeText, key: Callable[[str], SafeText], width: int
) -> tuple[SafeText, SafeText]:
    """Both ends in ``width`` cells; ``key`` gives a key's name by its id."""
    mine, online = _mine(session, key), session.link.state.kind == "online"
    if session.stopped is not None:
        # Who is connected no more has no load and is not online, whatever was told last.
        mine = []
    elif not online:
        # What the desk takes me for is not known then: it may have set me away.
        mine = [part for part in mine if part.name == "help"]
    if notice:
        return _beside(notice if online else _before(session, notice, width), mine, width)
    if online:
        return _fitted([*_desk(session), *mine], _SHORTER, width)
    return _fitted([*_offline(session), *mine], _SHORTER_OFFLINE, width)


def _beside(left: SafeText, mine: list[Part], width: int) -> tuple[SafeText, SafeText]:
    """A notice, and as much at the right end as it leaves room for."""
    forms = {part.name: 0 for part in mine}
    for name in ("", "load", "help", "me", "me"):
        if name in forms:
            forms[name] += 1
        right = _joined(mine, forms)
        if _fits(left, right, width):
            return left, right
    return left, _NOTHING


def _before(session: Session, notice: SafeText, width: int) -> SafeText:
    """A notice behind the connection's state, in words if both can be read whole."""
    state = offline(session)
    both = join(_DOT, [state, notice])
    sign = _STOPPED if session.stopped is not None else _LOST
    return both if _fits(both, _NOTHING, width) else sign + notice


def _fitted(parts: list[Part], shorter: Sequence[str], width: int) -> tuple[SafeText, SafeText]:
    forms = {part.name: 0 for part in parts}
    left_parts = [part for part in parts if part.name not in _RIGHT]
    right_parts = [part for part in parts if part.name in _RIGHT]
    for name in ("", *shorter):
        if name in forms:
            forms[name] += 1
        left, right = _joined(left_parts, forms), _joined(right_parts, forms)
        if _fits(left, right, width):
            break
    return left, right


def _fits(left: SafeText, right: SafeText, width: int) -> bool:
    return cell_len(left) + cell_len(right) + (_ROOM if right else _EDGES) <= width


def _joined(parts: list[Part], forms: dict[str, int]) -> SafeText:
    said = [part.forms[min(forms[part.name], len(part.forms) - 1)] for part in parts]
    told = [text for text in said if text]
    # A sign alone needs no dot after it.
    first = told.pop(0) + trusted(" ") if len(told) > 1 and told[0] == _LINKED else _NOTHING
    return first + join(_DOT, told)


def _mine(session: Session, key: Callable[[str], SafeText]) -> list[Part]:
    words, load = session.words, session.team.load
    status = words.status(*session.status)
    found = []
    if load is not None:
        drawn = bar(load, _BAR) + trusted(" ")
        found.append(Part("load", (drawn + sentence(words, load), drawn + short(words, load))))
    found.append(Part("me", (words.say("status.me", status=status), status, _NOTHING)))
    found.append(Part("help", (words.say("status.help", key=key("help")), _NOTHING)))
    return found


def _desk(session: Session) -> list[Part]:
    say = session.words.say
    found = [Part("link", (_LINKED + trusted(" ") + say("status.online"), _LINKED, _NOTHING))]
    if unsent := session.unsent():
        found.append(Part("unsent", (say("status.unsent", n=unsent), _NOTHING)))
    if alerts := len(session.team.alerts):
        found.append(
            Part(
                "alerts", (trusted("▲ ") + say("status.alerts", n=alerts), fill("▲ {n}", n=alerts), _NOTHING)
            )
        )
    queue = session.journal.queue
    waits = "empty" if queue is None or not queue.size else "queue"
    found.append(Part(waits, (*queue_forms(session.words, queue, session.now_ms()), _NOTHING)))
    left = session.journal.left
    # Nobody else says that an answer did not arrive.
    if refused := sum(one.mail == "refused" for one in left.rows) if left is not None else 0:
        forms = (say("left.n_refused", n=refused), fill("!✉ {n}", n=refused))
        found.append(Part("refused", (*forms, _NOTHING)))
    return [*found, *_practice(session)]


def offline(session: Session) -> SafeText:
    """That there is no connection, in a few words; "" while there is one."""
    say, kind = session.words.say, session.link.state.kind
    if kind == "online":
        return _NOTHING
    sign = _STOPPED if session.stopped is not None else _LOST
    return sign + say("status.connecting" if kind == "connecting" else "status.none")


def _offline(session: Session) -> list[Part]:
    say, state = session.words.say, session.link.state
    if (stopped := session.stopped) is not None:
        return [Part("link", (_STOPPED + stopped,))]
    found = [Part("link", (offline(session),))]
    if state.kind != "connecting":
        left = max(0, -((session.link.now_ms() - state.until) // 1_000))
        found.append(
            Part("again", (say("status.again_in", n=left) if left else say("status.again"), _NOTHING))
        )
    if unsent := session.unsent():
        found.append(Part("unsent", (say("status.unsent_kept", n=unsent), say("status.unsent", n=unsent))))
    elif state.kind != "connecting":
        found.append(Part("kept", (say("status.kept"), _NOTHING)))
    return [*found, *_practice(session)]


def _practice(session: Session) -> list[Part]:
    welcome = session.journal.welcome
    if welcome is None or not welcome.practice:
        return []
    return [Part("practice", (session.words.say("status.practice"), _NOTHING))]
