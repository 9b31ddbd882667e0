"""An agent's load as a bar and as a sentence. Pure.

"2.2 of 3: two waiting 2.0, one quiet 0.2 · no new chat". Points are counted in hundredths, as on the wire.
Why a ceiling is lower than others' is a clause of its own: it says how long replies take, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supportterm.console.words import Words
from supportterm.protocol.views import Demand, Load
from supportterm.text import SafeText, join, trusted

#: The usual points of a chat by what it asks; a desk's own are learned from the loads it shows.
USUAL: Final[dict[Demand, int]] = {
    "closing": 50,
    "due": 100,
    "promise": 80,
    "waiting": 100,
    "quiet": 20,
    "answered": 50,
}
_FULL, _EMPTY, _OVER = trusted("█"), trusted("░"), trusted("!")


def weights(loads: Iterable[Load]) -> dict[Demand, int]:
    """Points of one chat by what it asks, as these loads tell; the usual ones where they do not."""
    found = dict(USUAL)
    for load in loads:
        for part in load.parts:
            if part.n:
                found[part.demand] = part.points // part.n
    return found


def full(load: Load, cost: int = USUAL["waiting"]) -> bool:
    """Whether one more chat would be more than they are offered."""
    return load.points + cost > load.ceiling or load.chats >= load.cap


def bar(load: Load, cells: int) -> SafeText:
    """The load in ``cells`` cells; a mark after it, where it is over the ceiling."""
    ceiling = max(1, load.ceiling)
    filled = min(cells, (load.points * cells + ceiling // 2) // ceiling)
    if load.points and not filled:
        filled = 1
    over = _OVER if load.points > load.ceiling else trusted("")
    return _FULL * filled + _EMPTY * (cells - filled) + over


def short(words: Words, load: Load) -> SafeText:
    """ "2.2 of 3"."""
    return words.say("load.of", points=words.points(load.points), ceiling=words.points(load.ceiling))


def pace(words: Words, load: Load) -> SafeText | None:
    """Why the ceiling is not the usual one: "ceiling 2.2: replies take 1.3 × the team's (last 5 days)"."""
    if not load.slower:
        return None
    times = words.points(10 * load.slower, exact=True)
    return words.say("load.pace", ceiling=words.points(load.ceiling, exact=True), times=times)


def sentence(words: Words, load: Load) -> SafeText:
    """All of it: what it is made of, and whether a new chat may come."""
    parts = [
        words.say(f"load.{part.demand}", n=words.count(part.n), points=words.points(part.points, exact=True))
        for part in load.parts
        if part.n
    ]
    # What was promised for much later weighs nothing yet; it is no empty desk all the same.
    later = load.chats - sum(part.n for part in load.parts if part.demand != "closing")
    if later > 0:
        parts.append(words.say("load.later", n=words.count(later)))
    made = join(trusted(", "), parts) if parts else words.say("load.nothing")
    text = join(trusted(": "), [short(words, load), made])
    if load.chats >= load.cap:
        return join(trusted(" · "), [text, words.say("load.cap", n=load.chats)])
    if full(load):
        return join(trusted(" · "), [text, words.say("load.no_new")])
    return text


def explained(words: Words, load: Load) -> SafeText:
    """The sentence, and why the ceiling is what it is."""
    parts = [sentence(words, load), pace(words, load)]
    return join(trusted(" · "), [part for part in parts if part is not None])
