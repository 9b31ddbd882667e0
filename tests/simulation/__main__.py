"""``python -m tests.simulation --seeds A-B [--trace]``: many seeds, and each that fails replayable."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from .world import Broken, Outcome, run


def main() -> int:
    """0: every seed kept every promise."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation",
        description="The whole system in virtual time, one story per seed.",
    )
    parser.add_argument("--seeds", default="0-99", help="one seed, or the first and last: 0-99")
    parser.add_argument("--trace", action="store_true", help="print everything that happens")
    parser.add_argument("--twice", action="store_true", help="run each seed twice and compare")
    parser.add_argument("--digest", action="store_true", help="print the hash of what happened")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    asked = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:
        # The order of sets must not differ between the run that failed and the one that shows it.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    logging.basicConfig(level=logging.WARNING if asked.trace else logging.CRITICAL, stream=sys.stdout)
    first, _, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    begun = time.perf_counter()
    failed: list[int] = []
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        mapping = pool.map if asked.jobs > 1 else map
        work = ((seed, asked.trace, asked.twice) for seed in seeds)
        for seed, outcome in zip(seeds, mapping(_one, work), strict=True):
            if isinstance(outcome, str):
                failed.append(seed)
                print(outcome, flush=True)
            else:
                outcomes.append(outcome)
                if asked.digest:
                    print(f"seed {seed}: {outcome.digest}", flush=True)
    taken = time.perf_counter() - begun
    print(
        f"{len(seeds)} seeds, {len(failed)} failed, {taken:.1f} s: "
        f"{sum(o.seconds for o in outcomes):,.0f} virtual seconds, "
        f"{sum(o.commands for o in outcomes):,} commands, {sum(o.frames for o in outcomes):,} frames, "
        f"{sum(o.starts for o in outcomes):,} starts of the server, "
        f"{sum(o.erasures for o in outcomes):,} erasures, "
        f"{sum(o.mails for o in outcomes):,} mails, {sum(o.bounces for o in outcomes):,} of them came back, "
        f"{sum(o.believed for o in outcomes):,} times a shop's word was believed, "
        f"{sum(o.moved for o in outcomes):,} chats went along with it"
    )
    if failed:
        print(f"failed: {', '.join(map(str, failed))}")
    return 1 if failed else 0


def _one(work: tuple[int, bool, bool]) -> Outcome | str:
    seed, trace, twice = work
    try:
        outcome = run(seed, trace)
        if twice and run(seed) != outcome:
            return f"seed {seed}: its replay took another course"
    except Broken as broken:
        return str(broken)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
