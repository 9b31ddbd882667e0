"""The line about being understood: when to say it back, words read as an answer, what was chosen."""

from __future__ import annotations

from typing import Final

from supportterm.coach.understanding import Due, after_choice
from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.reading import Reading, read_from_words
from supportterm.console.aids.talk import Reply
from supportterm.console.words import Words
from supportterm.text import SafeText, safe_line

#: What an agent says; that they joined, say, is a line of theirs, too.
_ANSWERS: Final = ("message", "summary_sent", "options_sent")
#: Letters of the customer's words on the line.
_SHOWN: Final = 20


def why(due: Due, words: Words) -> SafeText:
    """Why a summary is due, as the line says it; "no summary yet" only where that is so."""
    count = {"n": due.messages} if due.why == "said_enough" else {}
    again = "_again" if due.again and due.why != "corrected" else ""
    return words.say(f"summary.{due.why}{again}", **count)


class SummaryPrompt:
    """One console's prompts. What was put away stays away until something new is said."""

    def offer(self, moment: Moment) -> Aid | None:
        """At most one line."""
        if moment.noting:
            return None
        reading = moment.session.readings.of(moment.log)
        if moment.chat in moment.session.summary_first:
            return self._prompt(moment, moment.words.say("summary.required"))
        if (reply := self._read(moment, reading)) is not None:
            return self._answer(moment, reply)
        if (label := self._chosen(moment, reading)) is not None:
            what = moment.words.say("summary.chose", text=safe_line(label).clip(_SHOWN))
            act = moment.words.say("summary.chose_act", fill=moment.key("aid.fill"))
            return Aid(what, act, "good", takes=frozenset({"fill", "dismiss"}))
        due = self._due(moment, reading)
        return self._prompt(moment, why(due, moment.words)) if due is not None else None

    def _due(self, moment: Moment, reading: Reading) -> Due | None:
        if moment.chat not in moment.session.closings:
            return reading.due()
        # Once a solution was said there is no use in asking whether it was the right problem, unless the
        # shop wants it all the same.
        solved = all(gap.what != "solution" for gap in reading.gaps)
        return None if solved and not reading.requires("close") else reading.due("close")

    def _prompt(self, moment: Moment, what: SafeText) -> Aid:
        words, keys = moment.words, moment.session.settings.keymap.keys
        draft = moment.key("understood.summary" if keys["understood.summary"] else "desk.menu")
        act = words.say("summary.draft", key=draft, away=moment.key("aid.dismiss"))
        brief = words.say("summary.draft_brief", key=draft)
        return Aid(what, act, briefs=((what, brief),), takes=frozenset({"dismiss"}))

    def _read(self, moment: Moment, reading: Reading) -> Reply | None:
        reply = read_from_words(reading, moment.log)
        return None if reply is None or reply.event.seq <= moment.away.seen else reply

    def _answer(self, moment: Moment, reply: Reply) -> Aid:
        words = moment.words
        text = safe_line(reply.event.text).clip(_SHOWN)
        what = words.say(f"summary.read_{reply.answer or 'no'}", text=text)
        keys = {"fill": moment.key("aid.fill"), "away": moment.key("aid.dismiss")}
        act, brief = words.say("summary.read_act", **keys), words.say("summary.read_brief", **keys)
        return Aid(what, act, "good", briefs=((what, brief),), takes=frozenset({"fill", "dismiss"}))

    def _chosen(self, moment: Moment, reading: Reading) -> str | None:
        """What the customer chose, until it is answered, whatever else they write meanwhile."""
        if moment.text.strip():
            return None
        for seq, line in zip(reversed(reading.talk.seqs), reversed(reading.talk.lines), strict=True):
            if line.kind == "option_chosen":
                return line.text if seq > moment.away.seen else None
            if line.who == "agent" and line.kind in _ANSWERS:
                return None
        return None

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Tab: no answer after all, or an answer to the choice begun. Esc: seen."""
        session = moment.session
        reading = session.readings.of(moment.log)
        if moment.chat in session.summary_first:
            session.summary_first.discard(moment.chat)
            return Pressed()
        if (reply := self._read(moment, reading)) is not None:
            if act == "fill":
                session.acts.reread(moment.chat, reply.event.pub)
            moment.put_away().seen = reply.event.seq
            return Pressed()
        if (label := self._chosen(moment, reading)) is not None and reading.newest is not None:
            moment.put_away().seen = reading.newest.seq
            text = after_choice(label, reading.language, familiar=reading.familiar) + " "
            return Pressed(text) if act == "fill" else Pressed()
        session.readings.put_away(moment.log)
        return Pressed()

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """A prompt never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Whoever writes on takes the answer as it was read."""
        reading = moment.session.readings.of(moment.log)
        if reading.newest is not None:
            moment.put_away().seen = reading.newest.seq
