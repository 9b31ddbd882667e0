"""What the desk must look at by itself, and when: one moment a key, on the running clock."""

from __future__ import annotations

import heapq

#: What it is about ("chat", "gone", "ramp", "page", "control", "block", "ceiling", "begin", "clock")
#: and whose.
Key = tuple[str, str]


class Deadlines:
    """A later moment for a known key costs no place in the heap: the old one comes up, and is put back."""

    def __init__(self) -> None:
        self._due: dict[Key, int] = {}
        self._heap: list[tuple[int, Key]] = []
        #: The earliest place in the heap of each key; a key's other places are of no use.
        self._placed: dict[Key, int] = {}

    def set(self, key: Key, run: int) -> None:
        """Look at it at ``run``, instead of when it was to be looked at before."""
        self._due[key] = run
        placed = self._placed.get(key)
        if placed is None or run < placed:
            self._placed[key] = run
            heapq.heappush(self._heap, (run, key))

    def begin(self, key: Key, run: int) -> None:
        """Look at it at ``run``, unless it is to be looked at anyway."""
        if key not in self._due:
            self.set(key, run)

    def advance(self, key: Key, moments: tuple[int, ...]) -> None:
        """Look at a known key by the first of these moments too (0: none), if that is sooner."""
        due = self._due[key]
        for run in moments:
            if 0 < run < due:
                due = run
                self.set(key, run)

    def drop(self, key: Key) -> None:
        """It need not be looked at any more."""
        self._due.pop(key, None)

    def of(self, key: Key) -> int | None:
        """When it will be looked at."""
        return self._due.get(key)

    def next(self) -> int | None:
        """The first of all."""
        self._settle()
        return self._heap[0][0] if self._heap else None

    def take(self, run: int) -> Key | None:
        """A key whose moment came by ``run``, with its deadline gone; None: there is none."""
        self._settle()
        if not self._heap or self._heap[0][0] > run:
            return None
        _, key = heapq.heappop(self._heap)
        del self._placed[key]
        del self._due[key]
        return key

    def _settle(self) -> None:
        """Bring a true deadline to the top of the heap."""
        while self._heap:
            run, key = self._heap[0]
            due = self._due.get(key)
            if due == run and self._placed.get(key) == run:
                return
            heapq.heappop(self._heap)
            if self._placed.get(key) == run:
                del self._placed[key]
                if due is not None:
                    self._placed[key] = due
                    heapq.heappush(self._heap, (due, key))
