"""The people of one day, drawn before it begins: they do the same whatever the desk decides.

Everybody has a random stream of their own, so that two policies meet the same customers with the same
patience, questions and pauses, and their days can be compared in pairs.
"""

from __future__ import annotations

import math
from random import Random

from msgspec import Struct

from bench.routing.parameters import Gamma, Lognormal, Parameters

_SECOND = 1_000
_HOUR = 3_600 * _SECOND


class Turn(Struct, frozen=True, gc=False):
    """The customer writes once, and what comes of it. Milliseconds.

    ``work``: on the reply, at an average agent's speed. ``lookup`` > 0: the reply only promises one
    ``promised`` later, which can be written (``answer``) when the lookup is done. ``think``: from the
    reply to the next message; ``vanishes``: it never comes.
    """

    work: int
    think: int
    vanishes: bool
    lookup: int = 0
    promised: int = 0
    answer: int = 0


class Customer(Struct, frozen=True):
    """Who comes ``at`` milliseconds after opening. Patience for the first reply, and for each later one."""

    id: int
    at: int
    language: str
    turns: tuple[Turn, ...]
    first_patience: int
    reply_patience: int
    silent: bool


class Clerk(Struct, frozen=True):
    """An agent: what they speak, and their factor on all work."""

    id: int
    languages: tuple[str, ...]
    speed: float


class Cast(Struct, frozen=True):
    """Everybody of one day. ``length``: of the day, in milliseconds."""

    seed: int
    load: float
    length: int
    customers: list[Customer]
    agents: list[Clerk]


def cast(shop: Parameters, load: float, seed: int) -> Cast:
    """The people of the day ``seed`` at a nominal load (see `Parameters.work`)."""
    length = round(shop.day.hours * _HOUR)
    rate = load * len(shop.agents.languages) / (shop.work() * _SECOND)
    arrivals = _arrivals(shop, rate, length, Random(f"{seed} {load} arrivals"))
    customers = [
        _customer(shop, number, at, Random(f"{seed} {load} customer {number}"))
        for number, at in enumerate(arrivals)
    ]
    agents = [
        Clerk(number, tuple(languages), _speed(shop.agents.speed, Random(f"{seed} agent {number}")))
        for number, languages in enumerate(shop.agents.languages)
    ]
    return Cast(seed, load, length, customers, agents)


def _arrivals(shop: Parameters, mean: float, length: int, random: Random) -> list[int]:
    """A Poisson process whose rate has the day's peaks and this mean, by thinning."""

    def shape(at: float) -> float:
        hour = at / _HOUR
        return 1 + sum(
            (peak.height - 1) * math.exp(-(((hour - peak.at) / peak.width) ** 2) / 2)
            for peak in shop.day.peaks
        )

    grid = [shape(length * (n + 0.5) / 1_000) for n in range(1_000)]
    usual = mean / (sum(grid) / len(grid))
    most = 1 + sum(peak.height - 1 for peak in shop.day.peaks)
    found = []
    at = random.expovariate(usual * most)
    while at < length:
        if random.random() * most < shape(at):
            found.append(int(at))
        at += random.expovariate(usual * most)
    return found


def _customer(shop: Parameters, number: int, at: int, random: Random) -> Customer:
    who = shop.customers
    language = random.choices(list(who.languages), list(who.languages.values()))[0]
    first_patience, reply_patience = _gamma(who.first_patience, random), _gamma(who.reply_patience, random)
    silent = random.random() < who.silent
    count = max(1, _poisson(who.turns * random.choice(who.turn_factors), random))
    turns = tuple(_turn(shop, random) for _ in range(count))
    return Customer(number, at, language, turns, first_patience, reply_patience, silent)


def _turn(shop: Parameters, random: Random) -> Turn:
    work = _lognormal(shop.agents.reply, random)
    think = _lognormal(shop.customers.think, random)
    vanishes = random.random() < shop.customers.vanish
    if random.random() >= shop.promises.share:
        return Turn(work, think, vanishes)
    lookup = _lognormal(shop.promises.lookup, random)
    guess = shop.promises.lookup.mean * random.uniform(*shop.promises.guess)
    promised = math.ceil(guess / 60) * 60 * _SECOND
    return Turn(work, think, vanishes, lookup, promised, _lognormal(shop.agents.reply, random))


def _lognormal(of: Lognormal, random: Random) -> int:
    variance = math.log(1 + of.cv * of.cv)
    mean = math.log(of.mean) - variance / 2
    return max(1, round(random.lognormvariate(mean, math.sqrt(variance)) * _SECOND))


def _speed(deviation: float, random: Random) -> float:
    return random.lognormvariate(-deviation * deviation / 2, deviation)


def _gamma(of: Gamma, random: Random) -> int:
    return max(1, round(random.gammavariate(of.shape, of.mean / of.shape) * _SECOND))


def _poisson(mean: float, random: Random) -> int:
    """Knuth's method: how many uniform factors until the product is under e^-mean."""
    bound, count, product = math.exp(-mean), 0, random.random()
    while product > bound:
        count += 1
        product *= random.random()
    return count
