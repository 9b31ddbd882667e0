"""Signs of a customer's way so far: what happened, counted. Shown to agents only. Pure."""

from __future__ import annotations

from supportterm.coach.understanding import Fact
from supportterm.console.aids.reading import Reading
from supportterm.console.words import Words
from supportterm.text import SafeText, join, safe_line, trusted


def short(words: Words, fact: Fact) -> SafeText:
    """A sign in two or three words."""
    return words.say(f"sign.{fact.sign}", n=fact.times, about=safe_line(fact.about), days=fact.days)


def explained(words: Words, fact: Fact, reading: Reading) -> SafeText:
    """What a sign means, with the times at which it happened."""
    times = [words.clock(reading.talk.lines[line].at) for line in fact.why]
    key = f"sign.why_{fact.sign}"
    about = safe_line(fact.about)
    return words.say(key, n=fact.times, about=about, days=fact.days, times=join(trusted(", "), times))
