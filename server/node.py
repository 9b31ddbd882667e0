"""One server process: the parts wired together, and nothing else."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec import Raw

from server.administration import Administration, Failed
from server.clock import Clock
from server.desk.agent import Member
from server.desk.commands import CLOCK, Erase, Retire
from server.desk.decision import Decision, Refused
from server.desk.reach import Trying
from server.doorway import Doorway
from server.drafts import Drafts
from server.earlier import EarlierChats
from server.gateway.admin import AdminServer, socket_path
from server.gateway.gateway import Gateway
from server.gateway.hub import Hub
from server.links import Links, address
from server.mail.bounces import Bounces
from server.mail.collector import Collector
from server.mail.mailer import Mailer
from server.mail.numbers import Numbers
from server.metrics import Metrics
from server.pacing import Pacing
from server.platform import Platform, RealPlatform, quiet_collector
from server.reports.asking import BadQuestion, scope_of
from server.reports.service import Reports
from server.retention import Retention
from server.rules_of import member_of, rules_of
from server.settings import Settings, load, needs_restart
from server.signin import SignIn
from server.store.files import DATABASE
from server.store.interface import StoreError
from server.store.sqlite import SqliteStore
from supportterm.coach.troubles import troubles
from supportterm.protocol import frames
from supportterm.protocol.codes import ERRORS, Close

_log = logging.getLogger("supportterm")

_ASK_AGAIN_SECONDS = 10.0


class Node:
    """A running server. `start` it, then `stop` it; `address` is where it listens.

    ``start`` raises `server.store.interface.StoreError` for a database it cannot use and `OSError`
    for a port it cannot have.
    """

    def __init__(self, settings: Settings, platform: Platform, *, demo: bool = False) -> None:
        self.settings = self._started = settings
        self.address = ("", 0)
        self.doorways: dict[str, Doorway] = {}
        self._platform = platform
        self._demo = demo
        self._metrics = Metrics()
        self._drafts = Drafts()
        self._hubs: dict[str, Hub] = {}
        #: Mails that the mail server has not taken yet, by chat: what the mailer knows and people are shown.
        self._trying: dict[str, Trying] = {}
        # One at a time: a signal and a command may come together.
        self._reloading = asyncio.Lock()

    async def start(self) -> None:
        """Open the database, fold every desk, and listen."""
        settings, platform = self.settings, self._platform
        self._drafts.apply(settings.drafter)
        self.store = await SqliteStore.open(settings.data_dir / DATABASE, platform)
        try:
            self._clock = clock = Clock(platform)
            self.links = Links.beside(settings.data_dir, platform)
            self._earlier = EarlierChats(self.store, platform, clock, settings.shops)
            for name in settings.desks:
                await self._open_desk(name, settings)
            self._sign_in = SignIn(self.store, platform, settings.limits, self.sessions_ended)
            self.reports = Reports(self.store, platform, scope_of(settings))
            self._pacing = Pacing(self.reports, clock, self.doorways)
            for name, doorway in self.doorways.items():
                doorway.usual.learn(await self.reports.answers(name))
            self.administration = Administration(
                self.store, platform, settings, self, self._sign_in.changing, self.reports
            )
            self._gateway = Gateway(
                settings,
                platform,
                clock,
                self._hubs,
                self._sign_in,
                self.links,
                self.store.epoch,
                self._metrics,
                self._demo,
            )
            self._metrics.gauges = self._gauges
            self._retention = Retention(self.store, clock, settings.shops, self._texts_expired)
            numbers = Numbers(self.links.key_for("mail"))
            self._mailer = Mailer(
                self.store, clock, settings, self.doorways.get, self._link, self._metrics, numbers
            )
            self._mailer.news = self._mails_tried
            self.bounces = Bounces(self.store, clock, numbers, self.doorways.get, self._metrics)
            self._collector = Collector(self.bounces, platform, clock, settings)
            self._admin = AdminServer(socket_path(settings.data_dir), self.administration)
            self.address = await self._gateway.listen()
            try:
                await self._admin.start()
            except BaseException:
                await self._gateway.close()
                raise
        except BaseException:
            for doorway in self.doorways.values():
                await doorway.close()
            await self.store.close()
            raise
        self._retention.start()
        self.reports.start(self._pacing.look)
        self._mailer.start()
        self._collector.start()

    async def stop(self) -> None:
        """Send everybody away with the request to come back, store what is pending, and close."""
        await self._admin.stop()
        self._retention.stop()
        await self._collector.stop()
        await self._mailer.stop()
        await self._gateway.close()
        for hub in self._hubs.values():
            hub.stop()
        for doorway in self.doorways.values():
            await doorway.close()
        await self._sign_in.stop()
        await self.administration.stop()
        await self.reports.stop()
        await self._earlier.stop()
        await self.store.close()

    async def _open_desk(self, name: str, settings: Settings) -> None:
        doorway = Doorway(name, rules_of(settings, name), self.store, self._clock, self._metrics)
        doorway.know(await self._members(name))
        await doorway.open()
        self.doorways[name] = doorway
        self._hubs[name] = Hub(
            doorway,
            self._clock,
            settings.desks[name].practice,
            partial(self._report, name),
            self._drafts,
            self._earlier.of,
            self._trying,
        )

    def _link(self, shop: str, page: str, chat: str, now: int) -> str:
        """The address in a mail that opens the chat, from ``now`` on."""
        return address(self.settings, shop, page, self.links.token(chat, now))

    def _mails_tried(self, trying: dict[str, Trying]) -> None:
        """What people are shown of mails that wait has changed."""
        self._trying.clear()
        self._trying.update(trying)
        for hub in self._hubs.values():
            hub.showcase.changed()

    async def _report(self, desk: str, asked: frames.Report) -> frames.ServerFrame:
        """A supervisor's question for figures of their desk."""
        try:
            value = await self.reports.encoded(
                since=asked.since,
                until=asked.until,
                by=asked.by,
                desk=desk,
                what=asked.name,
                lang=asked.lang,
            )
        except BadQuestion as error:
            return frames.Err("not_allowed", text=str(error))
        except StoreError as error:
            _log.error("a report cannot be made: %s", error)
            return frames.Err("storage", text=ERRORS["storage"].text)
        return frames.ReportOf(asked.name, asked.since, asked.until, asked.by, Raw(value))

    async def _members(self, desk: str) -> list[Member]:
        return [member_of(agent) for agent in await self.store.agents(desk)]

    # --- what administration changes at once (`server.administration.needs.Live`) --------------------

    async def sessions_ended(self, agent: str) -> None:
        """End the agent's consoles; a disabled agent's chats wait for somebody else."""
        self._sign_in.forget(agent)
        found = await self.store.agent(agent)
        for hub in self._hubs.values():
            await hub.end_agent(agent)
        if found is not None and found.disabled and found.desk in self.doorways:
            await self._decided(self.doorways[found.desk], Retire(agent))

    async def agent_moved(self, agent: str, desk: str) -> None:
        """Their consoles come back at the new desk; at ``desk``, which was theirs, nothing stays."""
        self._sign_in.forget(agent)
        if desk in self.doorways:
            await self._hubs[desk].end_agent(agent, Close.RESTART)
            await self._decided(self.doorways[desk], Retire(agent, moved=True))

    async def people_changed(self, desk: str) -> None:
        """Let the desk know who belongs to it now, and what they may and can do."""
        members = await self._members(desk)
        for member in members:
            self._sign_in.forget(member.id)
        if desk in self.doorways:
            self.doorways[desk].know(members)

    async def person_erased(self, customer: str, chats: list[str]) -> None:
        """Write into each chat that its texts are gone, so that everybody who shows them forgets."""
        found = [row for chat in chats if (row := await self.store.row(chat)) is not None]
        for row in found:
            if row.desk in self.doorways:
                await self._decided(self.doorways[row.desk], Erase(row.chat))
        for desk, who in dict.fromkeys((row.desk, row.customer) for row in found):
            if desk in self._hubs:
                await self._hubs[desk].past.again(who, self._hubs[desk].sessions())

    async def _texts_expired(self, customer: str, chats: list[str]) -> None:
        """The same in the background: what a desk cannot store now, it is asked again."""
        for chat in chats:
            while True:
                try:
                    await self.person_erased(customer, [chat])
                    break
                except (Failed, StoreError):
                    await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def reload(self) -> list[str]:
        """Apply the settings file as it is now; what still needs a restart."""
        async with self._reloading:
            fresh = load(self.settings.path)
            # Since the start, not since the last reload: what was changed and changed back needs none.
            later = needs_restart(self._started, fresh)
            # First what can fail, so that nothing else has changed then.
            for name in fresh.desks:
                if name not in self.doorways:
                    await self._open_desk(name, fresh)
            self.settings = fresh
            for name, desk in fresh.desks.items():
                self.doorways[name].apply(rules_of(fresh, name))
                self._hubs[name].practice = desk.practice
            self._gateway.reload(fresh)
            self._drafts.apply(fresh.drafter)
            self._sign_in.apply(fresh.limits)
            self.administration.apply(fresh)
            self._retention.apply(fresh.shops)
            self._earlier.apply(fresh.shops)
            self.reports.apply(scope_of(fresh))
            await self._mailer.apply(fresh)
            await self._collector.apply(fresh)
            return later

    async def mail_bounce(self, message: bytes) -> str:
        """Take in a mail that came back, as an operator's mail server hands it over."""
        return await self.bounces.take(message)

    async def mail_retry(self) -> dict[str, Any]:
        """Try all mails that wait."""
        if not self.settings.mail.host:
            raise Failed("The settings name no mail server: write `host` and `sender` under [mail].")
        waiting = await self._mailer.retry()
        return {"waiting": waiting, "why": self._mailer.why}

    def _mail(self) -> dict[str, Any]:
        if not self.settings.mail.host:
            return {}
        found: dict[str, Any] = {"waiting": self._mailer.waiting}
        if self._mailer.trying:
            first = min(self._mailer.trying.values(), key=lambda one: one.again_at)
            seconds = max(0, first.again_at - self._clock.now().at) // 1000
            found |= {"tried": first.tried, "again_in_seconds": seconds, "why": first.why}
        if self.settings.mail.imap_host:
            found["mailbox"] = self._collector.trouble
        return {"mail": found}

    def status(self) -> dict[str, Any]:
        """Where it listens, who is connected, how the desks stand."""
        return {
            "address": f"{self.address[0]}:{self.address[1]}",
            "connections": self._gateway.door.open,
            "database": self.store.version_line(),
            "desks": {
                name: {**doorway.figures(), "trouble": doorway.trouble}
                for name, doorway in self.doorways.items()
            },
            **self._mail(),
        }

    def lowered(self) -> dict[str, int]:
        """Agents whose ceiling is lower for their pace, with that ceiling (points × 100)."""
        return {
            agent.id: agent.ceiling(doorway.rules)
            for doorway in self.doorways.values()
            for agent in doorway.desk.agents.values()
            if agent.lowered(doorway.rules)
        }

    @staticmethod
    async def _decided(doorway: Doorway, command: Retire | Erase) -> None:
        """Have the desk decide and store it. Raises `Failed` if its store takes nothing now."""
        done: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()

        def answer(decision: Decision) -> None:
            if not done.done():
                done.set_result(decision)

        doorway.submit(CLOCK, command, answer)
        decision = await done
        if isinstance(decision, Refused) and decision.error.retry:
            raise Failed(f"{decision.error.text} Not everything is done yet: repeat the command.")

    def _gauges(self) -> dict[str, float]:
        sizes: dict[str, float] = {"connections": self._gateway.door.open}
        for doorway in self.doorways.values():
            for name, size in doorway.figures().items():
                sizes[name] = sizes.get(name, 0) + size
        if self.settings.mail.host:
            sizes["mails_waiting"] = self._mailer.waiting
        return sizes


async def serve(
    settings: Settings,
    *,
    platform: Platform | None = None,
    ready: Callable[[Node], None] | None = None,
    demo: bool = False,
) -> int:
    """Run a server until SIGTERM or SIGINT; the command's exit code."""
    platform = platform or RealPlatform()
    node = Node(settings, platform, demo=demo)
    await node.start()
    quiet_collector()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(_reload(node)))
    if ready is not None:
        ready(node)
    _log.info("listening on %s:%s, %s", *node.address, node.store.version_line())
    if warning := node.store.version_warning():
        _log.warning("%s", warning)
    reading = asyncio.create_task(_read_words(platform))
    await stop.wait()
    _log.info("stopping")
    await reading
    await node.stop()
    return 0


async def _read_words(platform: Platform) -> None:
    """Have what is written read by its words soon, and say which of them cannot be used. It takes a second,
    in which those who come after a restart do not wait."""
    reader = platform.worker("words")
    for sentence in await reader.run(troubles):
        _log.warning("words that are not used: %s", sentence)
    await reader.stop()


async def _reload(node: Node) -> None:
    try:
        for sentence in await node.reload():
            _log.warning("%s", sentence)
    except Exception as error:
        _log.error("the settings were not applied: %s", error)
