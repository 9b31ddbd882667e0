"""Writes how much each sign of a promise weighs, from the tables: ``make weights``.

A logistic regression for each language, of the tables in `TAUGHT` and of the frames. It prints how many
promises of the tables in `FRESH` are seen at some shares of false starts, by the lists alone, the weights
alone and both, each line by weights that were learned without it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from supportterm.coach import weightfile
from supportterm.coach.promising import judging, language, weighing
from supportterm.coach.promising.folding import tokens
from supportterm.coach.promising.sentences import joined, sentences

from . import frames
from .phrases import Line, alike, said
from .taught import digest, taught

FOLDER: Final = Path(weighing.__file__).parent / "weights"

#: How freely weights may grow: the smaller, the more alike they stay.
FREEDOM: Final = 0.5
#: A sign is known from so many lines on, and kept if it weighs so many hundredths.
SEEN: Final = 2
LEAST: Final = 8
#: What each of a frame's many sentences counts for beside a line: a frame has eight or twenty.
FRAMED: Final = 0.1
FOLDS: Final = 8
#: How often the sentence that is a text's promise is looked for anew.
ROUNDS: Final = 4
#: Shares of near-misses at which the summary says how many promises are seen.
SHARES: Final = (0.01, 0.02, 0.03, 0.04, 0.06)


class Case:
    """A time, or the sentences of a text: what speaks for it, and what it is.

    ``signs``: one set each; a text is a promise if one of them is. ``fresh``: no list learned from it.
    ``counts``: beside a line of a table.
    """

    def __init__(self, signs: Sequence[set[str]], promise: bool, listed: bool, fresh: bool) -> None:
        self.signs = signs
        self.promise = promise
        self.listed = listed
        self.fresh = fresh
        self.counts = 1.0


def framed(lang: str) -> tuple[list[Case], list[Case]]:
    """What the frames of a language teach: of times, and of promises without one."""
    of_times: list[Case] = []
    whole: list[Case] = []
    for texts, promise in (
        (frames.promises(lang), True),
        (frames.telling(lang), True),
        (frames.asking(lang), True),
        (frames.near_misses(lang), False),
        (frames.looking_up(lang), True),
    ):
        for text in texts:
            timed, other = cases(Line(lang, text, "vague 120" if promise else "none"), False)
            looks_up = promise and not timed
            for case in other if looks_up else timed:
                case.promise = promise
                case.counts = FRAMED
            of_times += [] if looks_up else timed
            whole += other if looks_up or not promise else []
    for case in whole:
        case.counts = FRAMED
    return of_times, whole


def cases(line: Line, fresh: bool) -> tuple[list[Case], list[Case]]:
    """What a line teaches of times, and of promises without one."""
    known = language.language(line.lang)
    assert known is not None
    found = tokens(line.text)
    if any(token.word == "." for token in found):
        found = joined(known, line.text, found)
    words = known.words(found)
    parts = list(sentences(found))
    kind = line.expected.split()[0]
    of_times, whole, before, vague = [], [], None, False
    for at, (first, last, _) in enumerate(parts):
        sentence = judging.said_at(known, words, parts, at)
        listed = judging.listed(known, words, parts, at, sentence, before)
        before = found[first:last], sentence.words, sentence.clauses
        for time in (one for one in sentence.times if one in listed or one in judging.weighed(sentence)):
            meant = said(judging.timed(known, found[first:last], sentence.times, [time]))
            mine = alike(line.expected) in {alike(one) for one in meant}
            if kind in {"duration", "at"} and not mine:
                continue  # of several times one is meant; whether the others are promises nobody says
            of_times.append(Case([weighing.signs_of_time(sentence, time)], mine, time in listed, fresh))
        final = at == len(parts) - 1
        vague = vague or judging.listed_vague(known, *before, final) is not None
        whole.append(weighing.signs_of_sentence(sentence))
    if kind in {"duration", "at"} or not whole:
        return of_times, []
    return of_times, [Case(whole, kind == "vague", vague, fresh)]


class Model:
    """Weights of one kind in one language."""

    def __init__(self, learned: Sequence[Case]) -> None:
        counted = Counter(sign for case in learned for sign in set().union(*case.signs))
        self._column = {
            sign: at for at, sign in enumerate(sorted(s for s, n in counted.items() if n >= SEEN))
        }
        self._fitted = LogisticRegression(C=FREEDOM, solver="liblinear", random_state=0)
        # Which sentence of a text is its promise is what the weights before say; at first each is.
        chosen = [(signs, case) for case in learned for signs in case.signs]
        for _ in range(ROUNDS):
            self._fitted.fit(
                self._rows([signs for signs, _ in chosen]),
                [case.promise for _, case in chosen],
                sample_weight=[case.counts for _, case in chosen],
            )
            chosen = [(signs, case) for case in learned for signs in self._meant(case)]

    def _meant(self, case: Case) -> Sequence[set[str]]:
        if not case.promise or len(case.signs) == 1:
            return case.signs
        return [max(case.signs, key=self._one)]

    def score(self, case: Case) -> float:
        """How much a case sounds like a promise, without its lists."""
        return max(map(self._one, case.signs))

    def written(self) -> dict[str, int]:
        """The weights that count, in hundredths; "" always does."""
        every = {"": round(100 * float(self._fitted.intercept_[0]))}
        for sign, at in self._column.items():
            weight = round(100 * float(self._fitted.coef_[0, at]))
            if abs(weight) >= LEAST:
                every[sign] = weight
        return every

    def _one(self, signs: set[str]) -> float:
        return float(self._fitted.decision_function(self._rows([signs]))[0])

    def _rows(self, every: Sequence[set[str]]) -> Any:
        columns = [sorted(self._column[sign] for sign in signs if sign in self._column) for signs in every]
        ends = np.cumsum([0, *map(len, columns)], dtype=np.int32)
        flat = np.array([at for row in columns for at in row], dtype=np.int32)
        return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(every), len(self._column)))


def unseen(every: Sequence[Case]) -> list[tuple[float, Case]]:
    """Every fresh case with what weights say that were not learned from it."""
    found: list[tuple[float, Case]] = []
    promise = [case.promise for case in every]
    for learn, try_ in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(promise, promise):
        model = Model([every[at] for at in learn])
        found += [(model.score(every[at]), every[at]) for at in try_ if every[at].fresh]
    return found


def summary(name: str, scored: Iterable[tuple[float, Case]]) -> None:
    """Print how many promises are seen at some shares of false starts."""
    scored = list(scored)
    good = [one for one in scored if one[1].promise]
    bad = [one for one in scored if not one[1].promise]
    if not good or not bad:
        return
    seen, false = sum(case.listed for _, case in good), sum(case.listed for _, case in bad)
    print(f"{name}: lists {seen / len(good):.0%} of {len(good)}, false {false / len(bad):.1%} of {len(bad)}")
    for listed in (0.0, weighing.LISTED):
        ways = []
        for share in SHARES:
            sums = sorted((score + listed * case.listed for score, case in bad), reverse=True)
            bar = sums[int(share * len(bad))]
            right = sum(score + listed * case.listed > bar for score, case in good)
            ways.append(f"{share:.0%}: {right / len(good):.0%} (bar {bar:+.2f})")
        print(f"  {'both' if listed else 'weights'}  {'  '.join(ways)}")


def main() -> int:
    """Learn, tell, write."""
    scored: dict[str, list[tuple[float, Case]]] = {kind: [] for kind in language.WEIGHED}
    for lang in sorted(frames.FRAMES):
        both = framed(lang)
        for line, fresh in taught(lang):
            for mine, more in zip(both, cases(line, fresh), strict=True):
                mine.extend(more)
        weights: dict[str, weightfile.Weights] = {}
        for kind, mine in zip(language.WEIGHED, both, strict=True):
            if "--quick" not in sys.argv:
                heard = unseen(mine)
                scored[kind] += heard
                summary(f"{lang} {kind}", heard)
            weights[kind] = Model(mine).written()
        (FOLDER / f"{lang}.tsv").write_text(weightfile.written(digest(lang), weights), "utf-8")
    for kind, heard in scored.items():
        summary(f"all {kind}", heard)
    return 0


if __name__ == "__main__":
    sys.exit(main())
