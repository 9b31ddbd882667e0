"""How many wait, by their language and the skill they need: who is there, and who has left the page."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from msgspec import Struct

from server.desk.chat import Chat

#: A language and a skill, "" where it does not matter.
Wanted = tuple[str, str]


class Waits(Struct):
    """Since when they wait who want the same, the longest first."""

    there: list[int]
    gone: list[int]

    @property
    def oldest_at(self) -> int:
        """Since when the longest of those who are there waits; of those who are gone if nobody is."""
        return (self.there or self.gone)[0]


class Tally:
    """Kept up with each change of the queue, so that a long one costs no more to show than a short one."""

    def __init__(self) -> None:
        self._waits: dict[Wanted, Waits] = {}
        #: What each was counted as.
        self._of: dict[str, tuple[Wanted, bool, int]] = {}

    def add(self, chat: Chat) -> None:
        """It waits."""
        wanted, gone, since = self._of[chat.id] = (chat.lang, chat.skill), chat.page_gone, chat.queued_at
        waits = self._waits.setdefault(wanted, Waits([], []))
        insort(waits.gone if gone else waits.there, since)

    def remove(self, chat: Chat) -> None:
        """It waits no longer."""
        wanted, gone, since = self._of.pop(chat.id)
        waits = self._waits[wanted]
        found = waits.gone if gone else waits.there
        del found[bisect_left(found, since)]
        if not waits.there and not waits.gone:
            del self._waits[wanted]

    def __iter__(self) -> Iterator[tuple[Wanted, Waits]]:
        """Who wants what, whoever waits longest first."""
        return iter(sorted(self._waits.items(), key=lambda each: (each[1].oldest_at, each[0])))

    @property
    def there(self) -> int:
        """How many wait and are there."""
        return sum(len(waits.there) for waits in self._waits.values())

    @property
    def oldest_there(self) -> int:
        """Since when the longest of those waits; 0: nobody does."""
        return min((waits.there[0] for waits in self._waits.values() if waits.there), default=0)

    @property
    def oldest_at(self) -> int:
        """The same of all who wait."""
        return min(
            (since for waits in self._waits.values() for since in (*waits.there[:1], *waits.gone[:1])),
            default=0,
        )
