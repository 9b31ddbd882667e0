"""Chats to store, in few words."""

from __future__ import annotations

from server.desk.events import CUSTOMER, DESK, Event, agent_actor, chat_stream, desk_stream
from server.store.interface import Append, Origin


class Story:
    """A chat written event by event; each call makes the next event, and `since` hands them out."""

    def __init__(self, chat: str, customer: str = "cust-1", desk: str = "main", shop: str = "acme") -> None:
        self.chat = chat
        self.stream = chat_stream(chat)
        self.origin = Origin(desk, shop, customer, b"token of " + customer.encode())
        self.events: list[Event] = []
        self._taken = 0

    def add(self, kind: str, actor: str, *, at: int = 0, hidden: bool = False, **rest: object) -> Event:
        pub = 0 if hidden else 1 + max((event.pub for event in self.events), default=0)
        seq = len(self.events) + 1
        event = Event(self.stream, seq, pub, at or 1_000 * seq, kind, actor, **rest)  # type: ignore[arg-type]
        self.events.append(event)
        return event

    def opened(self, at: int = 0) -> Event:
        return self.add(
            "opened", CUSTOMER, at=at, cid=f"open-{self.chat}", data=b'{"shop":"acme","lang":"en"}'
        )

    def message(self, text: str, agent: str = "", name: str = "", at: int = 0) -> Event:
        actor = agent_actor(agent) if agent else CUSTOMER
        cid = f"{self.chat}-{len(self.events) + 1}"
        return self.add("message", actor, at=at, cid=cid, digest=b"digest 8", text=text, name=name)

    def note(self, text: str, agent: str = "anna") -> Event:
        return self.add("note", agent_actor(agent), hidden=True, digest=b"digest 8", text=text)

    def joined(self, agent: str = "anna") -> Event:
        return self.add("joined", agent_actor(agent), name=agent.capitalize())

    def closed(self, at: int = 0) -> Event:
        return self.add("closed", agent_actor("anna"), at=at, data=b'{"reason":"agent"}')

    def reopened(self) -> Event:
        return self.add("reopened", CUSTOMER)

    def requeued(self) -> Event:
        return self.add("requeued", DESK, data=b'{"reason":"reopened"}')

    def unassigned(self) -> Event:
        return self.add("unassigned", DESK, hidden=True, data=b'{"reason":"absent","agent":"anna"}')

    def unanswered(self) -> Event:
        """The same of a left message."""
        data = b'{"reason":"absent","agent":"anna","left":true}'
        return self.add("unassigned", DESK, hidden=True, data=data)

    def left(self) -> Event:
        return self.add("left", CUSTOMER, data=b'{"due_at":5}')

    def erased(self) -> Event:
        return self.add("erased", DESK)

    def since(self) -> Append:
        """What was added since the last time."""
        events = self.events[self._taken :]
        write = Append(self.stream, self._taken, events, None if self._taken else self.origin)
        self._taken = len(self.events)
        return write


def opened(chat: str, customer: str = "cust-1", desk: str = "main", *texts: str) -> Story:
    """A chat that was opened, and in which the customer wrote ``texts``."""
    story = Story(chat, customer, desk)
    story.opened()
    for text in texts:
        story.message(text)
    return story


def status(seq: int, desk: str = "main") -> Append:
    """One event of the desk's own stream."""
    stream = desk_stream(desk)
    return Append(stream, seq - 1, [Event(stream, seq, 0, seq, "status", agent_actor("anna"), data=b"{}")])
