"""What a keystroke costs in a text of 500 characters: whether it holds a promise, or is a holding line.

And while a promise is owed: whether it is an answer, too.
"""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable

import uvloop

from bench.running import prepare, verdict
from supportterm.coach import promising

_SIZE = 500
_ROUNDS = 7
_GOAL_MS = 5.0

#: What an agent writes: sentences that are repeated, and the promise at the end.
_TEXTS = {
    "nl": (
        "Dank u wel voor uw geduld. Ik zie dat uw pakket gisteren is verstuurd en bij de vervoerder ligt. ",
        "Ik vraag even na waar het precies is en ben over vijf minuten bij u terug.",
    ),
    "da": (
        "Tak for din tålmodighed. Jeg kan se, at pakken blev sendt i går og nu ligger hos fragtmanden. ",
        "Jeg spørger lige, hvor den er, og vender tilbage om fem minutter.",
    ),
    "en": (
        "Thank you for your patience. I can see your parcel was sent yesterday and is now with the carrier. ",
        "I'll ask where exactly it is and get back to you in five minutes.",
    ),
    "de": (
        "Danke für Ihre Geduld. Ich sehe, dass Ihr Paket gestern verschickt wurde und beim Zusteller liegt. ",
        "Ich frage nach, wo es genau ist, und melde mich in fünf Minuten.",
    ),
    "fr": (
        "Merci de votre patience. Je vois que votre colis a été expédié hier et se trouve au dépôt. ",
        "Je demande où il est exactement et je reviens vers vous dans cinq minutes.",
    ),
}
#: The least a grammar does: every word of the text, folded, looked for in a set. The baseline.
_WORD = re.compile(r"\w+")


def main_text(language: str) -> str:
    """500 characters in a language."""
    before, promise = _TEXTS[language]
    return (before * (_SIZE // len(before) + 1))[len(promise) - _SIZE :] + promise


def answer_text(language: str) -> str:
    """The same without a promise: what most texts are that answer one, and all of it has to be read."""
    before, _ = _TEXTS[language]
    return (before * (_SIZE // len(before) + 1))[:_SIZE]


def words_alone(text: str, language: str) -> int:
    """The baseline: how many words of a text are in a set, after folding."""
    known = _KNOWN[language]
    return sum(word in known for word in _WORD.findall(text.casefold()))


_KNOWN = {language: frozenset(_WORD.findall(main_text(language).casefold())) for language in _TEXTS}


def typed(search: Callable[[str, str], object], text: str, language: str) -> list[float]:
    """Milliseconds of CPU of each of the last 100 keystrokes of a text."""
    took = []
    for end in range(_SIZE - 100, _SIZE):
        begun = time.thread_time()
        search(text[: end + 1], language)
        took.append((time.thread_time() - begun) * 1000)
    return took


_TYPING = promising.Typing()


def _ours(text: str, language: str) -> None:
    """What the composer asks at each keystroke."""
    _TYPING.find(text, language)
    promising.holding(text, language)


def _owing(text: str, language: str) -> None:
    """The same while a promise is owed."""
    _ours(text, language)
    promising.keeps_nothing(text, language, _WALL)


_WALL = promising.Wall(1_790_000_000_000, "Europe/Amsterdam")
#: What is measured: who reads, and which text is typed.
_CASES: dict[str, tuple[Callable[[str, str], object], Callable[[str], str]]] = {
    "promising": (_ours, main_text),
    "owing, a promise": (_owing, main_text),
    "owing, an answer": (_owing, answer_text),
    "words alone": (words_alone, main_text),
}


async def main() -> bool:
    """Measure, print; whether every target is reached."""
    prepare()
    begun = time.perf_counter()
    promising.prepare()
    ready = time.perf_counter() - begun
    print(f"\nCost of a keystroke, {_SIZE} characters (words made ready once: {ready:.2f} s)")
    costs: dict[str, dict[str, list[float]]] = {name: {one: [] for one in _TEXTS} for name in _CASES}
    gc.collect()
    for _ in range(_ROUNDS):
        for language in _TEXTS:
            for name, (search, text_of) in _CASES.items():
                costs[name][language] += typed(search, text_of(language), language)
    worst = 0.0
    for language in _TEXTS:
        found = promising.find(main_text(language), language)
        if found is None or found.ms != 300_000:
            raise RuntimeError(f"the promise in {language} was not found")
        if not promising.keeps_nothing(main_text(language), language, _WALL):
            raise RuntimeError(f"the promise in {language} was taken for an answer")
        if promising.keeps_nothing(answer_text(language), language, _WALL):
            raise RuntimeError(f"the answer in {language} was taken for none")
        base = statistics.median(costs["words alone"][language])
        for name in costs:
            if name == "words alone":
                continue
            cost = costs[name][language]
            high = statistics.quantiles(cost, n=20)[-1]
            worst = max(worst, high)
            print(
                f"  {language}, {name}: median {statistics.median(cost):5.2f} ms, p95 {high:5.2f} ms;"
                f" words alone {base:.3f} ms, ratio {statistics.median(cost) / base:.0f}"
            )
    return verdict("ms per keystroke (p95, slowest language and case)", worst, _GOAL_MS, False)


if __name__ == "__main__":
    uvloop.run(main())
