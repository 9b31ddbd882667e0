"""The promise in a sentence: whether somebody gives their word, and by when. See docs/promises.md."""

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

__all__ = ["LONGEST", "SHORTEST", "STEPS_MIN", "Clock", "Found", "allowed", "find", "longer", "shorter"]
