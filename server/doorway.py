"""A desk's doorway: commands in, decisions one after another, durable, then the effects.

Decisions are made at once and applied in memory; whatever waits is stored in one transaction; only
then do events, answers and timers leave. If storing fails, the desk is folded anew from the log and
what was pending is decided again, each on its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from enum import Enum, auto

from server.clock import Clock
from server.desk.commands import CLOCK, Arrive, Command, Due, Leave, Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.desk import Desk
from server.desk.events import CUSTOMER, Event, chat_stream, desk_stream
from server.desk.rules import Rules
from server.feeds import Cursor, Feed, Feeds
from server.metrics import Metrics
from server.store.interface import (
    Append,
    ChatRow,
    Corrupt,
    Log,
    Marks,
    Origin,
    Snapshot,
    StoreError,
    Unavailable,
)
from server.timers import Timers
from supportterm.protocol import frames
from supportterm.protocol.limits import PAGE_EVENTS

_log = logging.getLogger("supportterm.desk")

Answer = Callable[[Decision], None]

#: How often a store that failed is tried again.
PROBE_SECONDS = 2.0
#: Marks are stored lazily: losing two seconds of them costs a tick, not a message.
MARKS_SECONDS = 2.0
#: Closed chats are looked through this often, and leave memory after the time to reopen them.
SWEEP_SECONDS = 60.0
#: The desk's own stream is folded from a snapshot not older than this many events.
SNAPSHOT_EVENTS = 500


class _Loaded(Enum):
    """What became of looking for a chat in the log."""

    KNOWN = auto()
    UNKNOWN = auto()
    #: It is another desk's; its id cannot be taken here, and nothing about it is told.
    FOREIGN = auto()
    UNREADABLE = auto()


class _Entry:
    """A command on its way: asked by ``who``, decided, and answered once its batch is stored."""

    __slots__ = ("answer", "command", "decision", "since", "who")

    def __init__(self, who: Person, command: Command, answer: Answer, since: float) -> None:
        self.who = who
        self.command = command
        self.answer = answer
        self.since = since
        self.decision: Decision = Decided([])

    @property
    def events(self) -> list[Event]:
        return self.decision.events if isinstance(self.decision, Decided) else []


class Doorway:
    """The only way to a desk and to what it has decided."""

    def __init__(self, desk: str, rules: Rules, log: Log, clock: Clock, metrics: Metrics) -> None:
        self.id = desk
        self.rules = rules
        self.feeds = Feeds(self._read_pages)
        self.trouble = ""
        #: Called after each stored batch; views are made then.
        self.after_batch: Callable[[], None] = lambda: None
        self._log = log
        self._clock = clock
        self._metrics = metrics
        self._desk = Desk(desk, rules)
        self._fence = 0
        self._present: dict[str, Person] = {}
        self._pending: list[_Entry] = []
        self._held: list[_Entry] = []
        self._folding = True
        self._stopped = False
        self._loading: dict[str, asyncio.Future[None]] = {}
        self._wake = asyncio.Event()
        self._timers = Timers(clock, self._time_came)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writer: asyncio.Task[None] | None = None
        self._dirty_marks: dict[tuple[str, str], Marks] = {}
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
        await self._save_marks()
        await self._save_snapshot()

    async def _settled(self) -> None:
        done = asyncio.get_running_loop().create_future()
        self._pending.append(
            _Entry(CLOCK, Due(), lambda _: None if done.done() else done.set_result(None), 0.0)
        )
        self._wake.set()
        await done

    def apply(self, rules: Rules) -> None:
        """Take changed rules; they hold from the next decision on."""
        self.rules = self._desk.rules = rules
        self._time_came()

    @property
    def attended(self) -> bool:
        """Whether anybody is there to answer."""
        return self._desk.attended()

    def status_of(self, agent: str) -> str:
        """An agent's status: "online" or "away"."""
        found = self._desk.agents.get(agent)
        return found.status if found is not None else "online"

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
        entry = _Entry(who, command, answer, asyncio.get_running_loop().time())
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

    def _take(self, entry: _Entry) -> None:
        chat = getattr(entry.command, "chat", None)
        if chat is None or (chat in self._desk.chats and chat not in self._loading):
            self._decide(entry)
            return
        desk = self._desk
        # Others that arrive for the same chat wait behind the same load, in order.
        self._load(chat).add_done_callback(lambda load: self._after_load(entry, desk, load.result()))

    def _after_load(self, entry: _Entry, desk: Desk, loaded: _Loaded) -> None:
        if self._stopped:
            _give(entry, refuse("stopping"))
        elif self.trouble or loaded is _Loaded.UNREADABLE:
            _give(entry, refuse("storage"))
        elif self._folding:
            self._held.append(entry)
        elif self._desk is not desk:
            self._take(entry)  # loaded into a desk that was thrown away meanwhile
        elif loaded is _Loaded.FOREIGN:
            _give(entry, refuse("id_conflict" if isinstance(entry.command, frames.Open) else "no_chat"))
        else:
            self._decide(entry)

    def _decide(self, entry: _Entry) -> None:
        entry.decision = self._desk.decide(entry.who, entry.command, self._clock.now())
        self._pending.append(entry)
        self._wake.set()

    def _time_came(self) -> None:
        if not self._folding and not self.trouble and not self._stopped:
            self._take(_Entry(CLOCK, Due(), _unheard, 0.0))

    # --- storing ---------------------------------------------------------------------------------

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                batch, self._pending = self._pending, []
                begun = loop.time()
                self._storing = True
                try:
                    await self._append(batch)
                except (Unavailable, Corrupt) as error:
                    self._in_trouble(batch, error)
                    break
                except Exception as error:
                    # A conflict, or something in the batch that the store cannot take.
                    _log.error("a commit failed, the desk is folded anew: %r", error)
                    await self._again(batch)
                else:
                    self._metrics.committed(len(batch), loop.time() - begun)
                    self._leave_batch(batch)
                finally:
                    self._storing = False
            if not self.trouble:
                self._timers.aim(self._desk.next_due())

    async def _append(self, batch: list[_Entry]) -> None:
        streams: dict[str, list[Event]] = {}
        origins: dict[str, Origin] = {}
        for entry in batch:
            for event in entry.events:
                events = streams.get(event.stream)
                if events is None:
                    streams[event.stream] = [event]
                else:
                    events.append(event)
                if event.kind == "opened":
                    who = entry.who
                    origins[event.stream] = Origin(self.id, who.shop, who.id, who.token_hash)
        if streams:
            writes = [
                Append(stream, events[0].seq - 1, events, origins.get(stream))
                for stream, events in streams.items()
            ]
            await self._log.append(self.id, self._fence, writes)

    def _leave_batch(self, batch: list[_Entry]) -> None:
        """The effects of a stored batch: events to readers first, then answers, then views."""
        own = desk_stream(self.id)
        self.feeds.publish(
            (event, entry.who.id) for entry in batch for event in entry.events if event.stream != own
        )
        now = asyncio.get_running_loop().time()
        for entry in batch:
            if entry.since:
                self._metrics.decided(entry.command, entry.decision, now - entry.since)
            _give(entry, entry.decision)
        self.after_batch()

    # --- when storing fails ------------------------------------------------------------------------

    def _in_trouble(self, batch: list[_Entry], error: Exception) -> None:
        self.trouble = error.state if isinstance(error, Unavailable) else "damaged"
        _log.error("not accepting messages: %s: %s", self.trouble, error)
        self._timers.stop()
        refused = batch + self._pending + self._held
        self._pending, self._held = [], []
        for entry in refused:
            _give(entry, refuse("storage"))
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

    async def _again(self, batch: list[_Entry]) -> None:
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
                entry.decision = self._desk.decide(entry.who, entry.command, self._clock.now())
                try:
                    await self._append([entry])
                except (Unavailable, Corrupt):
                    raise
                except Exception as error:
                    if failed:
                        _log.error("one command cannot be stored and is refused: %r", error)
                        _give(entries.pop(0), refuse("id_conflict"))
                    failed = not failed
                    await self._claim_and_fold()
                else:
                    failed = False
                    self._leave_batch([entries.pop(0)])
        except Exception as error:
            self._in_trouble(entries, error)
            return
        self._resume()

    def _resume(self) -> None:
        self._folding = False
        held, self._held = self._held, []
        for entry in held:
            self._take(entry)
        # Whoever is there is offered what waits.
        self._time_came()

    # --- loading -----------------------------------------------------------------------------------

    async def _claim_and_fold(self) -> None:
        self._fence = await self._log.claim(self.id)
        await self._fold()

    async def _fold(self) -> None:
        """A new desk from the log; readers are shown what they had not been."""
        now = self._clock.now()
        desk = Desk(self.id, self.rules)
        for agent in self._present.values():
            desk.attend(agent)
        snapshot = await self._log.snapshot(self.id)
        if snapshot is not None:
            desk.restore(snapshot.seq, snapshot.data)
            self._snapshot_at = snapshot.seq
        for event in await self._log.stream(desk_stream(self.id), desk.seq):
            desk.apply(event)
        for row in await self._log.rows(self.id, now.at - self.rules.reopen_ms):
            events = await self._log.stream(chat_stream(row.chat))
            chat = desk.load(row.chat, row.customer, events, now)
            feed = self.feeds.get(row.chat)
            if feed is None:
                self.feeds.add(chat)
            elif feed.chat.seq < chat.seq:
                unseen = events[feed.chat.seq :]
                self.feeds.publish((event, row.customer) for event in unseen)
        self._desk = desk

    def _load(self, chat: str) -> asyncio.Future[_Loaded]:
        """The chat in memory, if it exists; one load at a time, however many wait for it."""
        loading = self._loading.get(chat)
        if loading is None:
            loading = self._loading[chat] = asyncio.ensure_future(self._load_cold(chat))
            loading.add_done_callback(lambda _: self._loading.pop(chat, None))
        return loading

    async def _load_cold(self, chat: str) -> _Loaded:
        try:
            row = await self._log.row(chat)
            if row is None:
                return _Loaded.UNKNOWN
            if row.desk != self.id:
                return _Loaded.FOREIGN
            events = await self._log.stream(chat_stream(chat))
        except StoreError as error:
            _log.error("a chat cannot be read: %s", error)
            return _Loaded.UNREADABLE
        if chat not in self._desk.chats:
            state = self._desk.load(chat, row.customer, events, self._clock.now())
            if self.feeds.get(chat) is None:
                self.feeds.add(state)
        return _Loaded.KNOWN

    # --- reading -----------------------------------------------------------------------------------

    async def feed(self, chat: str) -> Feed | None:
        """The chat's feed with its marks, loaded if need be; None if this desk has no such chat.

        Raises `StoreError` if that cannot be read.
        """
        while True:
            found = self.feeds.get(chat)
            if found is None:
                if await self._load(chat) is _Loaded.UNREADABLE:
                    raise Unavailable("disk error", "the chat cannot be read now")
                found = self.feeds.get(chat)
            if found is None or found.marks_known:
                return found
            stored = await self._log.marks(chat)
            for marks in stored:
                self._set_marks(found, marks.who == CUSTOMER, marks.got, marks.seen)
            # Once more from the start: it may have left memory while its marks were read.
            found.marks_known = True

    async def chats_of(self, customer: str) -> list[ChatRow]:
        """The customer's newest chat, if there is one at this desk."""
        return [row for row in await self._log.chats_of(customer, 1) if row.desk == self.id]

    async def page(self, feed: Feed, before: int, public: bool) -> tuple[list[Event], bool]:
        """One page of events before a number, oldest first, and whether there are older ones."""
        events = await self._log.before(feed.chat.id, before, PAGE_EVENTS + 1, public)
        return events[-PAGE_EVENTS:], len(events) > PAGE_EVENTS

    def _read_pages(self, cursor: Cursor) -> None:
        self._spawn(self._catch_up(cursor))

    async def _catch_up(self, cursor: Cursor) -> None:
        """Read pages for a cursor that stands behind the memory tail."""
        feed, outlet = cursor.feed, cursor.outlet
        chat = feed.chat
        try:
            if cursor.public:
                events = await self._log.public(chat.id, cursor.at, PAGE_EVENTS)
            else:
                events = await self._log.stream(chat_stream(chat.id), cursor.at, PAGE_EVENTS)
        except (Unavailable, Corrupt) as error:
            _log.error("a page cannot be read: %s", error)
            cursor.reading = False
            return
        for event in events:
            number = event.pub if cursor.public else event.seq
            # What is stored but not yet published waits for its turn.
            if outlet.paused or number > (chat.pub if cursor.public else chat.seq):
                break
            outlet.send(self.feeds.encode(event, cursor.public))
            cursor.at = number
        cursor.reading = False
        if events:
            self.feeds.pump(cursor)

    # --- marks -------------------------------------------------------------------------------------

    def mark(self, feed: Feed, customer: bool, got: int, seen: int) -> frames.Marks | None:
        """One side got or saw more; its marks now, or None if nothing grew."""
        marks = self._set_marks(feed, customer, min(got, feed.chat.pub), min(seen, feed.chat.pub))
        if marks is not None:
            who = CUSTOMER if customer else "agent"
            self._dirty_marks[feed.chat.id, who] = Marks(feed.chat.id, who, marks.got, marks.seen)
        return marks

    @staticmethod
    def _set_marks(feed: Feed, customer: bool, got: int, seen: int) -> frames.Marks | None:
        before = feed.customer_marks if customer else feed.agent_marks
        marks = frames.Marks(max(before.got, got, seen), max(before.seen, seen))
        if marks == before:
            return None
        if customer:
            feed.customer_marks = marks
        else:
            feed.agent_marks = marks
        return marks

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
        if self._dirty_marks and not self.trouble:
            dirty, self._dirty_marks = self._dirty_marks, {}
            try:
                await self._log.save_marks(list(dirty.values()))
            except (Unavailable, Corrupt) as error:
                _log.warning("marks were not stored: %s", error)

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
        """Chats that can no longer be reopened, and that nobody reads, leave memory."""
        horizon = self._clock.now().at - self.rules.reopen_ms
        for feed in list(self.feeds.all()):
            chat = feed.chat
            desk_chat = self._desk.chats.get(chat.id)
            settled = desk_chat is None or desk_chat.seq == chat.seq
            if chat.state == "closed" and chat.closed_at < horizon and settled and not feed.cursors:
                self._desk.forget(chat.id)
                self.feeds.drop(chat.id)

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _give(entry: _Entry, decision: Decision) -> None:
    """Answer; a connection that cannot take its answer must not stop the desk."""
    try:
        entry.answer(decision)
    except Exception:
        _log.exception("an answer could not be given")


def _unheard(decision: Decision) -> None:
    if isinstance(decision, Refused):
        _log.debug("refused: %s", decision.error.code)
