"""Many days, on several cores, each with every policy."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Sequence

from bench.routing.day import Day
from bench.routing.desk import DeskFloor
from bench.routing.earlier import paces
from bench.routing.figures import Figures
from bench.routing.parameters import Parameters
from bench.routing.people import Cast, cast
from bench.routing.policies import Policy
from server.desk.by_pace import Paces
from server.desk.rules import Rules

#: Seeds that choices are made on, and those the report is about, which no choice has seen.
CHOOSING = range(30)
REPORTED = range(1_000, 1_030)

#: By load and the policy's name: the days in the order of their seeds.
Runs = dict[tuple[float, str], list[Figures]]


def day(shop: Parameters, load: float, seed: int, policy: Policy) -> Figures:
    """One day under one policy. The same arguments give the same figures."""
    people = cast(shop, load, seed)
    return _lived(shop, people, policy, paces(shop, people, policy))


def _lived(shop: Parameters, people: Cast, policy: Policy, known: Paces | None) -> Figures:
    return Day(shop, people, DeskFloor(policy, people, known), policy.order).run()


def _days(job: tuple[Parameters, float, int, Sequence[Policy]]) -> list[Figures]:
    """The days before are those of the rules: in which order agents answer is tried on the day itself."""
    shop, load, seed, policies = job
    people = cast(shop, load, seed)
    before: list[tuple[Rules, Paces | None]] = []
    found = []
    for policy in policies:
        lived = next((one for one in before if one[0] == policy.rules), None)
        if lived is None:
            lived = (policy.rules, paces(shop, people, policy))
            before.append(lived)
        found.append(_lived(shop, people, policy, lived[1]))
    return found


def run(
    shop: Parameters, loads: Sequence[float], seeds: Sequence[int], policies: Sequence[Policy], jobs: int
) -> Runs:
    """Every policy on every day, with progress on stderr."""
    todo = [(shop, load, seed, policies) for load in loads for seed in seeds]
    found: Runs = {(load, policy.name): [] for load in loads for policy in policies}
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for number, (job, figures) in enumerate(zip(todo, pool.imap(_days, todo), strict=True), 1):
            for policy, of_day in zip(policies, figures, strict=True):
                found[job[1], policy.name].append(of_day)
            if number % 10 == 0 or number == len(todo):
                spent = time.perf_counter() - begun
                print(
                    f"  {number} of {len(todo)} days, each under {len(policies)} policies,"
                    f" after {spent:.0f} s",
                    file=sys.stderr,
                )
    return found
