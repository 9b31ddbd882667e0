"""Callbacks: promises that outlive the live chat: the answer comes by mail or by phone, or waits here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from supportterm.protocol.base import ClientFrame, Id, Number, Short

#: How a callback's answer reaches the customer, who need not stay. "here": it waits in the shop's widget for
#: who the shop knows, until they are signed in there again.
How = Literal["mail", "phone", "here"]


class CallBack(ClientFrame, frozen=True, tag="call_back"):
    """The owner answers by ``due`` (ms since 1970) by mail, phone or here, and the customer need not stay.

    ``contact``: the address or number; "" is the newest of that kind the chat has. A promise that runs
    is given this later time.
    """

    id: Id
    chat: Id
    due: Number
    how: How
    contact: Short = ""
    name: Annotated[str, Meta(max_length=80)] = ""


class Phoned(ClientFrame, frozen=True, tag="phoned"):
    """Who has the chat, or may take it, called the customer; ``reached``: and spoke to them."""

    id: Id
    chat: Id
    reached: bool
