"""The figures of the reasons report, from facts. Pure.

Of a reason one asks whether it would be good or bad news if it doubled: how many came, how many more than
before, and for whom that is of value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from server.reports.columns import By
from server.reports.figures import UNKNOWN
from server.reports.grouping import ALL, Grouping, Value, percent
from server.settings.reasons import QUADRANTS, Reason

#: What stands where agents picked none. Its id is empty.
NONE: Final = "no reason picked"
#: Shops that have the reason do not agree on its value.
DIFFERS: Final = "differs"


class Known:
    """The reasons of some shops by their keys, told in ``lang`` where they have it.

    ``languages``: each shop's own, the first of which every reason has.
    """

    def __init__(
        self, shops: Mapping[str, Sequence[Reason]], languages: Mapping[str, Sequence[str]], lang: str
    ) -> None:
        self._shops = shops
        self._languages = languages
        self._lang = lang

    def label(self, shop: str, id: str) -> str:
        """What a reason is called: by ``shop`` ("": any); its id if nobody has it any more."""
        return self._told([(key, one.label) for key, one in self._of(shop, id)], id or NONE)

    def gift(self, shop: str, id: str, mandate: str) -> str:
        """The same for what may be given for it."""
        given = [(key, one) for key, reason in self._of(shop, id) for one in reason.mandate]
        return self._told([(key, one.label) for key, one in given if one.id == mandate], mandate)

    def value(self, shop: str, id: str) -> str | None:
        """For whom the reason is of value; None: nobody has it."""
        values = {reason.value for _, reason in self._of(shop, id)}
        return next(iter(values), None) if len(values) < 2 else DIFFERS

    def _of(self, shop: str, id: str) -> list[tuple[str, Reason]]:
        found = [(key, one) for key, reasons in self._shops.items() for one in reasons if one.id == id]
        # A shop's own, and else what others that are in the report call it.
        return [(key, one) for key, one in found if key == shop] or found

    def _told(self, texts: Sequence[tuple[str, Mapping[str, str]]], otherwise: str) -> str:
        """The text in the language wanted, whichever shop has it; else as the first shop has it."""
        wanted = [text[self._lang] for _, text in texts if self._lang in text]
        own = [text[lang] for shop, text in texts for lang in self._languages.get(shop, ()) if lang in text]
        return next(iter([*wanted, *own]), otherwise)


class _Group:
    """What is counted for some rows, by the reason's id; ``given`` by (reason, mandate)."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.before: Counter[str] = Counter()
        self.given: Counter[tuple[str, str]] = Counter()

    def reasons(self) -> list[str]:
        """Those that anything is known of: the most frequent first, and last that there was none."""
        ids = self.now.keys() | self.before.keys() | {id for id, _ in self.given}
        return sorted(ids, key=lambda id: (not id, -self.now[id], -self.before[id], id))


class Reasons:
    """Rows by ``by`` in ``zone``, and in each by reason, for what happened from ``since`` to ``until``.

    ``compared``: whether all is known of the time before.
    """

    def __init__(
        self, by: By, zone: str, since: int, until: int, known: Known, *, compared: bool = True
    ) -> None:
        self._by = by
        self._rows = Grouping(by, zone, since, until, _Group)
        self._known = known
        self._compared = compared

    def chat(self, at: int, shop: str, lang: str, reason: str, agent: str) -> None:
        """A chat that was opened in this time, and why: "" is not known."""
        for group in self._rows.both(self._rows.key(at, shop, lang or UNKNOWN, agent)):
            group.now[reason] += 1

    def before(self, at: int, shop: str, lang: str, reason: str, agent: str) -> None:
        """One of the time before; ``at``: what its moment stands beside."""
        for group in self._rows.both(self._rows.key(at, shop, lang or UNKNOWN, agent)):
            group.before[reason] += 1

    def gave(self, at: int, shop: str, lang: str, reason: str, agent: str, mandate: str) -> None:
        """Something of the shop's mandate was given for a reason."""
        for group in self._rows.both(self._rows.key(at, shop, lang or UNKNOWN, agent)):
            group.given[reason, mandate] += 1

    def rows(self) -> list[list[Value]]:
        """The table: each reason, beneath it what was given for it, and last all; nothing if none is."""
        if not self._rows.all.reasons():
            return []
        groups = [(key, self._rows.groups[key]) for key in self._rows.ordered()]
        found: list[list[Value]] = []
        for key, group in groups if self._by else [("", self._rows.all)]:
            shop = key if self._by == "shop" else ""
            for id in group.reasons():
                found += [[key, *row] if self._by else row for row in self._reason(group, shop, id)]
        return [*found, self._total()]

    def _reason(self, group: _Group, shop: str, id: str) -> list[list[Value]]:
        value = self._known.value(shop, id)
        given = {mandate: n for (reason, mandate), n in group.given.items() if reason == id}
        picked = group.now.total() - group.now[""]
        row: list[Value] = [
            self._known.label(shop, id),
            group.now[id],
            percent(group.now[id] / picked if id and picked else None),
            *self._growth(group.now[id], group.before[id]),
            value,
            QUADRANTS.get(value or "", value),
            sum(given.values()),
            id,
        ]
        gifts: list[list[Value]] = [
            [self._known.gift(shop, id, mandate), *[None] * 6, n, f"{id}/{mandate}"]
            for mandate, n in sorted(given.items(), key=lambda one: (-one[1], one[0]))
        ]
        return [row, *gifts]

    def _total(self) -> list[Value]:
        group = self._rows.all
        now, given = group.now.total(), group.given.total()
        figures = [now, None, *self._growth(now, group.before.total()), None, None, given, ""]
        return [ALL, "", *figures] if self._by else [ALL, *figures]

    def _growth(self, now: int, before: int) -> tuple[Value, Value]:
        if not self._compared:
            return None, None
        return before, percent((now - before) / before if before else None)
