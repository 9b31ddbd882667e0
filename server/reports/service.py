"""`supportterm report`: asks, follows the log as far as it goes, counts, answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import msgspec

from server.desk.by_pace import Paces
from server.platform import Platform, Row
from server.reports import tables
from server.reports.asking import BadQuestion, Question, Scope, question
from server.reports.before import Before
from server.reports.carrying import QUARTER, Carrying
from server.reports.columns import columns, definitions
from server.reports.figures import Figures, Spans
from server.reports.kept import Kept
from server.reports.opening import OpenTime
from server.reports.projection import Followed, Projection
from server.reports.reasons import Known, Reasons
from server.reports.replies import LastDays, stretch
from server.store.interface import StoreError

_log = logging.getLogger("supportterm.reports")

#: Rows that are read and counted at a time.
PAGE: Final = 2_000
#: Reports that may wait for each other; more are told to come back.
_CROWD: Final = 16
_FIRST_SECONDS: Final = 20.0
_EVERY_SECONDS: Final = 60.0
#: Between slices the follower rests this many times as long as one took, and at least a moment: messages
#: and facts share the interpreter and the writer, and nobody waits for facts that nobody asked for.
_RESTS: Final = 10
_LEAST_REST_SECONDS: Final = 0.05


class Reports:
    """Reports over ``records``. ``running``: whether a server keeps the log growing; without one, time ends
    with the last event.

    `encoded` and `answer` do; `start` keeps the facts close to the log, so that it need not catch up then.
    """

    def __init__(self, records: Followed, platform: Platform, scope: Scope, *, running: bool = True) -> None:
        self._records = records
        self._platform = platform
        self._scope = scope
        self._running = running
        self._worker = platform.worker("reports")
        self._projection = Projection(records, self._worker, scope.rules)
        # While a report counts, the facts stay as they are.
        self._one = asyncio.Lock()
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    def start(self, followed: Callable[[], Awaitable[None]]) -> None:
        """Begin to follow the log, now and then; ``followed`` is called each time all of it was taken in."""
        self._task = asyncio.create_task(self._follow(followed), name="reports")

    async def stop(self) -> None:
        """Follow no more, and end the thread."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self._worker.stop()

    def apply(self, scope: Scope) -> None:
        """Take reloaded settings."""
        self._scope = scope
        self._projection.apply(scope.rules)

    async def follow(self) -> None:
        """Take in everything that is committed by now. Raises `server.store.interface.StoreError`."""
        async with self._one:
            await self._projection.follow()

    async def rebuild(self) -> None:
        """Make all facts anew from the log. Raises `server.store.interface.StoreError`."""
        async with self._one:
            await self._projection.rebuild()

    async def encoded(self, **asked: Any) -> bytes:
        """What `answer` gives, as JSON. The arguments of `server.reports.asking.question`.

        Raises `BadQuestion`, or `server.store.interface.StoreError`.
        """
        return msgspec.json.encode(await self.answer(self.question(**asked)))

    async def answers(self, desk: str) -> list[tuple[str, int, int]]:
        """The newest answers to promises: (agent, at, ms that they took). What is not followed yet is not
        among them. Raises `server.store.interface.StoreError`."""
        rows = await self._records.facts(tables.ANSWERS, (desk, PAGE))
        return [(row[0], row[1], row[2]) for row in rows]

    async def paces(self, desk: str, zone: str) -> Paces:
        """How long the replies of the desk's agents took, on the zone's last days before today that they had.

        What is not followed yet is not among them. Raises `server.store.interface.StoreError`.
        """
        last = LastDays(zone)
        time = (desk, *stretch(zone, self._platform.wall()))
        async with self._one:
            await self._each(
                *(tables.REPLIES, time, (0, 0, 0), lambda row: (row[0], row[1], row[2])),
                lambda row: last.take(row[0], row[3], row[4]),
            )
        return await self._worker.run(last.paces)

    def question(self, **asked: Any) -> Question:
        """What `answer` takes, checked. The arguments of `server.reports.asking.question`; raises
        `BadQuestion`."""
        return question(self._scope, self._platform.wall(), **asked)

    async def answer(self, asked: Question) -> dict[str, Any]:
        """The report as JSON values: {"columns": [{"id", "name", "unit"}], "rows": [[…]], "definitions":
        {id: …}}. Raises `BadQuestion`, or `server.store.interface.StoreError`."""
        if self._waiting >= _CROWD:
            raise BadQuestion("The server is busy with other reports: try again in a moment.")
        self._waiting += 1
        try:
            async with self._one:
                rows = await self._rows(asked)
        finally:
            self._waiting -= 1
        return {
            "columns": [{"id": c.id, "name": c.name, "unit": c.unit} for c in columns(asked.by, asked.what)],
            "rows": rows,
            "definitions": definitions(asked.by, asked.target, asked.what),
        }

    async def _rows(self, asked: Question) -> list[list[Any]]:
        scope = self._scope
        await self._projection.follow()
        desks = [await self._projection.carrying(desk) for desk in asked.desks]
        begun = [carrying.first_at for carrying in desks if carrying.first_at]
        if not begun:
            return []
        now = max(carrying.at for carrying in desks)
        if self._running:
            now = max(now, self._platform.wall())
        if asked.what == "promises":
            return await self._promises(asked, now)
        if asked.what == "reasons":
            return await self._reasons(asked, now, min(begun))
        # Before the first event there is nothing, however far back was asked.
        since = max(asked.since, min(begun))
        shops = [asked.shop] if asked.shop else [shop for desk in asked.desks for shop in scope.of(desk)]

        def begin() -> Figures:
            hours = {shop: scope.rules[scope.shops[shop]].shop(shop).hours for shop in shops}
            return Figures(
                asked.by,
                asked.zone,
                asked.since,
                asked.until,
                now,
                asked.target * 1000,
                {shop: OpenTime(of, since, now) for shop, of in hours.items()},
                team=not asked.shop,
            )

        figures = await self._worker.run(begin)
        for carrying in desks:
            await self._desk(asked, figures, carrying, now)
        return await self._worker.run(figures.rows)

    async def _promises(self, asked: Question, now: int) -> list[list[Any]]:
        kept = Kept(asked.by, asked.zone, asked.since, asked.until, now)

        def promise(row: Row) -> None:
            if asked.shop in ("", row[-2]):
                kept.promise(row[0], *row[3:])

        for desk in asked.desks:
            time = (desk, asked.since, asked.until)
            await self._each(tables.PROMISES, time, (0, 0, 0), lambda row: (row[0], row[1], row[2]), promise)
        return await self._worker.run(kept.rows)

    async def _reasons(self, asked: Question, now: int, begun: int) -> list[list[Any]]:
        """``begun``: the log's first event."""
        scope = self._scope
        shops = [asked.shop] if asked.shop else [shop for desk in asked.desks for shop in scope.of(desk)]
        known = Known({shop: scope.reasons.get(shop, ()) for shop in shops}, scope.languages, asked.lang)
        before = Before(asked.zone, asked.since, asked.until, now)
        compared = begun <= before.since
        counted = Reasons(asked.by, asked.zone, asked.since, asked.until, known, compared=compared)

        def chat(row: Row) -> None:
            if asked.shop in ("", row[2]):
                counted.chat(row[0], *row[2:])

        def earlier(row: Row) -> None:
            if asked.shop in ("", row[2]):
                counted.before(before.matching(row[0]), *row[2:])

        def gave(row: Row) -> None:
            at, _, _, agent, reason, mandate, shop, lang = row
            if asked.shop in ("", shop):
                counted.gave(at, shop, lang, reason, agent, mandate)

        for desk in asked.desks:
            time = (desk, asked.since, asked.until)
            await self._each(tables.REASONS, time, (0, 0), lambda row: (row[0], row[1]), chat)
            await self._each(tables.GIVEN, time, (0, 0, 0), lambda row: (row[0], row[1], row[2]), gave)
            if compared:
                time = (desk, before.since, before.until)
                await self._each(tables.REASONS, time, (0, 0), lambda row: (row[0], row[1]), earlier)
        return await self._worker.run(counted.rows)

    async def _desk(self, asked: Question, figures: Figures, carrying: Carrying, now: int) -> None:
        """Count one desk."""
        desk, wanted = carrying.desk, asked.shop

        def chat(row: Row) -> None:
            facts = tables.chat_of(row)
            if wanted in ("", facts.shop):
                figures.chat(facts)

        def gap(row: Row) -> None:
            since, _, _, until, agent, covered, shop, lang = row
            if wanted in ("", shop):
                figures.gap(since, until, agent, bool(covered), shop, lang)

        time = (desk, asked.since, asked.until)
        await self._each(tables.CHATS, time, (0, 0), lambda row: (row[4], row[0]), chat)
        await self._each(tables.GAPS, time, (0, 0, 0), lambda row: (row[0], row[1], row[2]), gap)
        if not wanted:
            await self._each(
                *(tables.SERVED, time, (0, 0, ""), lambda row: (row[0], row[1], row[2])),
                lambda row: figures.served(row[0], row[2]),
            )
        online: dict[str, Spans] = {}
        await self._each(
            *(tables.ONLINE, (desk, asked.since, asked.until), (0, ""), lambda row: (row[0], row[1])),
            lambda row: online.setdefault(row[1], []).append((row[2], row[0])),
        )
        await self._each(
            *(tables.FULL, _quarters(desk, asked), (-1, ""), lambda row: (row[0], row[1])),
            lambda row: figures.full(row[0], row[1], row[2]),
        )
        await self._worker.run(lambda: self._finish(asked, figures, carrying, online, now))

    def _finish(
        self, asked: Question, figures: Figures, carrying: Carrying, online: dict[str, Spans], now: int
    ) -> None:
        """What is running is counted up to now, then everybody's time online."""
        _, first, last = _quarters(carrying.desk, asked)
        carrying.until(now)
        for span in carrying.online:
            online.setdefault(span.agent, []).append((span.since, span.until))
        for (quarter, agent), ms in carrying.full.items():
            if first <= quarter < last:
                figures.full(quarter, agent, ms)
        for agent, spans in online.items():
            figures.online(agent, spans)
        for shop in self._scope.of(carrying.desk):
            if asked.shop in ("", shop):
                figures.reach(shop, online, carrying.first_at)

    async def _each(
        self,
        sql: str,
        parameters: tuple[Any, ...],
        after: tuple[Any, ...],
        place: Callable[[Row], tuple[Any, ...]],
        take: Callable[[Row], None],
    ) -> None:
        """``take`` every row of a question asked in pages, on the thread."""

        def take_all(rows: list[Row]) -> None:
            for row in rows:
                take(row)

        async for rows in self._pages(sql, parameters, after, place):
            await self._worker.run(lambda rows=rows: take_all(rows))  # type: ignore[misc]

    async def _pages(
        self,
        sql: str,
        parameters: tuple[Any, ...],
        after: tuple[Any, ...],
        place: Callable[[Row], tuple[Any, ...]],
    ) -> AsyncIterator[list[Row]]:
        while True:
            rows = await self._records.facts(sql, (*parameters, *after, PAGE))
            if rows:
                yield rows
            if len(rows) < PAGE:
                return
            after = place(rows[-1])

    async def _follow(self, followed: Callable[[], Awaitable[None]]) -> None:
        wait = _FIRST_SECONDS
        while True:
            await asyncio.sleep(wait)
            wait = _EVERY_SECONDS
            begun = self._platform.stopwatch()
            try:
                async with self._one:
                    more = await self._projection.step()
                if more:
                    wait = max(_LEAST_REST_SECONDS, _RESTS * (self._platform.stopwatch() - begun))
                else:
                    await followed()
            except StoreError as error:
                _log.warning("reports could not follow the log: %s", error)


def _quarters(desk: str, asked: Question) -> tuple[str, int, int]:
    """The whole quarters of an hour that begin in the report's time."""
    return desk, -(-asked.since // QUARTER), -(-asked.until // QUARTER)
