"""Chats that wait for an owner, in the order in which they are offered.

First come, first served, within what an agent must speak and know; higher priority goes first, and so
does a chat that had an owner before.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from server.desk.chat import Chat
from server.desk.tally import Tally

#: Lower goes first.
Place = tuple[int, bool, int, str]
Kind = tuple[str, ...]


def place_of(chat: Chat) -> Place:
    """A waiting chat's place among all."""
    return (-chat.priority, not chat.returned, chat.queued_at, chat.id)


def kind_of(chat: Chat) -> Kind:
    """Chats of one kind can be answered by the same agents."""
    return (chat.skill, *sorted(chat.langs))


class Queue:
    """Chats without an owner. Those of one kind stand in one line; only the first of a line is offered.

    ``apart``: chats that not everybody of their kind may be offered (somebody let it pass); each of them
    is a line of its own, so that it keeps nobody else waiting. Their customers wait like all others.
    """

    def __init__(self) -> None:
        self._order: list[Place] = []
        self._kinds: dict[Kind, list[Place]] = {}
        self._lines: dict[Kind, list[Place]] = {}
        self._line_of: dict[str, Kind] = {}
        self.tally = Tally()

    def __len__(self) -> int:
        return len(self._order)

    def __bool__(self) -> bool:
        return bool(self._order)

    def __iter__(self) -> Iterator[str]:
        return (place[3] for place in self._order)

    def __contains__(self, chat: str) -> bool:
        return any(place[3] == chat for place in self._order)

    def add(self, chat: Chat, apart: bool = False) -> None:
        """It waits. One that is offered to somebody keeps its place, but stands in no line."""
        place = place_of(chat)
        insort(self._order, place)
        self.tally.add(chat)
        insort(self._kinds.setdefault(kind_of(chat), []), place)
        if not chat.offered:
            line = ("apart", chat.id) if apart else kind_of(chat)
            self._line_of[chat.id] = line
            insort(self._lines.setdefault(line, []), place)

    def remove(self, chat: Chat) -> None:
        """It waits no longer, or is about to wait differently; unknown ones are none of ours."""
        place = place_of(chat)
        if not _remove(self._order, place):
            return
        self.tally.remove(chat)
        _remove_from(self._kinds, kind_of(chat), place)
        line = self._line_of.pop(chat.id, None)
        if line is not None:
            _remove_from(self._lines, line, place)

    def rows(self) -> list[Place]:
        """Everybody's place, in order."""
        return list(self._order)

    def heads(self) -> list[str]:
        """The first of each line, in the order of all."""
        return [place[3] for place in sorted(line[0] for line in self._lines.values())]

    def oldest_at(self) -> int:
        """Since when the longest waits; 0: nobody does."""
        return self.tally.oldest_at

    def position(self, chat: Chat) -> int:
        """How many of its kind stand before it, and itself."""
        return bisect_left(self._kinds.get(kind_of(chat), []), place_of(chat)) + 1

    def head_at(self, chat: Chat) -> int:
        """Since when the first of its kind waits."""
        places = self._kinds.get(kind_of(chat))
        return places[0][2] if places else chat.queued_at


def _remove_from(lines: dict[Kind, list[Place]], line: Kind, place: Place) -> None:
    places = lines[line]
    _remove(places, place)
    if not places:
        del lines[line]


def _remove(places: list[Place], place: Place) -> bool:
    at = bisect_left(places, place)
    found = at < len(places) and places[at] == place
    if found:
        del places[at]
    return found
