"""One day of a desk: customers come, agents work through what they have, time passes in jumps."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final, Literal

from bench.routing.figures import Figures, Tally
from bench.routing.floor import Ended, Floor, Happening, Watch
from bench.routing.parameters import Parameters
from bench.routing.people import Cast, Clerk, Customer, Turn

#: How an agent chooses whom to answer next: as the console's "next" key does, or only by waiting time.
Order = Literal["next", "oldest", "newest"]

#: The console's "next" key puts promises first that have less than this left.
_SLACK: Final = 90_000
_OVER: Final = 3


class _Visit:
    """A customer on this day. ``since``: what they wait for counts from here; 0: they wait for nothing.

    ``state``: "queue", "waits" (for the owner), "promised" (looked up meanwhile), "thinks", "gone"
    (without a word: the agent does not know), "done". ``ready``: since when the owner can answer.
    ``counts``: among those that their agent sees waiting. ``stage`` counts what happened, so that a
    patience that ran out too late is known.
    """

    __slots__ = ("agent", "counts", "customer", "due", "first", "ready", "since", "stage", "state", "turn")

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.state = "queue"
        self.agent: _Worker | None = None
        self.turn = 0
        self.stage = 0
        self.since = customer.at
        self.ready = -1
        self.due = 0
        self.first = True
        self.counts = False

    @property
    def now(self) -> Turn:
        return self.customer.turns[self.turn]


class _Worker:
    """An agent on this day. ``waiting``: customers that wait for them, as far as they know."""

    __slots__ = (
        "changed",
        "clerk",
        "job",
        "last",
        "over",
        "pending",
        "until",
        "visits",
        "waiting",
        "work",
        "wrap_ups",
    )

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.visits: set[int] = set()
        #: Chats that can be answered now, in no order; a dict because a set of objects has none to rely on.
        self.pending: dict[int, _Visit] = {}
        self.wrap_ups = 0
        #: What they do: nothing, a chat, or the wrap-up of one.
        self.job: _Visit | Literal["wrap-up"] | None = None
        self.until = 0
        self.last = -1
        self.work = 0
        self.waiting = 0
        self.changed = 0
        self.over = 0


class Day:
    """Runs a cast against a `Floor` and counts what came of it."""

    def __init__(
        self, shop: Parameters, cast: Cast, floor: Floor, order: Order, watch: Watch | None = None
    ) -> None:
        self._floor = floor
        self._order = order
        self._watch = watch
        self._cast = cast
        self._switch = round(shop.agents.switch * 1_000)
        self._multitask = shop.agents.multitask
        self._wrap_up = round(shop.agents.wrap_up * 1_000)
        self._ghost = round(shop.agents.ghost * 1_000)
        self._visits = [_Visit(customer) for customer in cast.customers]
        self._workers = [_Worker(clerk) for clerk in cast.agents]
        self._tally = Tally()
        self._at = 0
        self._count = 0
        self._coming: list[tuple[int, int, Callable[[int, int], None], int, int]] = []

    def run(self) -> Figures:
        """The whole day, until the last customer has left."""
        for visit in self._visits:
            self._later(visit.customer.at, self._arrive, visit.customer.id, 0)
        while self._coming:
            due = self._floor.next_due()
            if due is not None and due < self._coming[0][0]:
                self._at = max(self._at, due)
                self._take(self._floor.due(self._at))
                continue
            self._at, _, happen, who, stage = heappop(self._coming)
            happen(who, stage)
        return self._tally.figures(
            customers=len(self._visits),
            work=[worker.work for worker in self._workers],
            over=sum(worker.over for worker in self._workers) / (len(self._workers) * self._cast.length),
            length=self._cast.length,
        )

    def _later(self, at: int, happen: Callable[[int, int], None], who: int, stage: int) -> None:
        self._count += 1
        heappush(self._coming, (at, self._count, happen, who, stage))

    # --- customers -------------------------------------------------------------------------------

    def _arrive(self, who: int, _: int) -> None:
        visit = self._visits[who]
        self._later(self._at + visit.customer.first_patience, self._lose_patience, who, visit.stage)
        self._take(self._floor.opens(self._at, who))
        if visit.agent is None and self._watch is not None:
            self._watch.entered(self._at, who)

    def _write(self, who: int, stage: int) -> None:
        visit = self._visits[who]
        if visit.stage != stage:
            return
        visit.turn += 1
        visit.since = self._at
        visit.state = "waits"
        visit.stage += 1
        self._later(self._at + visit.customer.reply_patience, self._lose_patience, who, visit.stage)
        self._wants(visit)
        self._take(self._floor.writes(self._at, who))

    def _wants(self, visit: _Visit) -> None:
        """The customer waits for their owner, as far as the owner can tell."""
        assert visit.agent is not None
        visit.ready = visit.since
        self._counts(visit, True)
        visit.agent.pending[visit.customer.id] = visit
        self._work(visit.agent)

    def _lose_patience(self, who: int, stage: int) -> None:
        visit = self._visits[who]
        if visit.stage != stage:
            return
        visit.stage += 1
        if self._watch is not None:
            self._watch.left(self._at, who)
        self._tally.left(self._at - visit.since, visit.first, visit.agent is None)
        if visit.customer.silent:
            visit.state = "gone"
            return
        worker = visit.agent
        visit.state = "done"
        if worker is not None:
            self._part(visit, worker)
        self._take(self._floor.leaves(self._at, who))
        if worker is not None:
            self._work(worker)

    def _part(self, visit: _Visit, worker: _Worker) -> None:
        """The chat is over: it is nobody's work any more, but for its wrap-up."""
        self._counts(visit, False)
        worker.pending.pop(visit.customer.id, None)
        worker.visits.discard(visit.customer.id)
        if self._watch is not None:
            self._watch.ended(self._at, visit.customer.id)
        worker.wrap_ups += 1
        if worker.job is visit:
            worker.job = None
            worker.work -= worker.until - self._at

    # --- agents ----------------------------------------------------------------------------------

    def _take(self, happenings: list[Happening]) -> None:
        for happening in happenings:
            visit = self._visits[happening.chat]
            if isinstance(happening, Ended):
                self._tally.promise(happening.how)
            else:
                self._join(visit, self._workers[happening.agent])

    def _join(self, visit: _Visit, worker: _Worker) -> None:
        if visit.agent is not None:
            raise AssertionError(f"chat {visit.customer.id} had an owner already")
        visit.agent = worker
        worker.visits.add(visit.customer.id)
        if self._watch is not None:
            self._watch.joined(self._at, visit.customer.id)
        if visit.state == "queue":
            visit.state = "waits"
        self._wants(visit)

    def _counts(self, visit: _Visit, waits: bool) -> None:
        """One more or less waits for the chat's agent: the time with three or more is theirs to bear."""
        worker = visit.agent
        if worker is None or visit.counts == waits:
            return
        visit.counts = waits
        if worker.waiting >= _OVER:
            end = self._cast.length
            worker.over += min(self._at, end) - min(worker.changed, end)
        worker.waiting += 1 if waits else -1
        worker.changed = self._at

    def _work(self, worker: _Worker) -> None:
        """If the agent is free and something is to do, they begin it."""
        if worker.job is not None:
            return
        number = worker.clerk.id
        if worker.wrap_ups:
            worker.wrap_ups -= 1
            worker.job = "wrap-up"
            worker.work += self._wrap_up
            self._later(self._at + self._wrap_up, self._wrapped_up, number, 0)
            return
        if not worker.pending:
            return
        visit = self._choose(worker)
        del worker.pending[visit.customer.id]
        base = visit.now.answer if visit.due else visit.now.work
        work = base * worker.clerk.speed * (1 + self._multitask * (len(worker.visits) - 1))
        if worker.last != visit.customer.id:
            work += self._switch
        worker.last = visit.customer.id
        worker.job = visit
        worker.work += round(work)
        worker.until = self._at + round(work)
        self._later(worker.until, self._reply, number, visit.customer.id)

    def _choose(self, worker: _Worker) -> _Visit:
        pending = worker.pending.values()
        if self._order == "newest":
            return max(pending, key=lambda visit: (visit.ready, visit.customer.id))
        if self._order == "next":
            urgent = [visit for visit in pending if visit.due and visit.due - self._at < _SLACK]
            if urgent:
                return min(urgent, key=lambda visit: (visit.due, visit.customer.id))
        return min(pending, key=lambda visit: (visit.ready, visit.customer.id))

    def _wrapped_up(self, agent: int, _: int) -> None:
        self._workers[agent].job = None
        self._work(self._workers[agent])

    def _reply(self, agent: int, who: int) -> None:
        worker, visit = self._workers[agent], self._visits[who]
        if worker.job is not visit or worker.until != self._at:
            return
        turn = visit.now
        gone = visit.state == "gone"
        promise = 0 if visit.due or gone else turn.promised
        if not gone:
            self._tally.waited(max(0, self._at - visit.since), visit.first)
            visit.first = False
        self._counts(visit, False)
        visit.due = 0
        visit.stage += 1
        self._take(self._floor.answers(self._at, agent, who, promise))
        if promise:
            visit.state = "promised"
            visit.due = visit.since = self._at + promise
            self._later(self._at + turn.lookup, self._looked_up, who, visit.stage)
            self._later(visit.due, self._overdue, who, visit.stage)
        elif not gone and visit.turn + 1 == len(visit.customer.turns):
            self._close(who, visit.stage)
        elif gone or turn.vanishes:
            visit.state = "gone"
            self._later(self._at + self._ghost, self._close, who, visit.stage)
        else:
            visit.state = "thinks"
            self._later(self._at + turn.think, self._write, who, visit.stage)
        if worker.job is visit:
            worker.job = None
        self._work(worker)

    def _looked_up(self, who: int, _: int) -> None:
        visit = self._visits[who]
        if visit.state == "done" or visit.agent is None:
            return
        visit.ready = self._at
        visit.agent.pending[who] = visit
        self._work(visit.agent)

    def _overdue(self, who: int, stage: int) -> None:
        """The promised time has come: from now on the customer waits, and their patience runs."""
        visit = self._visits[who]
        if visit.stage != stage:
            return
        self._counts(visit, True)
        self._later(self._at + visit.customer.reply_patience, self._lose_patience, who, stage)

    def _close(self, who: int, stage: int) -> None:
        visit = self._visits[who]
        if visit.stage != stage or visit.state == "done" or visit.agent is None:
            return
        worker = visit.agent
        visit.state = "done"
        visit.stage += 1
        self._part(visit, worker)
        self._take(self._floor.ends(self._at, worker.clerk.id, who))
        self._work(worker)
