"""Chats with an answer in them that is to be mailed, event by event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from server.desk.events import CUSTOMER, DESK, Event, agent_actor, chat_stream
from supportterm.protocol import contact, kinds

#: 1 May 2026, 10:00:00 UTC.
BEGUN: Final = 1_777_629_600_000
CHAT: Final = "a-chat-that-was-left"
SANNE: Final = agent_actor("sanne")


class Story:
    """Builds a chat's stream; each call adds an event, a second after the one before."""

    def __init__(self, chat: str = CHAT, begun: int = BEGUN) -> None:
        self.chat = chat
        self.events: list[Event] = []
        self._begun = begun
        self.pub = 0

    def add(
        self, kind: str, actor: str = DESK, data: Struct | None = None, text: str = "", name: str = ""
    ) -> Event:
        self.pub += kind in kinds.PUBLIC
        event = Event(
            chat_stream(self.chat),
            len(self.events) + 1,
            self.pub if kind in kinds.PUBLIC else 0,
            self._begun + len(self.events) * 1_000,
            kind,
            actor,
            name=name,
            data=msgspec.json.encode(data) if data is not None else b"",
            text=text,
        )
        self.events.append(event)
        return event

    def opened(self, lang: str = "en", page: str = "https://www.acme.example/tyres?size=28") -> Story:
        self.add("opened", CUSTOMER, kinds.Opened("acme", lang))
        self.add("context", CUSTOMER, kinds.Context("hash"), text=page)
        return self

    def customer(self, *texts: str) -> Story:
        for text in texts:
            self.add("message", CUSTOMER, text=text)
        return self

    def agent(self, *texts: str, name: str = "Sanne", data: kinds.Message | None = None) -> Story:
        for text in texts:
            self.add("message", SANNE, data, text=text, name=name)
        return self

    def contact(self, address: str, name: str = "") -> Story:
        self.add("contact", CUSTOMER, text=contact.written(contact.Reach(name, address)))
        return self

    def mailing(self, after: int = 0) -> int:
        """Decide to mail what was said since; its number."""
        self.add("mailing", DESK, kinds.Mailing(self.pub, after))
        return self.pub

    def mailed(self, upto: int, how: str = "accepted") -> Story:
        self.add("mailed", DESK, kinds.Mailed(upto, "accepted" if how == "accepted" else "refused"))
        return self

    def seen(self, upto: int) -> Story:
        self.add("seen", DESK, kinds.Seen(upto))
        return self

    def erased(self) -> Story:
        """As the store leaves it: every text is gone, and an event says so."""
        gone: Sequence[Event] = [msgspec.structs.replace(e, text="", erased=True) for e in self.events]
        self.events = list(gone)
        self.add("erased", DESK, kinds.Erased())
        return self


def left_message(lang: str = "en", chat: str = CHAT, begun: int = BEGUN) -> Story:
    """Anna asked, left her address, and Sanne answered."""
    story = Story(chat, begun).opened(lang).customer("Where is my tyre?").contact("anna@example.org", "Anna")
    story.add("left", CUSTOMER, kinds.Left(begun + 3_600_000))
    return story.agent("It is in Utrecht, and comes tomorrow.")
