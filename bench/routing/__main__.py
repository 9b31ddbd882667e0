"""``python -m bench.routing``: the report. ``--choose``: what was tried. ``--wait``: the wait predictor."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench.routing import choosing, report, wait
from bench.routing.parameters import USUAL, read
from bench.routing.picture import PICTURE, draw
from bench.routing.policies import ALIKE, COMPARED, LEAST_BUSY, changed, ordered
from bench.routing.runs import CHOOSING, REPORTED, run

_LOADS = (0.55, 0.7, 0.85)


def main() -> int:
    """Exit code 0 if everything was reached, 1 if something was missed, 2 for bad arguments or parameters."""
    asked = _arguments()
    try:
        shop = read(asked.shop)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    begun = time.perf_counter()
    loads = asked.loads or list(_LOADS)
    reported = (
        _some(REPORTED, asked.days) if asked.first is None else range(asked.first, asked.first + asked.days)
    )
    if asked.wait:
        reached = wait.main(shop, [load for load in loads if load > 0.6], reported, asked.jobs)
    elif asked.choose:
        policies = choosing.candidates()
        loads = [load for load in loads if load > 0.6]
        runs = run(shop, loads, _some(CHOOSING, asked.days), policies, asked.jobs)
        names = [policy.name for policy in policies]
        print(report.table(runs, loads, names))
        print("\nDifferences of each to the strongest least-busy limit, 95 % intervals:\n")
        print(report.instead(runs, loads, names))
        reached = True
    else:
        try:
            ours = changed(asked.rules)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
        baseline = LEAST_BUSY[0]
        compared = [*COMPARED, ALIKE, ours]
        policies = [*compared, *ordered(ours), *ordered(baseline)]
        runs = run(shop, loads, reported, policies, asked.jobs)
        names = [policy.name for policy in compared]
        print(report.table(runs, loads, names))
        print("\nOurs instead of each, 95 % intervals of pairs of days:\n")
        print(report.differences(runs, loads, ours.name, [*(policy.name for policy in COMPARED), ALIKE.name]))
        print("\nOne ceiling for all, instead of the strongest least-busy limit:\n")
        print(report.instead(runs, loads, [ALIKE.name]))
        print("\nThe order in which agents answer:\n")
        orders = [one.name for policy in (ours, baseline) for one in (policy, *ordered(policy))]
        print(report.table(runs, loads, orders))
        if asked.picture is not None:
            draw(runs, loads, names, asked.picture)
        reached = report.verdicts(runs, loads, ours.name)
        print(f"\n{ALIKE.name}:")
        report.verdicts(runs, loads, ALIKE.name)
    print(f"\n{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return 0 if reached else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.routing", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--choose", action="store_true", help="variations, on the seeds for choosing")
    what.add_argument("--wait", action="store_true", help="how well the wait is told")
    parser.add_argument("--shop", type=Path, default=USUAL, help="a file like bench/routing/shop.toml")
    parser.add_argument("--days", type=int, default=30, help="simulated days at each load (2 to 30)")
    parser.add_argument("--first", type=int, metavar="SEED", help="report on the days from this one on")
    parser.add_argument("--loads", type=float, nargs="+", help="nominal loads, instead of .55 .7 .85")
    parser.add_argument(
        "--rules",
        nargs="+",
        default=[],
        metavar="NAME=N",
        help="other points, such as ceiling=275 answered=60",
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--picture", type=Path, nargs="?", const=PICTURE, help="draw docs/img/routing.svg")
    asked = parser.parse_args()
    if not 2 <= asked.days <= 30:
        parser.error("--days goes from 2 to 30")
    return asked


def _some(seeds: range, days: int) -> range:
    return seeds[:days]


if __name__ == "__main__":
    raise SystemExit(main())
