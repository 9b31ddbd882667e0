"""What a simulated day asks of whoever routes its chats."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Joined(NamedTuple):
    """The agent became the chat's owner."""

    chat: int
    agent: int


class Ended(NamedTuple):
    """How the chat's promise ended: "kept", "broken" or "withdrawn"."""

    chat: int
    how: str


class Watch(Protocol):
    """Looks on; changes nothing."""

    def entered(self, at: int, customer: int) -> None:
        """Nobody was free: the customer waits in the queue."""

    def joined(self, at: int, customer: int) -> None:
        """The customer's chat has an owner."""

    def left(self, at: int, customer: int) -> None:
        """The customer gave up, told or not."""

    def ended(self, at: int, customer: int) -> None:
        """A chat that had an owner is over."""


Happening = Joined | Ended


class Floor(Protocol):
    """Told what people do and asked what comes of it. Times in milliseconds after opening.

    Customers, their chats and agents are known by their numbers in the day's cast.
    """

    def opens(self, at: int, customer: int) -> list[Happening]:
        """A customer comes, with a first message."""

    def writes(self, at: int, customer: int) -> list[Happening]:
        """The customer writes again."""

    def answers(self, at: int, agent: int, customer: int, promise: int) -> list[Happening]:
        """The owner replies; ``promise`` > 0: and will be back within this time."""

    def leaves(self, at: int, customer: int) -> list[Happening]:
        """The customer ends the chat."""

    def ends(self, at: int, agent: int, customer: int) -> list[Happening]:
        """The owner ends the chat."""

    def due(self, at: int) -> list[Happening]:
        """A time came that was waited for."""

    def next_due(self) -> int | None:
        """When that is next."""
