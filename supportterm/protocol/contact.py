"""Where to reach a customer and who they are: the texts of ``contact`` and ``identified`` events, and what an
address or number looks like."""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec
from msgspec import Struct

#: Enough to catch a slip of the finger; whether it exists only a mail can tell.
_NOT: Final = r"@\s<>,;\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_ADDRESS: Final = re.compile(rf"[^{_NOT}]+@[^{_NOT}]+\.[^.{_NOT}]+")
#: Digits with what people write between them; "+" or "00" in front of a country's code.
_NUMBER: Final = re.compile(r"\+?[0-9(][0-9 ()./-]*")
#: The shortest number of an extension or a service, and the longest of E.164 with "00" and a "(0)".
_DIGITS: Final = range(5, 19)


class Reach(Struct, frozen=True, omit_defaults=True):
    """A customer's ``name`` and ``contact`` (an e-mail address or a phone number); "": not told."""

    name: str = ""
    contact: str = ""


class Identity(Struct, frozen=True, omit_defaults=True):
    """Who a customer is, as their shop has signed it: ``sub``, their number there; ``name``, ``mail`` and
    ``phone`` ("": not told). Without a number nobody is known."""

    sub: str = ""
    name: str = ""
    mail: str = ""
    phone: str = ""


class Known(Struct, frozen=True, omit_defaults=True):
    """How a customer is reached, and who they are, as the events of their chat say one after the other: the
    newest ``name``, ``mail`` and ``phone`` they told, else their shop's; ``told``: the address or number they
    told last; ``identity``: the shop's word. "": not known.
    """

    name: str = ""
    mail: str = ""
    phone: str = ""
    told: str = ""
    identity: Identity = Identity()

    def after(self, kind: str, text: str, *, moved: bool) -> Known:
        """After an event of any kind; ``moved``: the chat became its customer's with it."""
        match kind:
            case "contact":
                return self.telling(text)
            case "identified":
                return self.vouched(text, moved=moved)
            case "erased":
                return Known()
            case _:
                return self

    def telling(self, text: str) -> Known:
        """After a ``contact`` event. Of an erased one nothing is known."""
        said = read(text)
        kind = kind_of(said.contact)
        return Known(
            name=said.name or self.name,
            mail=said.contact if kind == "mail" else self.mail,
            phone=said.contact if kind == "phone" else self.phone,
            told=said.contact if kind else self.told,
            identity=self.identity,
        )

    def vouched(self, text: str, *, moved: bool) -> Known:
        """After an ``identified`` event; ``moved``: the chat became theirs with it.

        What was told before that was told by whoever had the browser, and answers to the customer must not go
        there. What they tell themselves stands beside what their shop says, which else follows the shop.
        """
        said, before = read_identity(text), self.identity
        if moved:
            return Known(said.name, said.mail, said.phone, identity=said)
        return Known(
            name=said.name if said.name and self.name in ("", before.name) else self.name,
            mail=said.mail if said.mail and self.mail in ("", before.mail) else self.mail,
            phone=said.phone if said.phone and self.phone in ("", before.phone) else self.phone,
            told=self.told,
            identity=said,
        )


def kind_of(contact: str) -> Literal["", "mail", "phone"]:
    """Which kind of contact that looks like; "" : neither."""
    if _ADDRESS.fullmatch(contact):
        return "mail"
    digits = sum(map(str.isdigit, contact))
    return "phone" if digits in _DIGITS and _NUMBER.fullmatch(contact) else ""


def read(text: str) -> Reach:
    """What a ``contact`` event says; one whose text was erased, or is none of ours, says nothing."""
    try:
        return msgspec.json.decode(text, type=Reach)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Reach()


def written(reach: Reach) -> str:
    """The text of a ``contact`` event."""
    return msgspec.json.encode({"name": reach.name, "contact": reach.contact}).decode()


def read_identity(text: str) -> Identity:
    """What an ``identified`` event says; one whose text was erased says nothing."""
    try:
        return msgspec.json.decode(text, type=Identity)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Identity()


def written_identity(identity: Identity) -> str:
    """The text of an ``identified`` event."""
    return msgspec.json.encode(identity).decode()
