"""The figures of the service report, from facts. Pure."""

from __future__ import annotations

from typing import Final

from server.reports.carrying import QUARTER
from server.reports.columns import By
from server.reports.facts import ChatFacts
from server.reports.grouping import Grouping, Value, percent, seconds
from server.reports.opening import OpenTime, both, union
from server.reports.waits import Waits

Spans = list[tuple[int, int]]

UNKNOWN: Final = "unknown"
_HOUR: Final = 3_600_000


class Group:
    """What is counted for one row. Times in ms."""

    def __init__(self) -> None:
        self.first = Waits()
        self.gaps = Waits()
        self.chats = self.covered = self.told = self.silent = self.left = self.served = 0
        self.online = self.full = self.open = self.reached = 0


def outcome(chat: ChatFacts) -> str:
    """ "answered", "left" (a message), "told" or "silent" (abandoned), "ended" (by an agent) or "waits"."""
    if chat.answered_at and not (chat.left_at and chat.left_at <= chat.answered_at):
        vanished = chat.closed in ("gone", "idle") and (chat.page_gone or chat.closed == "gone")
        return "silent" if vanished and not chat.wrote_again else "answered"
    if chat.left_at:
        return "left"
    return {"customer": "told", "idle": "silent", "gone": "silent", "": "waits"}.get(chat.closed, "ended")


class Figures:
    """Rows by ``by`` in ``zone``, for facts from ``since`` to ``until``, of which ``now`` is known.

    ``target`` in ms. ``open_times``: by shop, reaching from ``since`` to ``now``. ``team``: whether
    figures of agents' hours are wanted; they belong to all shops of a desk together.
    """

    def __init__(
        self,
        by: By,
        zone: str,
        since: int,
        until: int,
        now: int,
        target: int,
        open_times: dict[str, OpenTime],
        team: bool = True,
    ) -> None:
        self.by, self.since, self.until, self.now = by, since, until, now
        self.target = target
        self._rows = Grouping(by, zone, since, until, Group)
        self._open = open_times
        self._team = team

    # --- taking facts ----------------------------------------------------------------------------

    def chat(self, chat: ChatFacts) -> None:
        """A chat that was opened in this time."""
        end = outcome(chat)
        answered = end == "answered" or (end == "silent" and chat.answered_at > 0)
        by = chat.answered_by if answered else ""
        for group in self._rows.both(self._rows.key(chat.opened_at, chat.shop, chat.lang or UNKNOWN, by)):
            group.chats += 1
            group.left += end == "left"
            group.told += end == "told"
            group.silent += end == "silent"
            if end == "left":
                continue
            (group.first.answered if answered else group.first.left)(self._first(chat, answered))

    def gap(self, since: int, until: int, agent: str, covered: bool, shop: str, lang: str) -> None:
        """A run of customer messages that was answered."""
        for group in self._rows.both(self._rows.key(since, shop, lang or UNKNOWN, agent)):
            if covered:
                group.covered += 1
            else:
                group.gaps.answered(until - since)

    def served(self, at: int, agent: str) -> None:
        """An agent's first message in a chat."""
        for group in self._rows.both(self._rows.key(at, "", "", agent)):
            group.served += 1

    def online(self, agent: str, spans: Spans) -> None:
        """When an agent was online."""
        for start, end in self._pieces(spans):
            for group in self._rows.both(self._rows.key(start, "", "", agent)):
                group.online += end - start

    def full(self, quarter: int, agent: str, ms: int) -> None:
        """How long an agent was at the ceiling in that quarter of an hour."""
        for group in self._rows.both(self._rows.key(quarter * QUARTER, "", "", agent)):
            group.full += ms

    def reach(self, shop: str, online: dict[str, Spans], first_at: int) -> None:
        """A shop's open time since its desk's first event, and when each agent of the desk was online."""
        last = min(self.until, self.now)
        opened = both(self._open[shop].spans, [(max(self.since, first_at), last)])
        anybody = both(opened, union([span for spans in online.values() for span in spans]))
        if self.by == "agent":
            for agent, spans in online.items():
                group = self._rows.group(agent)
                group.open += _length(opened)
                group.reached += _length(both(opened, union(spans)))
            self._rows.all.open += _length(opened)
            self._rows.all.reached += _length(anybody)
            return
        for spans, of in ((opened, "open"), (anybody, "reached")):
            for start, end in self._pieces(spans):
                for group in self._rows.both(self._rows.key(start, shop, "", "")):
                    setattr(group, of, getattr(group, of) + end - start)

    # --- giving figures --------------------------------------------------------------------------

    def rows(self) -> list[list[Value]]:
        """The table: a row for each key in order, and one for all; nothing if there is nothing."""
        return self._rows.rows(self._row, something=lambda group: bool(group.chats or group.online))

    def _row(self, key: str, group: Group, total: bool) -> list[Value]:
        first, gaps = group.first.spread(self.target), group.gaps.spread(self.target)
        offered = group.chats - group.left
        # Hours belong to agents, not to a shop or a language.
        team = self._team and (total or self.by not in ("shop", "language"))
        counts = team and group.online > 0
        return [
            key,
            group.chats,
            seconds(first.average),
            seconds(first.p50),
            seconds(first.p90),
            seconds(first.longest),
            percent(first.within),
            percent(group.first.service_level(self.target)),
            seconds(gaps.average),
            seconds(gaps.p50),
            seconds(gaps.p90),
            seconds(gaps.longest),
            group.covered,
            group.told,
            group.silent,
            percent((group.told + group.silent) / offered if offered else None),
            group.left,
            percent(group.reached / group.open if group.open else None),
            round(group.online / _HOUR, 2) if team else None,
            round(group.served * _HOUR / group.online, 2) if counts else None,
            percent(group.full / group.online if counts else None),
        ]

    # --- helpers ---------------------------------------------------------------------------------

    def _first(self, chat: ChatFacts, answered: bool) -> int:
        end = chat.answered_at if answered else chat.closed_at or max(self.now, chat.opened_at)
        asked = chat.asked_at if 0 < chat.asked_at <= end else chat.opened_at
        hours = self._open.get(chat.shop)
        return hours.between(asked, end) if hours is not None else end - asked

    def _pieces(self, spans: Spans) -> Spans:
        """``spans`` within the report, cut where another row may begin."""
        last = min(self.until, self.now)
        inside = [
            (max(start, self.since), min(end, last))
            for start, end in spans
            if start < last and end > self.since
        ]
        if self.by not in ("day", "hour"):
            return inside
        cut: Spans = []
        for begin, end in inside:
            start = begin
            while start < end:
                stop = min(end, (start // QUARTER + 1) * QUARTER)
                cut.append((start, stop))
                start = stop
        return cut


def _length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)
