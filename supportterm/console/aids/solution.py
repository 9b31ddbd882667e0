"""A canned solution stands in the text: was the problem understood? Said before all else, in nobody's way."""

from __future__ import annotations

from typing import Final

from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.summary import why


class SolutionPrompt:
    """One console's prompts before a solution. Put away or passed over, they are silent about that text."""

    def __init__(self) -> None:
        #: The text that enter was pressed on, by chat.
        self._passed: Final[dict[str, str]] = {}

    def offer(self, moment: Moment) -> Aid | None:
        """That a summary comes first."""
        if not self._speaks(moment):
            return None
        due = moment.session.readings.of(moment.log).due("solution")
        if due is None:
            return None
        words, keys = moment.words, moment.session.settings.keymap.keys
        draft = moment.key("understood.summary" if keys["understood.summary"] else "desk.menu")
        what = why(due, words)
        act = words.say("summary.draft", key=draft, away=moment.key("aid.dismiss"))
        brief = words.say("summary.draft_brief", key=draft)
        return Aid(what, act, briefs=((what, brief),), takes=frozenset({"dismiss"}))

    def _speaks(self, moment: Moment) -> bool:
        canned = moment.session.canned
        passed = self._passed.get(moment.chat) == moment.text
        return not moment.noting and not passed and canned.solves(moment.chat, moment.text)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Not now."""
        moment.session.readings.put_away(moment.log)
        return Pressed()

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way: the line is free for what else enter would do."""
        if self._speaks(moment):
            self._passed[moment.chat] = moment.text
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """It left."""
        self._passed.pop(moment.chat, None)
