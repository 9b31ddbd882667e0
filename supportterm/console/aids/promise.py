"""The promise chip: what a time in the text means, and which keys change it, before anything is sent.

What is promised is always what the text says; another time is chosen by changing the words. Nothing is
promised that the agent has not seen on the line.
"""

from __future__ import annotations

from typing import Final

from supportterm.coach import promising
from supportterm.coach.promising import Found
from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.text import join, trusted

_DOT: Final = trusted(" · ")


class PromiseChip:
    """One console's chip. ``finds`` counts how often a text was looked at."""

    def __init__(self) -> None:
        self.finds = 0
        self._looked: tuple[str, str] | None = None
        self._found: Found | None = None
        #: By chat, what was waved away: it stays away until the words about time change.
        self._dismissed: Final[dict[str, str]] = {}

    # --- what it says ----------------------------------------------------------------------------

    def offer(self, moment: Moment) -> Aid | None:
        """The chip for the time in the text."""
        found = self._promise(moment)
        if found is None:
            return None
        if found.absurd:
            return self._absurd(moment)
        if found.kind == "vague":
            return self._vague(moment, found)
        return self._timed(moment, found) if found.kind == "duration" else None

    def _promise(self, moment: Moment) -> Found | None:
        """The promise in the text that was not waved away."""
        if moment.noting:
            return None
        found = self._find(moment.text, moment.lang)
        if found is None:
            self._dismissed.pop(moment.chat, None)
            return None
        return None if self._dismissed.get(moment.chat) == _words(found, moment.text) else found

    def _find(self, text: str, lang: str) -> Found | None:
        if self._looked != (text, lang):
            self._looked = text, lang
            self.finds += 1
            self._found = promising.find(text, lang) if text.strip() else None
        return self._found

    def _timed(self, moment: Moment, found: Found) -> Aid:
        words = moment.words
        say = "chip.extend" if _runs(moment) else "chip.promise"
        what = words.say(say, key=moment.key("write.send"), time=words.span(found.ms))
        times = {
            "longer": moment.key("aid.longer"),
            "more": words.span(_longer(moment, found.ms)),
            "shorter": moment.key("aid.shorter"),
            "less": words.span(promising.shorter(found.ms)),
            "plain": moment.key("aid.plain"),
        }
        long = words.say("chip.times", **times)
        brief = words.say("chip.times_brief", **times)
        less = words.say("chip.longer", **{key: times[key] for key in ("longer", "more", "plain")})
        full = [long]
        if usual := _usual(moment):
            full.insert(0, words.say("chip.usual", time=words.span(usual)))
        return Aid(
            what,
            join(_DOT, full),
            "promise",
            briefs=((what, long), (what, brief), (what, less)),
            takes=frozenset({"longer", "shorter", "plain", "dismiss"}),
            seal=f"{say} {found.ms}",
        )

    def _vague(self, moment: Moment, found: Found) -> Aid:
        words = moment.words
        what = words.say("chip.vague_running" if _runs(moment) else "chip.vague")
        act = words.say(
            "chip.vague_act",
            longer=moment.key("aid.longer"),
            time=words.span(found.ms),
            dismiss=moment.key("aid.dismiss"),
        )
        return Aid(what, act, takes=frozenset({"longer", "plain", "dismiss"}))

    def _absurd(self, moment: Moment) -> Aid:
        words = moment.words
        act = words.say(
            "chip.absurd_act",
            longer=moment.key("aid.longer"),
            shorter=moment.key("aid.shorter"),
            time=words.span(promising.STEPS_MIN[-1] * 60_000),
            plain=moment.key("aid.plain"),
        )
        takes: frozenset[Act] = frozenset({"longer", "shorter", "plain", "dismiss"})
        return Aid(words.say("chip.absurd"), act, "warn", takes=takes)

    # --- its keys --------------------------------------------------------------------------------

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Another time: other words."""
        found = self._promise(moment)
        if found is None:
            return None
        match act:
            case "plain":
                return Pressed(send=True)
            case "dismiss":
                self._dismissed[moment.chat] = _words(found, moment.text)
                return Pressed()
            case "longer" | "shorter":
                ms = self._step(moment, found, act)
                return Pressed(promising.reword(moment.text, found, ms, moment.lang))
            case _:
                return None

    def _step(self, moment: Moment, found: Found, act: Act) -> int:
        if found.absurd:
            return promising.STEPS_MIN[-1] * 60_000
        if found.kind == "vague":
            return found.ms
        return _longer(moment, found.ms) if act == "longer" else promising.shorter(found.ms)

    # --- sending ---------------------------------------------------------------------------------

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """The message carries the time that its text says and the line said."""
        found = None if plain else self._promise(moment)
        if found is None or found.kind == "vague":
            return out
        aid = self.offer(moment)
        if aid is None:
            return out
        if not aid.seal or aid.seal != seen:
            return Held()
        return Outgoing(out.text, found.ms, 0, out.summary, out.options)

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """The next text is another one."""
        self._dismissed.pop(moment.chat, None)


def _words(found: Found, text: str) -> str:
    return f"{found.kind} {found.ms} {text[found.start : found.end]}"


def _runs(moment: Moment) -> bool:
    return moment.log.head is not None and bool(moment.log.head.promise_due)


def _usual(moment: Moment) -> int:
    mine = moment.session.journal.mine
    return mine.usual_ms if mine is not None else 0


def _longer(moment: Moment, ms: int) -> int:
    """One step longer than written, or what this agent usually needs if that is more."""
    usual = _usual(moment)
    while ms < usual and (after := promising.longer(ms)) < usual:
        ms = after
    return promising.longer(ms)
