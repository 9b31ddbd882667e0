"""What only a customer asks of a desk: a message left, an answer to the desk's question, a little time."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from supportterm.protocol.base import ClientFrame, Id, Lang, NewId, Short, Text


class LeaveMessage(ClientFrame, frozen=True, tag="leave"):
    """A question for later, when nobody can be there in time. ``chat`` is a new one, or one that waits.

    ``contact`` is where an answer may go besides the widget (an e-mail address); it may be empty.
    """

    id: Id
    chat: NewId
    text: Text
    name: Annotated[str, Meta(max_length=80)] = ""
    contact: Annotated[str, Meta(max_length=200)] = ""
    lang: Lang = ""
    topic: Short = ""
    page: Annotated[str, Meta(max_length=2_000)] = ""


class ChooseLanguage(ClientFrame, frozen=True, tag="choose"):
    """The answer to ``language_asked``: another language now, or wait for one's own."""

    id: Id
    chat: Id
    choice: Literal["now", "wait"]


class NeedTime(ClientFrame, frozen=True, tag="need_time"):
    """ "I need five minutes": the chat is not closed for silence meanwhile."""

    id: Id
    chat: Id


class GiveContact(ClientFrame, frozen=True, tag="give_contact"):
    """Where to answer the customer if they do not stay: an e-mail address or a phone number.

    Told by the customer, or by who has the chat. Nothing is promised by that: an agent who sees it can
    promise a callback. Answered by ``ok``.
    """

    id: Id
    chat: Id
    contact: Annotated[str, Meta(min_length=1, max_length=200)]
    name: Annotated[str, Meta(max_length=80)] = ""
