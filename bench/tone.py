"""What a hint on tone costs per keystroke, beside one compiled expression of the same phrases."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import islice, product

from bench.running import median, spread, verdict
from supportterm.coach.phrases import tokens
from supportterm.coach.tone import Rule, Rules, Tone, builtin

_RULES, _CHARACTERS = 1_500, 500
_ROUNDS = 9
#: How often in a round: the baseline takes hundreds of times as long.
_OURS, _THEIRS = 200, 2
_TARGET_MS = 2.0
_GAP = r"(?:\w+\W+){0,3}?"
#: A text of somebody who writes well: everything must be looked at, and nothing ends the search early.
_SENTENCE = (
    "Ik zie uw bestelling 48213, die is gisteren om 16:20 aan de bezorger meegegeven, maar de weg is dicht."
    " Het probleem zit in de stekker, dat is met een nieuw snoer zo opgelost. "
)


def _rules() -> Rules:
    """Those that come with it, and made-up ones of three words up to as many as a large shop may have."""
    ours = builtin()[0]["nl"]
    first = ("helaas", "maar", "ik", "uw", "dat", "het", "die", "de", "zo", "met", "aan", "is")
    second = (
        "nooit",
        "altijd",
        "zeker",
        "kwalijk",
        "jammer",
        "onzin",
        "strikt",
        "formeel",
        "louter",
        "enkel",
    )
    third = tuple(f"woord{n}" for n in range(20))
    made = enumerate(product(first, second, third))
    more = _RULES - len(ours.rules)
    return Rules(
        (*ours.rules, *(Rule(f"made{n}", "refusal", (words,)) for n, words in islice(made, more))),
        ours.familiar,
        ours.jargon,
    )


def _expression(rules: Rules) -> re.Pattern[str]:
    """The same phrases as one alternation, as one would write it at first."""
    found = []
    for rule in rules.rules:
        for sequence in rule.phrases:
            words = (one for one in sequence if one not in "^$<>")
            parts = [_GAP if one == "*" else re.escape(one) + r"\W+" for one in words]
            found.append("".join(parts))
    return re.compile(r"\b(?:" + "|".join(found) + ")")


def _cost(what: Callable[[], object], times: int) -> float:
    """Milliseconds for one call."""
    begun = time.perf_counter()
    for _ in range(times):
        what()
    return (time.perf_counter() - begun) / times * 1000


async def main() -> bool:
    """Print the ratio; whether ours is under the target."""
    text = (_SENTENCE * 5)[:_CHARACTERS]
    rules = _rules()
    tone, expression = Tone({"nl": rules}), _expression(rules)
    low = " ".join(token.word or "." for token in tokens(text))
    assert tone.hint(text, "nl") is None
    assert not expression.search(low)
    rounds = [
        (_cost(lambda: tone.hint(text, "nl"), _OURS), _cost(lambda: expression.search(low), _THEIRS))
        for _ in range(_ROUNDS)
    ]
    ours, theirs = median([one for one, _ in rounds]), median([one for _, one in rounds])
    ratio = median([other / one for one, other in rounds])
    phrases = sum(len(one.phrases) for one in rules.rules)
    print(f"tone: {len(rules.rules)} rules, {phrases} phrases, {len(text)} characters")
    print(
        f"  ours {ours:.3f} ms (spread {spread([one for one, _ in rounds]):.0%}),"
        f" one compiled expression {theirs:.3f} ms; {ratio:.0f} times as long"
    )
    return verdict("milliseconds per hint", ours, _TARGET_MS, False)
