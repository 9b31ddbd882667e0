"""Every aid, in the order in which they may speak."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.console.aids.aid import Helper
from supportterm.console.aids.calling import CallbackLine
from supportterm.console.aids.closing import ClosingLine, ClosingUnanswered
from supportterm.console.aids.gaps import Gaps
from supportterm.console.aids.greeting import Greeting
from supportterm.console.aids.guard import Guard
from supportterm.console.aids.keeping import Keeping
from supportterm.console.aids.promise import PromiseChip
from supportterm.console.aids.reaching import ReachLine
from supportterm.console.aids.slash import Slash
from supportterm.console.aids.solution import SolutionPrompt
from supportterm.console.aids.steps import Steps
from supportterm.console.aids.summary import SummaryPrompt
from supportterm.console.aids.tone import ToneHints


def helpers() -> Sequence[Helper]:
    """Fresh ones, for one console: a held message before the promise chip, the chip before all hints.

    What a callback that came up needs goes before how much time is left for it. What was picked is put in
    first, then asks for the summary before it and for what is to be filled in; that line shows the chip, too.

    One says hello before one sums up: the greeting stands in the composer, and its key must be on the line.

    The gate of the guard comes last, so that a held message is what all others have made of it.
    """
    guard, chip, steps = Guard(), PromiseChip(), Steps()
    return (
        guard,
        Slash(),
        SolutionPrompt(),
        Gaps(chip),
        CallbackLine(),
        ReachLine(),
        chip,
        ToneHints(),
        Greeting(),
        ClosingUnanswered(),
        SummaryPrompt(),
        ClosingLine(),
        Keeping(steps),
        steps,
        guard.gate,
    )
