"""Signs of a customer's way so far: what happened, counted. Shown to agents only. Pure."""

from __future__ import annotations

from typing import Final

from supportterm.coach.understanding import Contact, Fact
from supportterm.console.aids.gifts import called
from supportterm.console.aids.reading import Reading
from supportterm.console.words import Words
from supportterm.text import SafeText, fill, join, safe_line, trusted

#: Earlier contacts that are told one by one, the newest ones: more are only a number.
_CONTACTS: Final = 5


def short(words: Words, fact: Fact) -> SafeText:
    """A sign in two or three words."""
    return words.say(f"sign.{fact.sign}", n=fact.times, about=safe_line(fact.about), days=fact.days)


def explained(words: Words, fact: Fact, reading: Reading) -> SafeText:
    """What a sign means, with the times at which it happened."""
    times = [words.clock(reading.talk.lines[line].at) for line in fact.why]
    if fact.before:
        times = [_contact(words, one, reading) for one in fact.before[-_CONTACTS:]]
    key = f"sign.why_{fact.sign}"
    about = safe_line(fact.about)
    return words.say(key, n=fact.times, about=about, days=fact.days, times=join(trusted(", "), times))


def _contact(words: Words, one: Contact, reading: Reading) -> SafeText:
    """When an earlier chat began, and why the customer came, if that was said."""
    at = join(trusted(" "), [words.date(one.at), words.clock(one.at)])
    reason = called(reading.shop, words.language).get(one.reason)
    return join(trusted(" "), [at, fill("({why})", why=reason)]) if reason else at
