"""The rules of one desk: who may do what, and what happens then."""

from __future__ import annotations

import hashlib
import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Final, Literal

import msgspec
from msgspec import Struct

from server.desk import commands
from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, Refused, Repeated, refuse
from server.desk.events import CUSTOMER, DESK, Event, agent_actor, chat_stream, decode_data, desk_stream
from server.desk.rules import Now, Rules
from server.desk.versions import newest
from supportterm.protocol import frames, kinds
from supportterm.protocol.limits import TEXT_CODE_POINTS

_encode = msgspec.json.Encoder().encode
_NOTHING = b""
_KIND: Final = {frames.Say: "message", frames.Note: "note"}
#: Kinds after which a chat is where it was, in the queue or with its owner.
_PLAIN: Final = frozenset(_KIND.values())


class AgentStatus(Struct, frozen=True):
    """Data of a desk event ``status``."""

    agent: str
    status: str


class _Frozen(Struct, frozen=True):
    """A desk's own state as a snapshot keeps it."""

    statuses: dict[str, str]
    at: int = 0


class Desk:
    """The state of a desk, folded from its stream and its chats' streams, and its decisions.

    `decide` applies what it decides at once, before anything is stored: decisions follow one another
    without locks. If storing fails, the caller throws this object away and folds a new one.
    """

    def __init__(self, desk: str, rules: Rules) -> None:
        self.id = desk
        self.rules = rules
        self.seq = 0
        self.at = 0
        self.chats: dict[str, Chat] = {}
        self.agents: dict[str, Agent] = {}
        self.queue: list[tuple[int, str]] = []
        self._open_of: dict[str, str] = {}
        #: Agents that dropped and may be back: when their absence counts, on the running clock.
        self._gone: dict[str, int] = {}
        # Idle times run on the running clock; one entry per watched chat, corrected when it comes up.
        self._idle: list[tuple[int, str]] = []
        self._watched: set[str] = set()
        self._active: dict[str, int] = {}
        self._stream = desk_stream(desk)

    # --- folding ---------------------------------------------------------------------------------

    def restore(self, seq: int, snapshot: bytes) -> None:
        """Begin at number ``seq`` of the desk's stream from `snapshot`'s bytes."""
        frozen = msgspec.json.decode(snapshot, type=_Frozen)
        self.seq, self.at = seq, frozen.at
        for agent, status in frozen.statuses.items():
            self._agent(agent).status = status

    def snapshot(self) -> bytes:
        """What `restore` takes; true at number ``seq`` of the desk's stream."""
        return _encode(_Frozen({agent.id: agent.status for agent in self.agents.values()}, self.at))

    def load(self, chat: str, customer: str, events: Iterable[Event], now: Now) -> Chat:
        """Take in a chat from its whole stream. Its idle time and its owner's grace begin anew."""
        state = Chat(chat, customer)
        for event in events:
            state.apply(event)
            state.remember(event)
            if event.kind == "joined":
                agent = self._agent(event.actor.removeprefix("agent:"))
                agent.offered_at = max(agent.offered_at, event.at)
        self._unindex(self.chats.get(chat))
        self.chats[chat] = state
        self._index(state)
        self._watch(state, now)
        if state.state == "open" and not self._agent(state.owner).present:
            self._gone.setdefault(state.owner, now.run + self.rules.presence_grace_ms)
        return state

    def forget(self, chat: str) -> None:
        """Drop a closed chat from memory; it can be loaded again."""
        self._unindex(self.chats.pop(chat, None))
        self._active.pop(chat, None)

    def apply(self, event: Event) -> None:
        """Fold one event of the desk's own stream or of a loaded chat."""
        if event.stream == self._stream:
            self.seq, self.at = event.seq, event.at
            if event.kind == "status":
                status = decode_data(event, AgentStatus)
                self._agent(status.agent).status = status.status
            return
        self._fold(self.chats[event.chat], event)

    def _fold(self, chat: Chat, event: Event) -> None:
        if event.kind in _PLAIN:
            chat.apply(event)
        else:
            self._unindex(chat)
            chat.apply(event)
            self._index(chat)
            if event.kind == "joined":
                agent = self._agent(chat.owner)
                agent.offered_at = max(agent.offered_at, event.at)
        chat.remember(event)

    def _agent(self, agent: str) -> Agent:
        found = self.agents.get(agent)
        if found is None:
            found = self.agents[agent] = Agent(agent)
        return found

    def _index(self, chat: Chat) -> None:
        if chat.state == "queued":
            insort(self.queue, (chat.queued_at, chat.id))
        if chat.state == "open":
            self._agent(chat.owner).chats.add(chat.id)
        if chat.state != "closed":
            self._open_of[chat.customer] = chat.id

    def _unindex(self, chat: Chat | None) -> None:
        if chat is None:
            return
        place = (chat.queued_at, chat.id)
        at = bisect_left(self.queue, place)
        if at < len(self.queue) and self.queue[at] == place:
            del self.queue[at]
        if chat.owner:
            self._agent(chat.owner).chats.discard(chat.id)
        if self._open_of.get(chat.customer) == chat.id:
            del self._open_of[chat.customer]

    def attend(self, who: Person) -> None:
        """The agent's console is connected. That is not stored: a new desk is told before it decides."""
        agent = self._agent(who.id)
        agent.name, agent.limit = who.name, who.limit
        agent.present, agent.retired = True, False
        self._gone.pop(agent.id, None)

    # --- asking ----------------------------------------------------------------------------------

    def decide(self, who: Person, command: commands.Command, now: Now) -> Decision:
        """Decide one command and apply the outcome. A refusal changes nothing."""
        match command:
            case frames.Say() | frames.Note():
                return self._write(who, command, now, _NOTHING)
            case commands.Masked():
                data = _encode(kinds.Message(masked=command.count))
                return self._write(who, command.command, now, data)
            case frames.Open():
                return self._open(who, command, now)
            case frames.CloseChat():
                return self._close(who, command, now)
            case frames.Reopen():
                return self._reopen(who, command, now)
            case frames.SetStatus():
                return self._set_status(who, command, now)
            case commands.Arrive():
                return self._arrive(who, now)
            case commands.Leave():
                return self._leave(who, now)
            case commands.Retire():
                return self._retire(command, now)
            case commands.Erase():
                return self._erase(command, now)
            case commands.Due():
                return self._due(now)

    def attended(self) -> bool:
        """Whether somebody is there to answer: online, and not gone for longer than the grace time."""
        return any(
            agent.status == "online" and (agent.present or agent.id in self._gone)
            for agent in self.agents.values()
        )

    def next_due(self) -> int | None:
        """When `commands.Due` should come next, on the running clock; None: nothing is waited for."""
        dues = list(self._gone.values())
        if self._idle:
            dues.append(self._idle[0][0])
        return min(dues, default=None)

    # --- what people do --------------------------------------------------------------------------

    def _write(self, who: Person, command: frames.Say | frames.Note, now: Now, data: bytes) -> Decision:
        chat = self.chats.get(command.chat)
        if chat is None:
            return refuse("no_chat")
        kind, cid, text = _KIND[type(command)], command.id, command.text
        actor = _actor(who)
        digest = _digest(kind, text)
        before = _before(chat, who, cid, digest)
        if before is not None:
            return before
        if kind == "note" and who.role != "agent":
            return refuse("not_allowed")
        if not text or text.isspace():
            return refuse("bad_text")
        if len(text) > TEXT_CODE_POINTS:
            return refuse("text_too_long")
        if chat.state == "closed" and kind == "message":
            if who.role != "customer" or not self._reopens(chat, now):
                return refuse("chat_closed")
            events = self._reopening(chat, who, now)
            events.append(self._add(chat, kind, actor, now, who.name, cid, digest, data, text))
            return Decided(events + self._offer(now))
        return Decided([self._add(chat, kind, actor, now, who.name, cid, digest, data, text)])

    def _open(self, who: Person, command: frames.Open, now: Now) -> Decision:
        if who.role != "customer":
            return refuse("not_allowed")
        digest = _digest("opened", command.chat)
        chat = self.chats.get(command.chat)
        if chat is not None:
            known = chat.cids.get(command.id) if chat.readable_by(who) else None
            return refuse("id_conflict") if known is None else _repeated(known, CUSTOMER, digest)
        other = self._open_of.get(who.id)
        if other is not None:
            return refuse("already_open", other)
        chat = self.chats[command.chat] = Chat(command.chat, who.id)
        data = _encode(kinds.Opened(shop=who.shop, lang=command.lang))
        events = [self._add(chat, "opened", CUSTOMER, now, cid=command.id, digest=digest, data=data)]
        if command.page:
            events.append(self._add(chat, "context", CUSTOMER, now, text=command.page))
        self._watch(chat, now)
        return Decided(events + self._offer(now))

    def _close(self, who: Person, command: frames.CloseChat, now: Now) -> Decision:
        chat = self.chats.get(command.chat)
        if chat is None:
            return refuse("no_chat")
        actor = _actor(who)
        digest = _digest("closed", command.chat)
        before = _before(chat, who, command.id, digest)
        if before is not None:
            return before
        if chat.state == "closed":
            return refuse("already")
        reason: Literal["customer", "agent"] = "customer" if who.role == "customer" else "agent"
        data = _encode(kinds.Closed(reason=reason))
        events = [self._add(chat, "closed", actor, now, who.name, command.id, digest, data)]
        return Decided(events + self._offer(now))

    def _reopen(self, who: Person, command: frames.Reopen, now: Now) -> Decision:
        chat = self.chats.get(command.chat)
        if chat is None:
            return refuse("no_chat")
        digest = _digest("reopened", command.chat)
        before = _before(chat, who, command.id, digest)
        if before is not None:
            return before
        if chat.state != "closed":
            return refuse("already")
        if not self._reopens(chat, now):
            return refuse("chat_closed")
        return Decided(self._reopening(chat, who, now, command.id, digest) + self._offer(now))

    def _reopens(self, chat: Chat, now: Now) -> bool:
        newer = self._open_of.get(chat.customer)
        return newer is None and now.at - chat.closed_at <= self.rules.reopen_ms

    def _reopening(
        self, chat: Chat, who: Person, now: Now, cid: str = "", digest: bytes = b""
    ) -> list[Event]:
        events = [self._add(chat, "reopened", _actor(who), now, who.name, cid, digest)]
        owner = self.agents.get(chat.owner)
        returns_to_owner = who.role == "agent" or (owner is not None and self._free(owner))
        if chat.owner and not returns_to_owner:
            data = _encode(kinds.Requeued(reason="reopened"))
            events.append(self._add(chat, "requeued", DESK, now, data=data))
        self._watch(chat, now)
        return events

    def _set_status(self, who: Person, command: frames.SetStatus, now: Now) -> Decision:
        if who.role != "agent":
            return refuse("not_allowed")
        if self._agent(who.id).status == command.status:
            return Decided([])
        data = _encode(AgentStatus(agent=who.id, status=command.status))
        event = Event(
            stream=self._stream,
            seq=self.seq + 1,
            pub=0,
            at=max(now.at, self.at),
            kind="status",
            actor=agent_actor(who.id),
            name=who.name,
            data=data,
            v=newest("status"),
        )
        self.apply(event)
        return Decided([event, *self._offer(now)])

    # --- what happens around them ------------------------------------------------------------------

    def _arrive(self, who: Person, now: Now) -> Decision:
        self.attend(who)
        return Decided(self._offer(now))

    def _leave(self, who: Person, now: Now) -> Decision:
        agent = self._agent(who.id)
        if agent.present:
            agent.present = False
            self._gone[agent.id] = now.run + self.rules.presence_grace_ms
        return Decided([])

    def _retire(self, command: commands.Retire, now: Now) -> Decision:
        agent = self._agent(command.agent)
        agent.present, agent.retired = False, True
        self._gone.pop(agent.id, None)
        return Decided(self._scatter(agent, now) + self._offer(now))

    def _scatter(self, agent: Agent, now: Now) -> list[Event]:
        """The agent is gone: their chats wait for somebody else."""
        data = _encode(kinds.Requeued(reason="agent_gone"))
        return [self._add(self.chats[chat], "requeued", DESK, now, data=data) for chat in sorted(agent.chats)]

    def _erase(self, command: commands.Erase, now: Now) -> Decision:
        chat = self.chats.get(command.chat)
        if chat is None:
            return refuse("no_chat")
        chat.cids = {cid: (a, seq, pub, b"") for cid, (a, seq, pub, _) in chat.cids.items()}
        return Decided([self._add(chat, "erased", DESK, now)])

    def _due(self, now: Now) -> Decision:
        events: list[Event] = []
        for agent in sorted(agent for agent, run in self._gone.items() if run <= now.run):
            del self._gone[agent]
            events += self._scatter(self.agents[agent], now)
        while self._idle and self._idle[0][0] <= now.run:
            _, chat_id = heapq.heappop(self._idle)
            self._watched.discard(chat_id)
            chat = self.chats.get(chat_id)
            if chat is None or chat.state == "closed":
                continue
            due = self._active[chat_id] + self.rules.idle_close_ms
            if due <= now.run:
                data = _encode(kinds.Closed(reason="idle"))
                events.append(self._add(chat, "closed", DESK, now, data=data))
            else:
                self._expect(due, chat_id)
        return Decided(events + self._offer(now))

    def _watch(self, chat: Chat, now: Now) -> None:
        self._active[chat.id] = now.run
        if chat.state != "closed":
            self._expect(now.run + self.rules.idle_close_ms, chat.id)

    def _expect(self, due: int, chat: str) -> None:
        if chat not in self._watched:
            self._watched.add(chat)
            heapq.heappush(self._idle, (due, chat))

    # --- routing -----------------------------------------------------------------------------------

    def _free(self, agent: Agent) -> bool:
        limit = agent.limit or self.rules.chat_limit
        return agent.present and not agent.retired and agent.status == "online" and len(agent.chats) < limit

    def _offer(self, now: Now) -> list[Event]:
        """Hand the queue out, first come first served, to the free agent with the fewest open chats."""
        events: list[Event] = []
        while self.queue:
            free = [agent for agent in self.agents.values() if self._free(agent)]
            if not free:
                break
            agent = min(free, key=lambda a: (len(a.chats), a.offered_at, a.id))
            chat = self.chats[self.queue[0][1]]
            why = kinds.Routed(
                agent=agent.id, open=len(agent.chats), limit=agent.limit or self.rules.chat_limit
            )
            events.append(self._add(chat, "routed", DESK, now, data=_encode(why)))
            joined = _encode(kinds.Joined(name=agent.name))
            events.append(self._add(chat, "joined", agent_actor(agent.id), now, agent.name, data=joined))
        return events

    # --- making events -----------------------------------------------------------------------------

    def _add(
        self,
        chat: Chat,
        kind: str,
        actor: str,
        now: Now,
        name: str = "",
        cid: str = "",
        digest: bytes = b"",
        data: bytes = b"",
        text: str = "",
    ) -> Event:
        event = Event(
            stream=chat_stream(chat.id),
            seq=chat.seq + 1,
            pub=0 if kind in kinds.HIDDEN else chat.pub + 1,
            at=max(now.at, chat.at),
            kind=kind,
            actor=actor,
            name=name,
            cid=cid,
            digest=digest,
            data=data,
            text=text,
            v=newest(kind),
        )
        self._fold(chat, event)
        self._active[chat.id] = now.run
        return event


def _actor(who: Person) -> str:
    return CUSTOMER if who.role == "customer" else agent_actor(who.id)


def _digest(kind: str, text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8, person=kind.encode()).digest()


def _before(chat: Chat, who: Person, cid: str, digest: bytes) -> Decision | None:
    """The answer to a command that is not to be decided: already decided, or about somebody else's chat.

    An agent whose chat went to somebody else before the answer came still learns that it was stored.
    """
    mine = chat.readable_by(who)
    known = chat.cids.get(cid)
    if known is not None and (mine or (who.role == "agent" and known[0] == _actor(who))):
        return _repeated(known, _actor(who), digest)
    return None if mine else refuse("no_chat")


def _repeated(known: tuple[str, int, int, bytes], actor: str, digest: bytes) -> Repeated | Refused:
    who, seq, pub, before = known
    # An erased text leaves no digest: such a repetition is taken at its word.
    if who != actor or (before and before != digest):
        return refuse("id_conflict")
    return Repeated(seq, pub)
