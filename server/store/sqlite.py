"""The store of a single machine: the log, the people and their upkeep in one SQLite file."""

from __future__ import annotations

from server.store.finding import Finding
from server.store.following import Following
from server.store.people import PeopleRecords
from server.store.upkeep import Upkeep


class SqliteStore(Upkeep, Finding, Following, PeopleRecords):
    """``await SqliteStore.open(path, platform)``, and ``await store.close()`` at the end.

    It is a `server.store.interface.Log` and `People`. Its parts are
    `reading`, `writing`, `finding`, `following`, `people`, `erasing` and `upkeep`,
    and `database` is what they stand on.
    """
