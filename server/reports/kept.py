"""The figures of the promise report, from facts. Pure."""

from __future__ import annotations

from typing import Final

from server.reports.columns import By
from server.reports.figures import UNKNOWN
from server.reports.grouping import Grouping, Value, percent, seconds
from server.reports.waits import Waits


class Group:
    """What is counted for one row. Times in ms."""

    def __init__(self) -> None:
        self.made = self.running = self.good = self.kept_for = 0
        self.ended: Final = dict.fromkeys(("kept", "extended", "broken", "withdrawn"), 0)
        self.promised = Waits()
        self.actual = Waits()
        self.late = Waits()


class Kept:
    """Rows by ``by`` in ``zone``, for promises made from ``since`` to ``until``; ``now``: the present."""

    def __init__(self, by: By, zone: str, since: int, until: int, now: int) -> None:
        self.by, self.now = by, now
        self._rows = Grouping(by, zone, since, until, Group)

    def promise(
        self,
        made_at: int,
        agent: str,
        promised_ms: int,
        due_at: int,
        how: str,
        answered_at: int,
        given_up_at: int,
        kept_by: str,
        shop: str,
        lang: str,
    ) -> None:
        """One that was made in this time; the columns of `server.reports.tables.PROMISES`."""
        if self.by == "agent" and kept_by not in ("", agent):
            for group in self._rows.both(kept_by):
                group.kept_for += 1
        for group in self._rows.both(self._rows.key(made_at, shop, lang or UNKNOWN, agent)):
            group.made += 1
            group.promised.answered(promised_ms)
            if not how:
                group.running += 1
                continue
            group.ended[how] += 1
            if answered_at:
                group.actual.answered(max(0, answered_at - made_at))
            if how != "broken":
                continue
            # Who still waits, or left without the answer, counts as waiting at least that long.
            end = answered_at or given_up_at or self.now
            group.good += answered_at > 0
            (group.late.answered if answered_at else group.late.left)(max(0, end - due_at))
            if not answered_at:
                group.actual.left(max(0, end - made_at))

    def rows(self) -> list[list[Value]]:
        """The table: a row for each key in order, and one for all; nothing if there is nothing."""
        return self._rows.rows(self._row, something=lambda group: group.made > 0)

    def _row(self, key: str, group: Group, total: bool) -> list[Value]:
        kept_for: list[Value] = [group.kept_for] if self.by == "agent" else []
        return [*_row(key, group), *kept_for]


def _row(key: str, group: Group) -> list[Value]:
    kept, extended, broken, withdrawn = group.ended.values()
    decided = kept + extended + broken
    late = group.late.spread(0)
    return [
        key,
        group.made,
        kept,
        extended,
        broken,
        withdrawn,
        group.running,
        percent((kept + extended) / decided if decided else None),
        percent(kept / decided if decided else None),
        group.good,
        seconds(late.p50),
        seconds(late.longest),
        seconds(group.promised.spread(0).p50),
        seconds(group.actual.spread(0).p50),
    ]
