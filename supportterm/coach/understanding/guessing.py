"""Which of a shop's reasons a customer's words name: a guess for the agent, who alone says so.

A weak one is worse than none, for it stands chosen where the chat is closed. So a word must be heard that
tells the reason from others: not "want" or "order", which anybody says, nor what most reasons are about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from supportterm.coach.understanding.lines import Line, said_by
from supportterm.coach.understanding.rules import Rules, rules_of
from supportterm.coach.understanding.talk import telling_words

#: So much of a label must have been said: of "Parcel is late" not the parcel alone.
_SHARE: Final = 0.6
#: Shorter words tell nothing.
_SHORT: Final = 3
#: Fewer reasons share nothing that could be called the usual.
_SEVERAL: Final = 4
#: From this length on a word may have an ending ("pakket", "pakketje"), of so many letters.
_LONG, _ENDING = 5, 2


def guess_reason(lines: Sequence[Line], language: str, labels: Mapping[str, str]) -> str:
    """The id of the one reason that fits what the customer wrote, "" if none or more than one does.

    ``labels``: what the reasons are called in the customer's language, by id. In a language we have no words
    for nothing is guessed.
    """
    rules = rules_of(language)
    if rules is None:
        return ""
    said = [telling_words(line.text, rules) for line in lines if said_by(line, "customer")]
    wanted = {id_: _wanted(label, rules) for id_, label in labels.items()}
    dull = rules.things | _shared(wanted.values())
    fitting = {id_: heard for id_, words in wanted.items() if (heard := _heard(words, said, dull, rules))}
    # One alone is left where all that speaks for another speaks for it as well, and more does.
    clear = [
        id_
        for id_, heard in fitting.items()
        if all(heard > other for one, other in fitting.items() if one != id_)
    ]
    return clear[0] if clear else ""


def _wanted(label: str, rules: Rules) -> frozenset[str]:
    """The words of a label that must be heard: "wants to" and the like say nothing."""
    words = telling_words(label, rules) - rules.everyday
    return frozenset(word for word in words if len(word) >= _SHORT)


def _shared(labels: Collection[frozenset[str]]) -> frozenset[str]:
    """What most of several reasons are about, and so tells none of them."""
    if len(labels) < _SEVERAL:
        return frozenset()
    often = Counter(word for label in labels for word in label)
    return frozenset(word for word, times in often.items() if 2 * times > len(labels))


def _heard(
    wanted: frozenset[str], said: Sequence[frozenset[str]], dull: frozenset[str], rules: Rules
) -> frozenset[str]:
    """The customer's words that name a label, none if too little of it was said, or nothing but dull words.

    Words that stand messages apart belong to different matters.
    """
    best: frozenset[str] = frozenset()
    for message in said:
        heard = {word: {one for one in message if _alike(word, one, rules)} for word in wanted}
        known = {word for word, ones in heard.items() if ones}
        if known - dull and len(known) >= _SHARE * len(wanted):
            best = max(best, frozenset().union(*heard.values()), key=len)
    return best


def _alike(one: str, other: str, rules: Rules) -> bool:
    """Whether two folded words are the same but for an ending."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < _SHORT or not long.startswith(short):
        return False
    ending = long[len(short) :]
    return ending in rules.plurals or (len(short) >= _LONG and len(ending) <= _ENDING)
