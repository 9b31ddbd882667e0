"""A desk's doorway: commands in, decisions one after another, durable, then the effects.

Decisions are made at once and applied in memory; whatever waits is stored in one transaction; only
then do events, answers and timers leave. If storing fails, the desk is folded anew from the log and
what was pending is decided again, each on its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from server.clock import Clock
from server.desk import doors
from server.desk.agent import Member
from server.desk.commands import CLOCK, Arrive, Command, Due, Leave, Person
from server.desk.decision import Decision, Refused, refuse
from server.desk.desk import Desk
from server.desk.events import Event, chat_stream, desk_stream
from server.desk.rules import Rules
from server.desk.usual import Usual
from server.entry import Answer, Entry, Loaded, writes_of
from server.feeds import Feed
from server.folding import fold
from server.marks import MarkKeeper
from server.metrics import Metrics
from server.paging import Paging
from server.store.interface import ChatRow, Corrupt, Log, Snapshot, StoreError, Unavailable
from server.timers import Timers
from supportterm.protocol import frames

_log = logging.getLogger("supportterm.desk")

#: How often a store that failed is tried again.
PROBE_SECONDS = 2.0
#: Marks are stored lazily: losing two seconds of them costs a tick, not a message.
MARKS_SECONDS = 2.0
#: Closed chats are looked through this often, and leave memory after the time to reopen them.
SWEEP_SECONDS = 60.0
#: The desk's own stream is folded from a snapshot not older than this many events.
SNAPSHOT_EVENTS = 500


class Doorway:
    """The only way to a desk and to what it has decided."""

    def __init__(self, desk: str, rules: Rules, log: Log, clock: Clock, metrics: Metrics) -> None:
        self.id = desk
        self.rules = rules
        self._paging = Paging(log)
        self._marks = MarkKeeper(log)
        self.feeds = self._paging.feeds
        self.trouble = ""
        #: Called after each stored batch: views may look different.
        self.after_batch: Callable[[], None] = lambda: None
        self._log = log
        self._clock = clock
        self._metrics = metrics
        #: What agents usually need for what they promise; it outlives desks that are folded anew.
        self.usual = Usual()
        self._desk = Desk(desk, rules, self.usual)
        self._fence = 0
        self._present: dict[str, Person] = {}
        self._members: list[Member] = []
        self._pending: list[Entry] = []
        self._held: list[Entry] = []
        self._folding = True
        self._stopped = False
        self._loading: dict[str, asyncio.Task[Loaded]] = {}
        self._wake = asyncio.Event()
        self._timers = Timers(clock, self._time_came)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writer: asyncio.Task[None] | None = None
        self._snapshot_at = 0
        self._storing = False

    # --- life ------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Become the desk's writer, fold its state, and begin to decide."""
        await self._claim_and_fold()
        self._folding = False
        self._writer = asyncio.create_task(self._write(), name=f"writer of {self.id}")
        self._spawn(self._keep_house())
        self._time_came()

    async def close(self) -> None:
        """Refuse what comes, store what is pending, and stop."""
        self._stopped = True
        self._timers.stop()
        if self._loading:
            await asyncio.wait(list(self._loading.values()))
        while (self._pending or self._storing or self._folding) and not self.trouble:
            await self._settled()
        tasks = list(self._tasks)
        if self._writer is not None:
            tasks.append(self._writer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._paging.stop()
        await self._save_marks()
        await self._save_snapshot()

    async def _settled(self) -> None:
        done = asyncio.get_running_loop().create_future()
        self._pending.append(
            Entry(CLOCK, Due(), lambda _: None if done.done() else done.set_result(None), 0.0)
        )
        self._wake.set()
        await done

    def apply(self, rules: Rules) -> None:
        """Take changed rules; they hold from the next decision on."""
        self.rules = self._desk.rules = rules
        self._time_came()

    def know(self, members: list[Member]) -> None:
        """Who belongs to the desk now; it holds from the next decision on."""
        self._members = members
        self._desk.know(members)
        self._time_came()

    @property
    def desk(self) -> Desk:
        """The desk as decided, which may be a moment ahead of what is stored: to show, never to change."""
        return self._desk

    @property
    def attended(self) -> bool:
        """Whether anybody is there to answer."""
        return doors.attended(self._desk)

    def figures(self) -> dict[str, int]:
        """Sizes for metrics and for the status command."""
        return {
            "chats_in_memory": len(self._desk.chats),
            "queue": len(self._desk.queue),
            "pending": len(self._pending),
            "agents_present": sum(agent.present for agent in self._desk.agents.values()),
        }

    # --- commands --------------------------------------------------------------------------------

    def submit(self, who: Person, command: Command, answer: Answer) -> None:
        """Decide ``command`` and answer once the outcome is stored.

        Answers to what one connection submits for one chat come in order. A refusal for trouble with
        the store is retryable and says so.
        """
        entry = Entry(who, command, answer, self._clock.stopwatch())
        if self._stopped:
            answer(refuse("stopping"))
        elif self.trouble:
            answer(refuse("storage"))
        elif self._folding:
            self._held.append(entry)
        else:
            self._take(entry)

    def arrive(self, agent: Person) -> None:
        """A console of the agent connected."""
        self._present[agent.id] = agent
        self.submit(agent, Arrive(), _unheard)

    def leave(self, agent: Person) -> None:
        """The agent's last console is gone."""
        self._present.pop(agent.id, None)
        self.submit(agent, Leave(), _unheard)

    def _take(self, entry: Entry) -> None:
        chat = entry.chat
        if chat is None or (chat in self._desk.chats and chat not in self._loading):
            self._decide(entry)
            return
        desk = self._desk
        # Others that arrive for the same chat wait behind the same load, in order.
        self._load(chat).add_done_callback(lambda load: self._after_load(entry, desk, load.result()))

    def _after_load(self, entry: Entry, desk: Desk, loaded: Loaded) -> None:
        if self._stopped:
            entry.answer(refuse("stopping"))
        elif self.trouble or loaded is Loaded.UNREADABLE:
            entry.answer(refuse("storage"))
        elif self._folding:
            self._held.append(entry)
        elif self._desk is not desk:
            self._take(entry)  # loaded into a desk that was thrown away meanwhile
        elif loaded is Loaded.FOREIGN:
            entry.answer(entry.foreign())
        elif loaded is Loaded.KNOWN and entry.chat not in desk.chats:
            self._take(entry)  # it left memory again before it was this one's turn
        else:
            self._decide(entry)

    def _decide(self, entry: Entry) -> None:
        entry.decision = self._desk.decide(entry.who, entry.command, self._clock.now())
        if not self._pending:
            self._wake.set()
        self._pending.append(entry)

    def _time_came(self) -> None:
        if not self._folding and not self.trouble and not self._stopped:
            self._take(Entry(CLOCK, Due(), _unheard, 0.0))

    # --- storing ---------------------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                batch, self._pending = self._pending, []
                begun = self._clock.stopwatch()
                self._storing = True
                try:
                    await self._append(batch)
                    self._metrics.committed(len(batch), self._clock.stopwatch() - begun)
                    self._leave_batch(batch)
                except (Unavailable, Corrupt) as error:
                    self._in_trouble(batch, error)
                    break
                except Exception as error:
                    # A conflict, something in the batch that the store cannot take, or readers out of step
                    # with the log: whatever it is, the desk must not stop.
                    _log.error("a commit failed, the desk is folded anew: %r", error)
                    await self._again(batch)
                finally:
                    self._storing = False
            if not self.trouble:
                self._timers.aim(self._desk.next_due())

    async def _append(self, batch: list[Entry]) -> None:
        if writes := writes_of(self.id, batch):
            await self._log.append(self.id, self._fence, writes)

    def _leave_batch(self, batch: list[Entry]) -> None:
        """The effects of a stored batch: events to readers first, then answers, then views."""
        own = desk_stream(self.id)
        self.feeds.publish(
            (event, entry.who.id) for entry in batch for event in entry.events if event.stream != own
        )
        now = self._clock.stopwatch()
        for entry in batch:
            if entry.since:
                self._metrics.decided(entry.command, entry.decision, now - entry.since)
            entry.answer(entry.decision)
        self.after_batch()

    # --- when storing fails ------------------------------------------------------------------------

    def _in_trouble(self, batch: list[Entry], error: Exception) -> None:
        self.trouble = error.state if isinstance(error, Unavailable) else "damaged"
        _log.error("not accepting messages: %s: %s", self.trouble, error)
        self._timers.stop()
        refused = batch + self._pending + self._held
        self._pending, self._held = [], []
        for entry in refused:
            entry.answer(refuse("storage"))
        self.after_batch()
        self._spawn(self._probe())

    async def _probe(self) -> None:
        """Try the store until it takes writes again, then go on from what it holds."""
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            self._folding = True
            try:
                await self._claim_and_fold()
            except StoreError:
                continue
            except Exception:
                _log.exception("the desk cannot be folded from its log")
                continue
            _log.warning("accepting messages again")
            self.trouble = ""
            self._resume()
            return

    async def _again(self, batch: list[Entry]) -> None:
        """Decide what was pending again on freshly folded state, one per transaction.

        What fails a second time is refused alone and for good: repeating it would fail again.
        """
        self._folding = True
        entries = batch + self._pending
        self._pending = []
        failed = False
        try:
            await self._claim_and_fold()
            while entries:
                entry = entries[0]
                if not await self._is_here(entry):
                    entries.pop(0).answer(entry.foreign())
                    continue
                entry.decision = self._desk.decide(entry.who, entry.command, self._clock.now())
                try:
                    await self._append([entry])
                except (Unavailable, Corrupt):
                    raise
                except Exception as error:
                    if failed:
                        _log.error("one command cannot be stored and is refused: %r", error)
                        entries.pop(0).answer(refuse("id_conflict"))
                    failed = not failed
                    await self._claim_and_fold()
                else:
                    failed = False
                    self._leave_batch([entries.pop(0)])
        except Exception as error:
            self._in_trouble(entries, error)
            return
        self._resume()

    async def _is_here(self, entry: Entry) -> bool:
        """Load the entry's chat if it is not in memory; False if it is another desk's."""
        chat = entry.chat
        if chat is None or chat in self._desk.chats:
            return True
        loaded = await self._load(chat)
        if loaded is Loaded.UNREADABLE:
            raise Unavailable("disk error", "a chat cannot be read")
        return loaded is not Loaded.FOREIGN

    def _resume(self) -> None:
        self._folding = False
        held, self._held = self._held, []
        for entry in held:
            self._take(entry)
        # Whoever is there is offered what waits.
        self._time_came()
        self._paging.retry()

    # --- loading -----------------------------------------------------------------------------------

    async def _claim_and_fold(self) -> None:
        self._fence = await self._log.claim(self.id)
        await self._fold()

    async def _fold(self) -> None:
        """A new desk from the log; readers are shown what they had not been."""
        desk = Desk(self.id, self.rules, self.usual)
        desk.know(self._members)
        stands_at = await fold(desk, self._log, self.feeds, self._clock.now())
        self._snapshot_at = stands_at or self._snapshot_at
        # At the very end: whoever came or went meanwhile could not tell a desk that was not there yet, nor
        # could who changed its settings or people.
        desk.rules = self.rules
        desk.know(self._members)
        for agent in self._present.values():
            desk.attend(agent)
        self._desk = desk

    def _load(self, chat: str) -> asyncio.Task[Loaded]:
        """The chat in memory, if it exists; one load at a time, however many wait for it."""
        loading = self._loading.get(chat)
        if loading is None:
            loading = self._loading[chat] = asyncio.create_task(self._load_cold(chat))
            loading.add_done_callback(lambda _: self._loading.pop(chat, None))
        return loading

    async def _load_cold(self, chat: str) -> Loaded:
        try:
            row = await self._log.row(chat)
            if row is None:
                return Loaded.UNKNOWN
            if row.desk != self.id:
                return Loaded.FOREIGN
            events = await self._log.stream(chat_stream(chat))
        except StoreError as error:
            _log.error("a chat cannot be read: %s", error)
            return Loaded.UNREADABLE
        if chat not in self._desk.chats:
            state = self._desk.load(chat, row.customer, events, self._clock.now())
            if self.feeds.get(chat) is None:
                self.feeds.add(state)
        return Loaded.KNOWN

    # --- reading -----------------------------------------------------------------------------------

    async def feed(self, chat: str) -> Feed | None:
        """The chat's feed with its marks, loaded if need be; None if this desk has no such chat.

        Raises `StoreError` if that cannot be read.
        """
        while True:
            # Each time from the start: while something is read, the chat may leave memory, or be
            # stored but not yet published.
            found = self.feeds.get(chat)
            if found is not None:
                if found.marks_known:
                    return found
                await self._marks.fetch(found)
                continue
            loaded = await self._load(chat)
            if loaded is Loaded.UNREADABLE:
                raise Unavailable("disk error", "the chat cannot be read now")
            if loaded is not Loaded.KNOWN:
                return None

    async def chats_of(self, customer: str) -> list[ChatRow]:
        """The customer's newest chat, if there is one at this desk."""
        return [row for row in await self._log.chats_of(customer, 1) if row.desk == self.id]

    async def page(self, feed: Feed, before: int, public: bool) -> tuple[list[Event], bool]:
        """One page of events before a number, oldest first, and whether there are older ones."""
        return await self._paging.page(feed, before, public)

    def mark(self, feed: Feed, customer: bool, got: int, seen: int) -> frames.Marks | None:
        """One side got or saw more; its marks now, or None if nothing grew."""
        return self._marks.grow(feed, customer, got, seen)

    # --- house-keeping -----------------------------------------------------------------------------

    async def _keep_house(self) -> None:
        elapsed = 0.0
        while True:
            await asyncio.sleep(MARKS_SECONDS)
            elapsed += MARKS_SECONDS
            await self._save_marks()
            if elapsed >= SWEEP_SECONDS:
                elapsed = 0.0
                self._sweep()
                if self._desk.seq - self._snapshot_at >= SNAPSHOT_EVENTS:
                    await self._save_snapshot()

    async def _save_marks(self) -> None:
        if not self.trouble:
            await self._marks.save()

    async def _save_snapshot(self) -> None:
        # Only what is stored may be frozen: with a batch under way the desk is ahead of the log.
        if self._pending or self._storing or self.trouble or self._desk.seq <= self._snapshot_at:
            return
        snapshot = Snapshot(self._desk.seq, self._desk.snapshot())
        try:
            await self._log.save_snapshot(self.id, snapshot)
            self._snapshot_at = snapshot.seq
        except (Unavailable, Corrupt) as error:
            _log.warning("the snapshot was not stored: %s", error)

    def _sweep(self) -> None:
        """Chats that nobody can reopen, reads or needs time after leave memory.

        Not while a new desk is read, which would have some then that are in no feed.
        """
        if self._folding:
            return
        horizon = self._clock.now().at - self.rules.reopen_ms
        for feed in list(self.feeds.all()):
            chat = feed.chat
            desk_chat = self._desk.chats.get(chat.id)
            # The time after a chat is its agent's load until it is over.
            over = desk_chat is None or (desk_chat.seq == chat.seq and not self._desk.paces[chat.id].wrap)
            if chat.state == "closed" and chat.closed_at < horizon and over and not feed.cursors:
                self._desk.forget(chat.id)
                self.feeds.drop(chat.id)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unheard(decision: Decision) -> None:
    if isinstance(decision, Refused):
        _log.debug("refused: %s", decision.error.code)
