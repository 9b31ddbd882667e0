"""Writes how much each sign of a thought counts for a slot that words left empty:
``python -m tests.coach.weigh_slots``.

A logistic regression for each slot, the same for all languages, of the chats in which words leave it empty.
In chats that the words were written with, they leave empty only what is; so it learns what to fill from chats
that they have not learned from, and is run on new ones *before* any word is changed for them. It prints how
many such slots are right at some bars, each chat by weights that were learned without it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from supportterm.coach import weightfile
from supportterm.coach.understanding import choosing, languages
from supportterm.coach.understanding.choosing import THOUGHTS, Thought
from supportterm.coach.understanding.clauses import Clause, clauses
from supportterm.coach.understanding.rules import rules_of
from supportterm.coach.understanding.slots import found_by_words

from .understanding_chats import Chat, chats, digest, fits

#: How freely weights may grow.
FREEDOM = 1.0
FOLDS = 8
BARS = (-160, -130, -100, -70, -40, 0, 40)


class Heard:
    """A chat's thoughts with their signs, and which of them fills which slot."""

    def __init__(self, chat: Chat, language: str) -> None:
        rules = rules_of(language)
        assert rules is not None
        lines = chat.conversation()
        self.chat = chat
        self.said = [one for one in clauses(lines, rules) if not one.small]
        self.signs = choosing.signs(lines, self.said, found_by_words(lines, self.said, rules), rules)

    def is_empty(self, slot: Thought) -> bool:
        """Whether words found nothing for a slot."""
        return any(f"no {slot}" in signs for signs in self.signs)

    def fills(self, slot: Thought, clause: Clause) -> bool:
        expected = getattr(self.chat, slot)
        return bool(expected) and fits(expected, clause.quote.text)


def learned(heard: Sequence[Heard], slot: Thought) -> dict[str, int]:
    """The weights of a slot, in hundredths."""
    rows = [
        (signs, one.fills(slot, clause))
        for one in heard
        for clause, signs in zip(one.said, one.signs, strict=True)
    ]
    columns = DictVectorizer(sparse=False)
    fitted = LogisticRegression(C=FREEDOM, solver="liblinear", random_state=0)
    fitted.fit(
        columns.fit_transform([dict.fromkeys(signs, 1) for signs, _ in rows]),
        [fills for _, fills in rows],
    )
    weights = {"": round(100 * float(fitted.intercept_[0]))}
    for sign, weight in zip(columns.get_feature_names_out(), fitted.coef_[0], strict=True):
        weights[str(sign)] = round(100 * float(weight))
    return weights


def right(one: Heard, slot: Thought, weights: weightfile.Weights, bar: int) -> bool:
    """Whether a slot is filled as it should be."""
    found = choosing.choose(slot, one.signs, weights, bar)
    return fits(getattr(one.chat, slot), " / ".join(one.said[at].quote.text for at in found))


def main() -> int:
    """Learn, tell, write."""
    known = [Heard(chat, language) for language in languages() for chat in chats(language)]
    fresh = [Heard(chat, language) for language in languages() for chat in chats(language, "heard")]
    weights: dict[str, weightfile.Weights] = {}
    for slot in THOUGHTS:
        before, every = ([one for one in some if one.is_empty(slot)] for some in (known, fresh))
        counts = dict.fromkeys(BARS, 0)
        for learn, try_ in KFold(FOLDS, shuffle=True, random_state=0).split(every):
            some = learned([*before, *(every[at] for at in learn)], slot)
            for bar in BARS:
                counts[bar] += sum(right(every[at], slot, some, bar) for at in try_)
        ways = "  ".join(f"{bar}: {count}" for bar, count in counts.items())
        stay = sum(not getattr(one.chat, slot) for one in every)
        print(f"{slot:9} {len(every)} empty, {stay} of them rightly; right at a bar of  {ways}")
        weights[slot] = learned([*before, *every], slot)
    Path(choosing.__file__).with_suffix(".tsv").write_text(weightfile.written(digest(), weights), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
