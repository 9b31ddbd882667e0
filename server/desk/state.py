"""Everything a desk knows, and how events change it. Rules read it and add to it; only events change it.

What an event says is folded into chats, agents, queue and controls. What runs out (`Pace`,
`Deadlines`) and who is there is not in any event: it begins anew with each start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from server.desk import records
from server.desk.agent import Agent, Member
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.deadlines import Deadlines
from server.desk.events import Event, agent_of, decode_data, desk_stream
from server.desk.load import Scales
from server.desk.pace import WRAPPED, Pace
from server.desk.queue import Queue
from server.desk.rules import Now, Rules
from server.desk.usual import Usual
from server.desk.versions import newest
from server.desk.wait import WaitBook
from supportterm.protocol import kinds

_encode = msgspec.json.Encoder().encode

#: Kinds after which a chat is where it was, in the queue or with its owner, and in the same line.
_PLAIN: Final = frozenset(
    {
        "message",
        "note",
        "context",
        "contact",
        "mailing",
        "mailed",
        "seen",
        "phoned",
        "routed",
        "promised",
        "promise_extended",
        "promise_moved",
        "promise_ended",
        "made_good",
        "reread",
        "told",
    }
)
#: Kinds from which the desk learns how long something takes.
_TEACHING: Final = frozenset({"routed", "promise_ended", "made_good"})
#: Kinds after which nothing runs out that did not before.
_SILENT: Final = frozenset(
    {
        "note",
        "context",
        "contact",
        "identified",
        "mailing",
        "mailed",
        "seen",
        "phoned",
        "routed",
        "made_good",
        "reread",
        "told",
    }
)
#: Pages that were open before a restart have this long to come back.
_RETURN_MS: Final = 90_000
#: Consoles have at least this long: a while after the server went, they try again every half minute.
RECONNECT_MS: Final = 45_000


class State:
    """One desk, folded from its stream and its chats' streams. Made by `restore`, `apply`, `load`, `begin`.

    ``members`` and ``rules`` are not events: whoever makes the desk keeps them up to date.
    """

    def __init__(self, desk: str, rules: Rules, usual: Usual | None = None) -> None:
        self.id = desk
        self.rules = rules
        self.seq = 0
        self.at = 0
        self.chats: dict[str, Chat] = {}
        self.agents: dict[str, Agent] = {}
        self.members: dict[str, Member] = {}
        self.queue = Queue()
        self.open_of: dict[str, str] = {}
        #: Messages that were left, and callbacks, whose chats are not closed.
        self.left: set[str] = set()
        #: Chats that are handed to a skill, asked of somebody or not.
        self.handed: set[str] = set()
        #: Callbacks that came up and wait for their owner or the team; with some that do not any more.
        self.up: set[str] = set()
        self.paces: dict[str, Pace] = {}
        self.deadlines = Deadlines()
        self.scales = Scales(self.chats, self.paces)
        self.controls: dict[tuple[str, str], records.Control] = {}
        self.blocks: dict[str, records.Blocked] = {}
        self.waits: dict[str, WaitBook] = {}
        self.usual: Usual = Usual() if usual is None else usual
        self._stream = desk_stream(desk)

    # --- folding ---------------------------------------------------------------------------------

    def restore(self, seq: int, snapshot: bytes) -> None:
        """Begin at number ``seq`` of the desk's stream from `snapshot`'s bytes."""
        frozen = msgspec.json.decode(snapshot, type=records.Frozen)
        self.seq, self.at = seq, frozen.at
        for name, status in frozen.statuses.items():
            self.agent(name).status = status
        for name, kept in frozen.agents.items():
            agent = self.agent(name)
            agent.status, agent.reason, agent.status_at = kept.status, kept.reason, kept.status_at
            agent.silent, agent.absent, agent.gone_at = kept.silent, kept.absent, kept.gone_at
            agent.ceiling_today, agent.ceiling_until = kept.ceiling, kept.ceiling_until
            agent.slower = kept.slower
        self.controls = {(one.what, one.shop): one for one in frozen.controls}
        self.blocks = {one.chat: one for one in frozen.blocks}

    def snapshot(self) -> bytes:
        """What `restore` takes; true at number ``seq`` of the desk's stream."""
        agents = {
            agent.id: records.FrozenAgent(
                agent.status,
                agent.reason,
                agent.status_at,
                agent.silent,
                agent.absent,
                agent.ceiling_today,
                agent.ceiling_until,
                agent.gone_at,
                agent.slower,
            )
            for agent in self.agents.values()
        }
        return _encode(
            records.Frozen(self.at, agents, list(self.controls.values()), list(self.blocks.values()))
        )

    def apply(self, event: Event) -> None:
        """Fold one event of the desk's own stream or of a loaded chat."""
        if event.stream != self._stream:
            self._fold(self.chats[event.chat], event)
            return
        self.seq, self.at = event.seq, event.at
        match event.kind:
            case "status":
                status = decode_data(event, records.Status)
                agent = self.agent(status.agent)
                agent.status, agent.reason = status.status, status.reason
                agent.silent, agent.status_at = status.silent, event.at
            case "absent":
                agent = self.agent(decode_data(event, records.Absent).agent)
                agent.absent, agent.gone_at = True, event.at
            case "present":
                self.agent(decode_data(event, records.Present).agent).absent = False
            case "ceiling":
                ceiling = decode_data(event, records.Ceiling)
                agent = self.agent(ceiling.agent)
                agent.ceiling_today, agent.ceiling_until = ceiling.ceiling, ceiling.until
            case "paces":
                for agent in self.agents.values():
                    agent.slower = 0
                for name, tenths in decode_data(event, records.Paces).slower.items():
                    self.agent(name).slower = tenths
            case "control":
                control = decode_data(event, records.Control)
                self.controls[control.what, control.shop] = control
            case "control_ended":
                ended = decode_data(event, records.ControlEnded)
                self.controls.pop((ended.what, ended.shop), None)
            case "blocked":
                blocked = decode_data(event, records.Blocked)
                self.blocks[blocked.chat] = blocked
            case "unblocked":
                self.blocks.pop(decode_data(event, records.Unblocked).chat, None)
            case _:
                pass

    def load(self, chat: str, customer: str, events: Iterable[Event], now: Now) -> Chat:
        """Take in a chat from its whole stream. What runs out for it begins anew."""
        state = Chat(chat, customer)
        for event in events:
            state.apply(event)
            state.remember(event)
            self._count_offer(event)
            if event.kind in _TEACHING:
                self._learn(state, event)
        self._unindex(self.chats.get(chat))
        self.chats[chat] = state
        pace = self.paces[chat] = Pace()
        pace.begin(state, self.rules, now)
        self._index(state)
        if pace.wrap:
            self.agent(state.owner).wraps.add(chat)
        if pace.silence:
            self.agent(state.owner).unseen.add(chat)
        self.aim(chat)
        if state.promise_due:
            self.deadlines.begin(("clock", self.id), now.run)
        if state.state != "closed" and not state.page_gone and not state.left_due:
            self.deadlines.set(("page", customer), now.run + _RETURN_MS)
        return state

    def begin(self, now: Now) -> None:
        """Everything is folded: who was there before the restart has time to come back, the grace time
        or as long as it takes a console to try again, whichever is longer.

        What waits is looked at once: who let it pass and whose ramp runs is not in the log.
        """
        self.deadlines.set(("begin", self.id), now.run)
        grace = max(self.rules.presence_grace_ms, RECONNECT_MS)
        for agent in self.agents.values():
            if not agent.absent or agent.chats:
                self.deadlines.set(("gone", agent.id), now.run + grace)
            if agent.ceiling_until:
                self.deadlines.set(("ceiling", agent.id), now.run + agent.ceiling_until - now.at)
        for control in self.controls.values():
            key = ("control", f"{control.what} {control.shop}")
            self.deadlines.set(key, now.run + control.until - now.at)
        for block in self.blocks.values():
            self.deadlines.set(("block", block.chat), now.run + block.until - now.at)

    def forget(self, chat: str) -> None:
        """Drop a closed chat from memory; it can be loaded again."""
        found = self.chats.pop(chat, None)
        self._unindex(found)
        if found is not None and found.owner:
            self.agent(found.owner).wraps.discard(chat)
        self.paces.pop(chat, None)
        self.up.discard(chat)
        self.deadlines.drop(("chat", chat))

    def know(self, members: Iterable[Member]) -> None:
        """Who belongs to the desk now, from the database."""
        self.members = {member.id: member for member in members}
        for member in self.members.values():
            self.agent(member.id).member = member

    def attend(self, who: Person) -> None:
        """The agent's console is connected. That is not stored: a new desk is told before it decides."""
        agent = self.agent(who.id)
        if who.id not in self.members:
            agent.member = Member(who.id, who.name, who.title or "agent")
        agent.present = True
        self.deadlines.drop(("gone", agent.id))

    def agent(self, agent: str) -> Agent:
        """The agent, made if the desk has not heard of them yet."""
        found = self.agents.get(agent)
        if found is None:
            found = self.agents[agent] = Agent(agent)
        return found

    def book(self, chat: Chat) -> WaitBook:
        """What is known about waits like this chat's."""
        key = f"{chat.shop} {chat.skill} {' '.join(sorted(chat.langs))}"
        found = self.waits.get(key)
        if found is None:
            found = self.waits[key] = WaitBook()
        return found

    # --- adding ------------------------------------------------------------------------------------

    def add(
        self,
        chat: Chat,
        kind: str,
        actor: str,
        now: Now,
        *,
        name: str = "",
        cid: str = "",
        digest: bytes = b"",
        data: Struct | None = None,
        text: str = "",
    ) -> Event:
        """The chat's next event, already folded."""
        event = Event(
            stream=chat.stream,
            seq=chat.seq + 1,
            pub=0 if kind in kinds.HIDDEN else chat.pub + 1,
            at=now.at if now.at > chat.at else chat.at,
            kind=kind,
            actor=actor,
            name=name,
            cid=cid,
            digest=digest,
            data=_encode(data) if data is not None else b"",
            text=text,
            v=newest(kind),
        )
        self._fold(chat, event)
        if kind == "message":
            self._said(chat, now)
            return event
        if kind in _TEACHING:
            self._learn(chat, event)
        if kind not in _SILENT:
            self._keep_pace(chat, event, now)
        return event

    def add_own(self, kind: str, actor: str, now: Now, data: Struct, name: str = "") -> Event:
        """The next event of the desk's own stream, already folded."""
        event = Event(
            stream=self._stream,
            seq=self.seq + 1,
            pub=0,
            at=max(now.at, self.at),
            kind=kind,
            actor=actor,
            name=name,
            data=_encode(data),
            v=newest(kind),
        )
        self.apply(event)
        return event

    def aim(self, chat: str) -> None:
        """Look at the chat again when the first thing runs out for it; a closed one has only its wrap-up."""
        pace = self.paces[chat]
        if self.chats[chat].state != "closed":
            self.deadlines.set(("chat", chat), pace.next(self.rules.idle_close_ms))
        elif pace.wrap:
            self.deadlines.set(("chat", chat), pace.wrap)
        else:
            self.deadlines.drop(("chat", chat))

    def wait_apart(self, chat: Chat) -> None:
        """Somebody let the queued chat pass: it keeps nobody behind it waiting. Or that is over."""
        self.queue.remove(chat)
        self.queue.add(chat, apart=bool(self.paces[chat.id].passed))

    def _said(self, chat: Chat, now: Now) -> None:
        """`_keep_pace` for a message, on whose way nothing may cost more than it must.

        What runs out is later than before, or new; looking too early costs less, now and then, than
        looking through all of it each time. While a customer waits there is mostly nothing.
        """
        pace = self._spoke(chat, now)
        if pace.quiet or pace.nudge or pace.gone or pace.rescue:
            moments = (pace.quiet, pace.nudge, pace.gone, pace.rescue, pace.look)
            self.deadlines.advance(("chat", chat.id), moments)

    def _spoke(self, chat: Chat, now: Now) -> Pace:
        pace, rules = self.paces[chat.id], self.rules
        pace.spoke(chat, rules, now)
        if pace.away and not chat.page_gone:
            pace.is_back(chat, rules, now)
        if chat.heard:
            pace.silence = 0
        if pace.rescue and not chat.broken_at:
            pace.rescue_at(0)
        if chat.page_gone and not chat.waiting_since:
            pace.await_return(rules, now)
        return pace

    def _keep_pace(self, chat: Chat, event: Event, now: Now) -> None:
        pace, rules, kind = self.paces[chat.id], self.rules, event.kind
        match kind:
            case "opened" | "reopened":
                self._spoke(chat, now)
            case "joined":
                pace.assigned()
                pace.spoke(chat, rules, now)
                pace.await_rescue(chat, rules, now)
            case "unassigned" | "requeued" | "left":
                pace.waits()
                pace.await_callback(chat, rules, now)
                self._await_step(chat, now)
            case "promised":
                pace.promise = pace.promise_first = now.run + chat.promise_due - now.at
                pace.nudge = 0
            case "promise_extended":
                pace.promise = now.run + chat.promise_due - now.at
            case "promise_ended":
                pace.promise = pace.promise_first = 0
                pace.await_customer(chat, rules, now)
                pace.await_rescue(chat, rules, now)
                if chat.lapsed_at:
                    pace.active = now.run
                    pace.await_return(rules, now)
            case "bounced":
                pace.active = now.run
                if not chat.page_gone:
                    pace.gone = pace.away = 0
                # Only what runs again with it: a time given meanwhile goes by its own clock.
                bounced = decode_data(event, kinds.Bounced)
                if bounced.due_at:
                    pace.promise = now.run + chat.promise_due - now.at
                    pace.promise_first = now.run + chat.promise_first - now.at
                if bounced.late_at:
                    pace.late = now.run + chat.late_at - now.at
            case "nudged":
                pace.close = now.run + rules.nudged_close_ms
            case "time_needed":
                pace.close = now.run + rules.need_time_ms + rules.nudged_close_ms
            case "page_gone":
                pace.left_page(chat, rules, now)
            case "page_back":
                pace.is_back(chat, rules, now)
            case "callback":
                # Whether they have a page open means nothing now.
                pace.gone = pace.away = 0
            case "closed":
                pace.ended()
                if chat.owner and chat.closed_for in WRAPPED and self.agent(chat.owner).present:
                    breather = rules.breather(chat.closed_for)
                    pace.wrap = now.run + breather if breather else 0
                    if pace.wrap:
                        self.agent(chat.owner).wraps.add(chat.id)
            case _:
                pass
        if kind == "reopened" and chat.owner:
            self.agent(chat.owner).wraps.discard(chat.id)
            pace.wrap = 0
        elif kind == "reopened":
            self._await_step(chat, now)
        self.aim(chat.id)

    def _await_step(self, chat: Chat, now: Now) -> None:
        """It waits for anybody: what its shop falls back to counts from when it began to wait."""
        if chat.state == "queued":
            self.paces[chat.id].await_step(chat, now.run - max(0, now.at - chat.queued_at), now.run)

    def _fold(self, chat: Chat, event: Event) -> None:
        # A customer who writes in a callback makes a live chat of it, and is there again.
        moves = event.kind == "message" and (chat.callback or chat.page_gone)
        if event.kind in _PLAIN and not moves:
            chat.apply(event)
        else:
            self._unindex(chat)
            chat.apply(event)
            self._index(chat)
            self._count_offer(event)
        chat.remember(event)

    def _count_offer(self, event: Event) -> None:
        """A chat came to an agent, or they were asked to take it: that decides ties between equal loads."""
        match event.kind:
            case "joined":
                agent = self.agent(agent_of(event.actor))
            case "offered":
                agent = self.agent(decode_data(event, kinds.Offered).agent)
            case _:
                return
        agent.offered_at = max(agent.offered_at, event.at)

    def _learn(self, chat: Chat, event: Event) -> None:
        if event.kind != "routed":
            if chat.took_ms and (agent := agent_of(event.actor)):
                self.usual.took(agent, event.at, chat.took_ms)
            return
        routed = decode_data(event, kinds.Routed)
        if routed.how in ("load", "last") and routed.waited_ms:
            self.book(chat).took(event.at, routed.waited_ms, routed.expected_ms)

    def _index(self, chat: Chat) -> None:
        if chat.state == "queued":
            self.queue.add(chat, apart=bool(self.paces[chat.id].passed))
        if chat.state == "open":
            self.agent(chat.owner).chats.add(chat.id)
        if chat.offered:
            self.agent(chat.offered).offers.add(chat.id)
        if chat.handoff is not None and chat.handoff.skill:
            self.handed.add(chat.id)
        if chat.state != "closed":
            self.open_of[chat.customer] = chat.id
            if chat.left_due:
                self.left.add(chat.id)

    def _unindex(self, chat: Chat | None) -> None:
        if chat is None:
            return
        if chat.state == "queued":
            self.queue.remove(chat)
        if chat.owner:
            self.agent(chat.owner).chats.discard(chat.id)
        if chat.offered:
            self.agent(chat.offered).offers.discard(chat.id)
        self.handed.discard(chat.id)
        self.left.discard(chat.id)
        if self.open_of.get(chat.customer) == chat.id:
            del self.open_of[chat.customer]
