"""What customers and agents are like: a TOML file, so that a shop can put its own log's numbers in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

USUAL = Path(__file__).with_name("shop.toml")

Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
Seconds = Annotated[float, Meta(ge=0)]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file; a misspelt key is refused."""


class Lognormal(Table, frozen=True):
    """``mean`` and coefficient of variation."""

    mean: Positive
    cv: Positive


class Gamma(Table, frozen=True):
    """``mean`` and shape."""

    mean: Positive
    shape: Positive


class Peak(Table, frozen=True):
    """Arrivals rise to ``height`` times the usual rate around the hour ``at`` (a bell, ``width`` its deviation)."""

    at: Seconds
    width: Positive
    height: Annotated[float, Meta(ge=1)]


class Opening(Table, frozen=True):
    """The day."""

    hours: Positive
    peaks: list[Peak]


class Customers(Table, frozen=True):
    """Who writes, how often, and how patiently."""

    languages: dict[str, Share]
    turns: Positive
    turn_factors: Annotated[list[Positive], Meta(min_length=1)]
    think: Lognormal
    first_patience: Gamma
    reply_patience: Gamma
    silent: Share
    vanish: Share


class Agents(Table, frozen=True):
    """Who answers, and how fast."""

    languages: Annotated[list[Annotated[list[str], Meta(min_length=1)]], Meta(min_length=1)]
    speed: Positive
    reply: Lognormal
    switch: Seconds
    multitask: Share
    wrap_up: Seconds
    ghost: Positive


class Promises(Table, frozen=True):
    """Replies that only promise one."""

    share: Share
    lookup: Lognormal
    guess: tuple[Positive, Positive]


class Parameters(Table, frozen=True):
    """The whole file."""

    day: Opening
    customers: Customers
    agents: Agents
    promises: Promises

    def work(self) -> float:
        """Expected seconds of an agent's work per customer, with two chats at once and nobody leaving.

        A nominal load of 0.7 means that the day's customers bring 0.7 of what the team could do.
        """
        stays = 1 - self.customers.vanish
        means = [self.customers.turns * factor for factor in self.customers.turn_factors]
        turns = sum(sum(stays**n for n in range(round(mean))) for mean in means) / len(means)
        reply = self.agents.reply.mean * (1 + self.agents.multitask) + self.agents.switch
        return turns * (1 + self.promises.share) * reply + self.agents.wrap_up


def read(path: Path = USUAL) -> Parameters:
    """The file's parameters. Raises `ValueError` with a sentence that names the file and the key."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Parameters)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"{path}: {str(error).replace('`$.', '`')}") from error
    shares = sum(found.customers.languages.values())
    if abs(shares - 1) > 1e-6:
        raise ValueError(f"{path}: the shares in customers.languages make {shares:g}, not 1")
    spoken = {language for agent in found.agents.languages for language in agent}
    for language in found.customers.languages:
        if language not in spoken:
            raise ValueError(f"{path}: nobody in agents.languages speaks {language!r}")
    if found.promises.guess[0] > found.promises.guess[1]:
        raise ValueError(f"{path}: promises.guess goes from the smaller to the larger number")
    return found
