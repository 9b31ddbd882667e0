"""What is still to be filled in: said while it stands in the text, and asked about before it is sent."""

from __future__ import annotations

from typing import Final

from supportterm.coach.replying import OPEN, gaps
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Helper, Outgoing, Pressed, Tone
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.promise import PromiseChip
from supportterm.text import SafeText, join, safe_line, trusted

_DOT: Final = trusted(" · ")
#: Letters of a gap on the line.
_SHOWN: Final = 24
#: Words before a gap that tell which one it is.
_BEFORE: Final = 3


class Gaps:
    """One console's gaps. A text with some leaves when enter is pressed again.

    A promise in the same text stands beside them on the line, behind what is to be filled in: that stops the
    sending, and the promise goes with it.
    """

    def __init__(self, chip: PromiseChip) -> None:
        self._chip: Final = chip
        #: By chat, the text that was asked about, and the one that leaves all the same.
        self._asked: Final[dict[str, str]] = {}
        self._meant: Final[dict[str, str]] = {}
        #: By chat, the text and which of its gaps was gone to.
        self._at: Final[dict[str, tuple[str, int]]] = {}

    def offer(self, moment: Moment) -> Aid | None:
        """What to fill in and what is promised, and which key goes there."""
        if moment.noting:
            return None
        self._forget(moment)
        found = gaps(moment.text)
        if not found or self._meant.get(moment.chat) == moment.text:
            return None
        say = moment.words.say
        start, end = found[0]
        place = _place(moment.text, start, end)
        asks = self._asked.get(moment.chat) == moment.text
        what = say("gap.open" if asks else "gap.what", what=place)
        if len(found) > 1:
            what = say("gap.open_more" if asks else "gap.more", what=place, n=len(found) - 1)
        keys = {"fill": moment.key("aid.fill"), "send": moment.key("write.send")}
        act, brief = say("gap.act", **keys), say("gap.act_brief", **keys)
        if asks:
            act, brief = say("gap.anyway", **keys), say("gap.anyway_brief", **keys)
        ways = [(what, act), (what, brief), (say("gap.what", what=place), brief), (say("gap.brief"), brief)]
        takes = frozenset[Act]({"fill"})
        shows: tuple[tuple[Helper, str], ...] = ()
        if (promise := self._chip.beside(moment)) is not None:
            does = [act]
            if "plain" in promise.takes:
                does.append(say("gap.plain", plain=moment.key("aid.plain")))
            ways = [
                (join(_DOT, [what, promise.what]), join(_DOT, does)),
                *((join(_DOT, [said, promise.what]), key) for said, key in ways),
                *((join(_DOT, [said, promise.brief]), key) for said, key in ways[-1:]),
                (join(_DOT, [say("gap.brief"), promise.brief]), NOTHING),
            ]
            takes |= promise.takes
            shows = ((self._chip, promise.seal),)
        (what, act), *briefs = ways
        tone: Tone = "warn" if asks else "held"
        return Aid(what, act, tone, tuple(briefs), takes, shows=shows)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Go to the first, and from there to the next; or what the key means for the promise."""
        if act != "fill":
            return self._chip.press(act, moment)
        found = gaps(moment.text)
        text, place = self._at.get(moment.chat, ("", -1))
        place = (place + 1) % len(found) if text == moment.text else 0
        self._at[moment.chat] = (moment.text, place)
        return Pressed(select=found[place])

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """Hold it once."""
        found = gaps(moment.text)
        if not found or self._meant.get(moment.chat) == moment.text:
            return out
        if self._asked.get(moment.chat) == moment.text:
            # From here on the line is free for what else enter would do.
            self._meant[moment.chat] = moment.text
            return out
        self._asked[moment.chat] = moment.text
        # The key that the line names leads there, too: nobody has to see that the cursor is there already.
        self._at.pop(moment.chat, None)
        return Held(select=found[0])

    def _forget(self, moment: Moment) -> None:
        """Another text was written since: the same one, put in again, is asked about again."""
        if self._asked.get(moment.chat, moment.text) != moment.text:
            self._asked.pop(moment.chat)
            self._meant.pop(moment.chat, None)

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """It left."""
        for kept in (self._asked, self._meant, self._at):
            kept.pop(moment.chat, None)


def _place(text: str, start: int, end: int) -> SafeText:
    """What belongs there; a gap that does not say it is named by the words before it."""
    if text[start:end] != OPEN:
        return safe_line(text[start + 1 : end - 1]).clip(_SHOWN)
    before = text[:start].rpartition("\n")[2].replace(OPEN, OPEN[1]).split()[-_BEFORE:]
    return safe_line(" ".join([*before, OPEN[1]])).clip(_SHOWN)
