"""The promise in a sentence: whether somebody gives their word, and by when. See docs/promises.md."""

from supportterm.coach.promising.asked import NotAllowed, read_stretch
from supportterm.coach.promising.due import Outside, contradicts, outside, resolve
from supportterm.coach.promising.finding import find
from supportterm.coach.promising.found import (
    LONGEST,
    SHORTEST,
    STEPS_MIN,
    Clock,
    Found,
    allowed,
    longer,
    shorter,
)
from supportterm.coach.promising.holding import holding
from supportterm.coach.promising.keeping import Wall, keeps_nothing
from supportterm.coach.promising.language import prepare, troubles
from supportterm.coach.promising.saying import duration_words, reword
from supportterm.coach.promising.telling import clock_words, reword_until
from supportterm.coach.promising.typing import Typing

__all__ = [
    "LONGEST",
    "SHORTEST",
    "STEPS_MIN",
    "Clock",
    "Found",
    "NotAllowed",
    "Outside",
    "Typing",
    "Wall",
    "allowed",
    "clock_words",
    "contradicts",
    "duration_words",
    "find",
    "holding",
    "keeps_nothing",
    "longer",
    "outside",
    "prepare",
    "read_stretch",
    "resolve",
    "reword",
    "reword_until",
    "shorter",
    "troubles",
]
