"""``/`` and a few letters: the canned reply they mean, put into the text by enter and never sent by it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from supportterm.coach.replying import COMMANDS
from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.canned import Canned, matching
from supportterm.console.aids.moment import Moment
from supportterm.text import SafeText, fill, join, safe_line, trusted

_SLASH: Final = re.compile(r"/([^\n]*)")
_DOT: Final = trusted(" · ")
#: Letters of the text beside its label, from much room to little.
_SHOWN: Final = (90, 60, 40, 24, 12)


def asked(text: str) -> str | None:
    """What is looked for; None: the text does not begin with a slash, or is a command of its own."""
    found = _SLASH.fullmatch(text)
    if found is None or found[1].partition(" ")[0].lower() in COMMANDS:
        return None
    return found[1].strip()


class Slash:
    """One console's search in the composer."""

    def __init__(self) -> None:
        #: By chat, what is looked for and which of those found is chosen.
        self._chosen: Final[dict[str, tuple[str, int]]] = {}
        #: By chat, a text that is no reply, and was asked about.
        self._meant: Final[dict[str, str]] = {}

    def offer(self, moment: Moment) -> Aid | None:
        """The reply that enter puts in."""
        found = self._found(moment)
        if found is None:
            return None
        say = moment.words.say
        if not found:
            if _begins_command(moment.text):
                return None
            meant = self._meant.get(moment.chat) == moment.text
            act = say("reply.as_it_is", key=moment.key("write.send")) if meant else trusted("")
            return Aid(say("reply.not_found"), act, "warn")
        place = self._place(moment, len(found))
        one, enter = found[place], say("reply.put_in", key=moment.key("write.send"))
        long, acts, takes = [enter], [enter], frozenset[Act]({"fill"})
        if len(found) > 1:
            takes |= {"longer", "shorter"}
            more = say("reply.more", key=moment.key("aid.shorter"), n=place + 1, all=len(found))
            long.append(more)
            acts = [join(_DOT, long), join(_DOT, [moment.key("write.send"), more]), enter]
        long.append(say("reply.list", key=moment.key("write.canned")))
        ways = [(_what(one, most), join(_DOT, long)) for most in _SHOWN]
        ways += [(_what(one, _SHOWN[-1]), acts[0]), *((one.label, act) for act in acts)]
        (what, act), *briefs = ways
        return Aid(what, act, "promise", tuple(briefs), takes)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Another one, or put it in."""
        found = self._found(moment)
        if not found:
            return None
        if act == "fill":
            put = self._put(moment, found)
            return Pressed(put.text, select=put.select)
        step = 1 if act == "shorter" else -1
        self._chosen[moment.chat] = (moment.text, (self._place(moment, len(found)) + step) % len(found))
        return Pressed()

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """The text in place of the letters. What is no reply is sent when enter is pressed again."""
        found = self._found(moment)
        if found:
            return self._put(moment, found)
        if found is None or self._meant.get(moment.chat) == moment.text:
            return out
        self._meant[moment.chat] = moment.text
        return Held()

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing is looked for any more."""
        self._chosen.pop(moment.chat, None)
        self._meant.pop(moment.chat, None)

    def _found(self, moment: Moment) -> list[Canned] | None:
        """None: nothing is looked for."""
        query = asked(moment.text)
        canned = moment.session.canned
        if query is None or moment.noting:
            return None
        if not canned.any_for(moment.log):
            return [] if _misspelt(query) else None
        return matching(canned.of(moment.log), query)

    def _place(self, moment: Moment, count: int) -> int:
        text, place = self._chosen.get(moment.chat, ("", 0))
        return place if text == moment.text and place < count else 0

    def _put(self, moment: Moment, found: list[Canned]) -> Held:
        one = found[self._place(moment, len(found))]
        moment.session.canned.used(moment.chat, one)
        self._chosen.pop(moment.chat, None)
        # Not into its first gap: who types on, as after any text, would replace that in the middle.
        return Held(one.text)


def _what(one: Canned, most: int) -> SafeText:
    return fill("{label}: {text}", label=one.label, text=safe_line(one.text).clip(most))


def _misspelt(query: str) -> bool:
    """Whether a command was meant, as in "bakc 5m"."""
    return bool(get_close_matches(query.partition(" ")[0].lower(), COMMANDS, 1))


def _begins_command(text: str) -> bool:
    """Whether a command is being typed."""
    return any(f"/{one}".startswith(text.lower()) for one in COMMANDS)
