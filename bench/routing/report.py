"""Tables, as Markdown, and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from bench.routing.figures import Figures
from bench.routing.policies import LEAST_BUSY, OURS
from bench.routing.runs import Runs
from bench.routing.statistics import Interval, paired

#: Loads at which something is to be reached; at all of them work must lie as evenly as before.
_AT = (0.7, 0.85)
_JAIN = 0.005

_HEAD = (
    "| load | policy | p90 of all waits | p90 of first replies | left | broken promises"
    " | three or more wait | Jain |\n|---|---|---|---|---|---|---|---|"
)


def mean(days: Sequence[Figures], field: str) -> float:
    """Of one figure over days."""
    return fmean(getattr(day, field) for day in days)


def difference(ours: Sequence[Figures], theirs: Sequence[Figures], field: str) -> Interval:
    """Of one figure, ours - theirs, in pairs of days."""
    return paired([getattr(day, field) for day in ours], [getattr(day, field) for day in theirs])


def strongest(runs: Runs, load: float) -> str:
    """The least-busy limit with the lowest p90 of all waits at this load."""
    return min((policy.name for policy in LEAST_BUSY), key=lambda name: mean(runs[load, name], "waits"))


def table(runs: Runs, loads: Sequence[float], names: Sequence[str]) -> str:
    """The policies' means."""
    lines = [_HEAD]
    for load in loads:
        for name in names:
            days = runs[load, name]
            cells = (
                f"{load:g}",
                f"**{name}**" if name == OURS.name else name,
                f"{mean(days, 'waits'):.0f} s",
                f"{mean(days, 'first'):.0f} s",
                f"{mean(days, 'left'):.1%}",
                f"{mean(days, 'broken'):.1%}",
                f"{mean(days, 'over'):.1%}",
                f"{mean(days, 'jain'):.3f}",
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def differences(runs: Runs, loads: Sequence[float], ours: str, names: Sequence[str]) -> str:
    """Of one policy to each of the others: means of pairs of days with 95 % intervals."""
    lines = [_HEAD.replace("policy", "instead of")]
    for load in loads:
        best = strongest(runs, load)
        for name in names:
            shown = f"**{name}**" if name == best else name
            lines.append(_row(load, shown, runs[load, ours], runs[load, name]))
    return "\n".join(lines)


def instead(runs: Runs, loads: Sequence[float], names: Sequence[str]) -> str:
    """Of each policy to the strongest least-busy limit."""
    lines = [_HEAD]
    for load in loads:
        best = strongest(runs, load)
        lines += [_row(load, name, runs[load, name], runs[load, best]) for name in names if name != best]
    return "\n".join(lines)


def _row(load: float, name: str, mine: Sequence[Figures], theirs: Sequence[Figures]) -> str:
    fair = difference(mine, theirs, "jain")
    cells = (
        f"{load:g}",
        name,
        _relative(difference(mine, theirs, "waits"), mean(theirs, "waits")),
        _relative(difference(mine, theirs, "first"), mean(theirs, "first")),
        _share(difference(mine, theirs, "left")),
        _share(difference(mine, theirs, "broken")),
        _share(difference(mine, theirs, "over")),
        f"{fair.mean:+.3f} ± {fair.half:.3f}",
    )
    return f"| {' | '.join(cells)} |"


def _relative(interval: Interval, base: float) -> str:
    part = interval.over(base)
    return f"{100 * part.mean:+.1f} ± {100 * part.half:.1f} %"


def _share(interval: Interval) -> str:
    return f"{100 * interval.mean:+.1f} ± {100 * interval.half:.1f}"


def verdicts(runs: Runs, loads: Sequence[float], ours: str = OURS.name) -> bool:
    """Print what was to be reached against the strongest least-busy limit; whether all of it was."""
    reached = True
    for load in loads:
        best = strongest(runs, load)
        mine, theirs = runs[load, ours], runs[load, best]
        print(f"\nLoad {load:g}, against {best}:")
        if load in _AT:
            waits = difference(mine, theirs, "waits").over(mean(theirs, "waits"))
            reached &= _below("p90 of all waits", waits, 0.05, "%")
            reached &= _below("customers who left", difference(mine, theirs, "left"), 0.01, "points")
            reached &= _below("broken promises", difference(mine, theirs, "broken"), 0, "points")
        jain = difference(mine, theirs, "jain")
        fair = jain.low >= -_JAIN
        print(
            f"  {_word(fair)}  Jain's index: {jain.mean:+.4f} ± {jain.half:.4f}"
            f" (lower bound at least {-_JAIN:g})"
        )
        reached &= fair
    return reached


def _below(name: str, found: Interval, by: float, unit: str) -> bool:
    """Whether the mean is lower by so much, and the interval is all below zero."""
    reached = found.mean <= -by and found.high < 0
    target = f"at least {100 * by:g} {unit} lower" if by else "lower"
    print(
        f"  {_word(reached)}  {name}: {100 * found.mean:+.1f} ± {100 * found.half:.1f} {unit}"
        f" ({target}, the interval without zero)"
    )
    return reached


def _word(reached: bool) -> str:
    return "reached" if reached else "MISSED "
