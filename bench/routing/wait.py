"""How well customers in the queue are told how long it will take, by the desk and by other formulas."""

from __future__ import annotations

import math
import multiprocessing
import sys
from collections import deque
from collections.abc import Sequence
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from bench.routing.day import Day
from bench.routing.desk import DeskFloor
from bench.routing.parameters import Parameters
from bench.routing.people import Cast, cast
from bench.routing.policies import OURS

_MINUTE = 60_000
_WINDOW = 15 * _MINUTE
#: So patient that few leave: who leaves is never seen to be taken, and the long waits would be missing.
_PATIENCE = 900.0
OWN = "the desk: ½ head + ½ n × interval"
AGAIN = "the same, asked again each minute"


class Guess(Struct, frozen=True):
    """One customer's real wait from when they were told, and what each formula told them, in ms.

    ``high``: the end of the range that the desk told.
    """

    real: int
    told: dict[str, int]
    high: int


class _Line:
    """What is known of the customers of one language."""

    def __init__(self, agents: int) -> None:
        self.agents = agents
        self.queue: dict[int, int] = {}
        self.takes: deque[int] = deque()
        self.waits: deque[int] = deque(maxlen=50)
        self.lengths: deque[int] = deque(maxlen=100)
        self.average = 0.0
        self.open: dict[int, int] = {}

    def tell(self, at: int, customer: int) -> dict[str, int]:
        """What the formulas of others say for who just came to stand at the end."""
        position = list(self.queue).index(customer) + 1
        while self.takes and self.takes[0] < at - _WINDOW:
            self.takes.popleft()
        interval = min(_WINDOW, at) / max(1, len(self.takes))
        chat = fmean(self.lengths) if self.lengths else 0.0
        return {
            "wait of the head of the line": at - next(iter(self.queue.values())),
            "wait of the last one taken": self.waits[-1] if self.waits else 0,
            "n × interval of 15 min": round(position * interval),
            "n × chat time ÷ chats open": round(position * chat / max(1, len(self.open))),
            "running average (Salesforce)": round(self.average),
            "mean of the last 50": round(fmean(self.waits)) if self.waits else 0,
            "Comm100": round(((position - 1) // self.agents + 1) * chat),
        }


class _Observer:
    """Writes down what customers are told, and how it was."""

    def __init__(self, people: Cast, floor: DeskFloor) -> None:
        self._people = people
        self._floor = floor
        spoken = [language for agent in people.agents for language in agent.languages]
        self._lines = {language: _Line(spoken.count(language)) for language in spoken}
        self._asked: dict[int, list[tuple[int, dict[str, int], int]]] = {}
        self.guesses: list[Guess] = []

    def entered(self, at: int, customer: int) -> None:
        """See `Watch`."""
        self._again(at)
        line = self._line(customer)
        line.queue[customer] = at
        told = self._floor.told(at, customer)
        if told is not None:
            self._asked[customer] = [(at, {OWN: told[0]} | line.tell(at, customer), told[1])]

    def joined(self, at: int, customer: int) -> None:
        """See `Watch`."""
        line = self._line(customer)
        line.queue.pop(customer, None)
        waited = at - self._people.customers[customer].at
        line.waits.append(waited)
        line.takes.append(at)
        line.average = 0.9 * line.average + 0.1 * waited
        line.open[customer] = at
        for asked, told, high in self._asked.pop(customer, []):
            self.guesses.append(Guess(at - asked, told, high))
        self._again(at)

    def left(self, at: int, customer: int) -> None:
        """See `Watch`. Who left without a word is still taken, but nobody sees how long that was."""
        self._asked.pop(customer, None)

    def ended(self, at: int, customer: int) -> None:
        """See `Watch`."""
        line = self._line(customer)
        line.lengths.append(at - line.open.pop(customer))

    def _line(self, customer: int) -> _Line:
        return self._lines[self._people.customers[customer].language]

    def _again(self, at: int) -> None:
        """Who still waits is told anew once a minute."""
        for customer, asked in self._asked.items():
            if at - asked[-1][0] >= _MINUTE:
                told = self._floor.told(at, customer)
                if told is not None:
                    asked.append((at, {AGAIN: told[0]}, told[1]))


def guesses(shop: Parameters, load: float, seed: int) -> list[Guess]:
    """All that customers of one day were told, with how it was; of those who stayed until they were taken."""
    patient = replace(shop.customers.first_patience, mean=max(_PATIENCE, shop.customers.first_patience.mean))
    shop = replace(shop, customers=replace(shop.customers, first_patience=patient))
    people = cast(shop, load, seed)
    floor = DeskFloor(OURS, people)
    watch = _Observer(people, floor)
    Day(shop, people, floor, OURS.order, watch).run()
    return watch.guesses


def _day(job: tuple[Parameters, float, int]) -> list[Guess]:
    return guesses(*job)


def main(shop: Parameters, loads: Sequence[float], seeds: Sequence[int], jobs: int) -> bool:
    """Print how far each formula is off; whether the desk's is nearest and its range holds for four of five."""
    reached = True
    print("| load | formula | mean error | bias | waited longer than told |\n|---|---|---|---|---|")
    for load in loads:
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            days = pool.map(_day, [(shop, load, seed) for seed in seeds], chunksize=1)
        found = [guess for day in days for guess in day]
        first = [guess for guess in found if OWN in guess.told]
        again = [guess for guess in found if AGAIN in guess.told]
        if not first:
            print(f"Nobody waited at load {load:g}.", file=sys.stderr)
            continue
        errors = {name: _row(load, name, first) for name in first[0].told}
        _row(load, AGAIN, again)
        broken = fmean(guess.real > guess.high for guess in first)
        width = fmean(guess.high for guess in first) / 1_000
        print(f"| {load:g} | the end of the desk's range, {width:.0f} s on average | | | {broken:.0%} |")
        mean = fmean(guess.real for guess in first) / 1_000
        print(f"  load {load:g}: {len(first)} customers, who waited {mean:.0f} s on average", file=sys.stderr)
        reached &= errors[OWN] <= min(errors.values()) and math.isclose(broken, 0.2, abs_tol=0.07)
    return reached


def _row(load: float, name: str, told: Sequence[Guess]) -> float:
    off = [(guess.told[name] - guess.real) / 1_000 for guess in told]
    error, longer = fmean(abs(one) for one in off), fmean(one < 0 for one in off)
    print(f"| {load:g} | {name} | {error:.0f} s | {fmean(off):+.0f} s | {longer:.0%} |")
    return error
