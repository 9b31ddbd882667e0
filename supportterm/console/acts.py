"""What an agent or supervisor asks of the desk beside writing, each as one call.

Every act gives a sentence when it could not be kept for sending, and nothing when it is on its way: what
comes of it is shown by the events and views that answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final, Literal, Protocol

from supportterm.link.journal import Question
from supportterm.protocol.frames import (
    Abuse,
    Accept,
    Assign,
    Breather,
    CallBack,
    Command,
    Control,
    Decline,
    GiveContact,
    HandOff,
    How,
    Invite,
    Phoned,
    Recall,
    Report,
    Reread,
    SetAgent,
    SetStatus,
    Status,
    Take,
    Tell,
    Unblock,
    Uninvite,
    Why,
)
from supportterm.text import SafeText

Put = Callable[[Command], SafeText | None]
What = Literal["open", "closed", "banner", "queue", "languages", "invitations"]
Of = Literal["service", "promises", "reasons"]
By = Literal["", "day", "hour", "shop", "language", "agent"]


class Asking(Protocol):
    """What questions need of a link."""

    def ask(self, question: Question) -> None: ...


def new_id() -> str:
    """A fresh id for a command: 128 random bits, 22 characters."""
    return secrets.token_urlsafe(16)


class Acts:
    """Commands with fresh ids, through ``put``."""

    def __init__(self, link: Asking, put: Put) -> None:
        self._link: Final = link
        self._put: Final = put

    # --- me --------------------------------------------------------------------------------------

    def status(self, status: Status, reason: str = "") -> SafeText | None:
        """Go online, away (with a reason), finishing or offline."""
        return self._put(SetStatus(id=new_id(), status=status, reason=reason))

    def breather(self, chat: str, act: Literal["end", "extend"]) -> SafeText | None:
        """The time after a closed chat: end it, or extend it."""
        return self._put(Breather(id=new_id(), chat=chat, act=act))

    # --- chats that come -------------------------------------------------------------------------

    def take(self, chat: str, *, sure: bool = False) -> SafeText | None:
        """Take a waiting chat or a left message."""
        return self._put(Take(id=new_id(), chat=chat, sure=sure))

    def accept(self, chat: str) -> SafeText | None:
        """Yes to an offer or a handoff."""
        return self._put(Accept(id=new_id(), chat=chat))

    def decline(self, chat: str) -> SafeText | None:
        """No to an offer or a handoff."""
        return self._put(Decline(id=new_id(), chat=chat))

    # --- chats that go ---------------------------------------------------------------------------

    def hand_off(
        self, chat: str, *, agent: str, skill: str, reason: str, summary: str, sure: bool
    ) -> SafeText | None:
        """Hand a chat to an agent or a skill."""
        return self._put(
            HandOff(id=new_id(), chat=chat, text=summary, agent=agent, skill=skill, reason=reason, sure=sure)
        )

    def recall(self, chat: str) -> SafeText | None:
        """Take a handoff back."""
        return self._put(Recall(id=new_id(), chat=chat))

    def invite(self, chat: str, agent: str) -> SafeText | None:
        """A colleague may read along and write notes."""
        return self._put(Invite(id=new_id(), chat=chat, agent=agent))

    def uninvite(self, chat: str, agent: str) -> SafeText | None:
        """A colleague is done here."""
        return self._put(Uninvite(id=new_id(), chat=chat, agent=agent))

    def abuse(
        self, chat: str, act: Literal["warn", "end", "block"], minutes: int = 24 * 60
    ) -> SafeText | None:
        """Against abuse."""
        return self._put(Abuse(id=new_id(), chat=chat, act=act, minutes=minutes))

    # --- answering later -------------------------------------------------------------------------

    def call_back(self, chat: str, due: int, how: How, contact: str = "") -> SafeText | None:
        """Promise an answer by mail or phone by ``due``; ``contact`` "": the one that is known."""
        return self._put(CallBack(id=new_id(), chat=chat, due=due, how=how, contact=contact))

    def give_contact(self, chat: str, contact: str) -> SafeText | None:
        """Where the customer is reached: an address or a number."""
        return self._put(GiveContact(id=new_id(), chat=chat, contact=contact))

    def phoned(self, chat: str, *, reached: bool) -> SafeText | None:
        """Somebody called the customer."""
        return self._put(Phoned(id=new_id(), chat=chat, reached=reached))

    # --- being understood ------------------------------------------------------------------------

    def reread(self, chat: str, number: int) -> SafeText | None:
        """The customer's message with that public number was no answer to the summary."""
        return self._put(Reread(id=new_id(), chat=chat, re=number))

    def tell(self, chat: str, reason: str, mandate: str = "", *, id: str = "") -> SafeText | None:
        """Why the customer came, or what they were given for that; under one ``id`` only once."""
        return self._put(Tell(id=id or new_id(), chat=chat, reason=reason, mandate=mandate))

    # --- supervisors -----------------------------------------------------------------------------

    def assign(self, chat: str, agent: str) -> SafeText | None:
        """Give a chat to somebody."""
        return self._put(Assign(id=new_id(), chat=chat, agent=agent))

    def set_status(self, agent: str, status: Status) -> SafeText | None:
        """Somebody's status."""
        return self._put(SetAgent(id=new_id(), agent=agent, status=status))

    def set_ceiling(self, agent: str, points: int) -> SafeText | None:
        """Somebody's ceiling for today, in hundredths; 0: the usual one."""
        return self._put(SetAgent(id=new_id(), agent=agent, ceiling=points))

    def control(
        self, what: What, *, until: int, shop: str = "", value: int = 0, text: str = ""
    ) -> SafeText | None:
        """Change for a while what holds; ``until`` 0: not any more."""
        return self._put(Control(id=new_id(), what=what, until=until, shop=shop, value=value, text=text))

    def unblock(self, block: str) -> SafeText | None:
        """End a block."""
        return self._put(Unblock(id=new_id(), block=block))

    # --- questions -------------------------------------------------------------------------------

    def why(self, chat: str) -> None:
        """What does the desk weigh for this chat?"""
        self._link.ask(Why(chat=chat))

    def report(self, what: Of, since: int, until: int, by: By, lang: str) -> None:
        """The figures of the service, of promises, or of reasons, which are told in ``lang``."""
        self._link.ask(Report(name=what, since=since, until=until, by=by, lang=lang))
