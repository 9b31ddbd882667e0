"""Which customer an operator means: by an id, or by what a console and a letter say of them.

Somebody who asks for what is held about them, or to have it removed, gives an address or a number; the agent
who was asked sees "Customer 33BF". Only what is exactly the same fits, so that nobody else is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from server.administration.needs import Failed, Records
from server.desk.events import Event, since_theirs
from server.settings import Settings
from supportterm.protocol import contact
from supportterm.protocol.tag import tag_of
from supportterm.text.safe import safe_line

#: A customer's number in their shop may be one letter; of others, and of tags, no sign is left out.
_TAG: Final = re.compile(r"[0-9a-fA-F]{4}")
#: More than these say nothing that the first ones do not.
_SHOWN: Final = 20


class Person(Struct, frozen=True):
    """A customer that fits. ``id`` names them, or the chat that was asked for, which goes where they go;
    ``name``: what they call themselves, else the tag of their newest chat, of ``last`` (ms since 1970)."""

    id: str
    customer: str
    name: str
    shop: str
    chats: int
    last: int


class Persons:
    """Finds customers in ``records``."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def find(self, person: str) -> list[Person]:
        """Everybody who fits, who wrote last first. An id is nothing else."""
        row = await self._records.row(person)
        if row is not None:
            return [await self._person(row.customer, person)]
        if await self._records.chats_of(person, 1):
            return [await self._person(person, person)]
        customers = [await self._customer(chat) for chat in await self._chats(person.strip())]
        found = [await self._person(customer, customer) for customer in dict.fromkeys(customers) if customer]
        return sorted(found, key=lambda one: (-one.last, one.id))

    async def one(self, person: str, settings: Settings) -> Person:
        """The only one who fits. Raises `Failed` for nobody, and for several with a list of them."""
        found = await self.find(person)
        if not found:
            raise Failed(UNKNOWN)
        if len(found) > 1:
            raise Failed(_several(person, found, settings))
        return found[0]

    async def _chats(self, said: str) -> list[str]:
        """The chats that are called so, or whose customer told that or is that for their shop."""
        found: dict[str, None] = {}
        if _TAG.fullmatch(said):
            async for chats in self._records.chat_ids():
                found |= dict.fromkeys(chat for chat in chats if tag_of(chat) == said.upper())
        wanted = _wanted(said)
        async for chats in self._records.reachable():
            for chat in chats:
                if chat not in found and wanted & _held(await self._records.contacts(chat)):
                    found[chat] = None
        return list(found)

    async def _customer(self, chat: str) -> str:
        row = await self._records.row(chat)
        return row.customer if row is not None else ""

    async def _person(self, customer: str, id: str) -> Person:
        rows = await self._records.chats_of(customer, -1)
        newest = rows[0]
        name = ""
        for row in rows:
            known = contact.Known()
            for event in since_theirs(await self._records.contacts(row.chat)):
                known = known.after(event.kind, event.text, moved=False)
            if known.name:
                name = known.name
                break
        return Person(id, customer, name or tag_of(newest.chat), newest.shop, len(rows), newest.opened_at)


def _wanted(said: str) -> set[tuple[str, str]]:
    """What to look for, by what it may be."""
    wanted = {("sub", _plain(said))}
    if kind := contact.kind_of(said):
        wanted.add((kind, _same(kind, said)))
    return wanted


def _held(events: Sequence[Event]) -> set[tuple[str, str]]:
    """What a chat's events say of its customer, in the same form. What was told in it before they signed in
    was told by whoever had the browser."""
    held = set()
    for event in since_theirs(events):
        if event.kind == "identified":
            who = contact.read_identity(event.text)
            said = [who.mail, who.phone]
            held |= {("sub", _plain(who.sub))} if who.sub else set()
        else:
            said = [contact.read(event.text).contact]
        held |= {(kind, _same(kind, one)) for one in said if (kind := contact.kind_of(one))}
    return held


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _same(kind: str, text: str) -> str:
    """An address without regard to its letters' case; a number's digits, a country's code after "+"."""
    if kind == "mail":
        return _plain(text).casefold()
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", "") if text.startswith(("+", "00")) else text)
    return "+" + digits[2:] if digits.startswith("00") else digits


def _several(person: str, found: Sequence[Person], settings: Settings) -> str:
    lines = [f"`{safe_line(person)}` fits {len(found)} customers: name one of them by the id in front."]
    lines += [f"  {described(one, settings)}" for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  and {len(found) - _SHOWN} more, who wrote before them")
    return "\n".join(lines)


def described(one: Person, settings: Settings) -> str:
    """Who that is, in a line: safe to show."""
    shop = settings.shops.get(one.shop)
    zone = ZoneInfo(shop.time_zone) if shop is not None else UTC
    last = datetime.fromtimestamp(one.last / 1000, zone).strftime("%Y-%m-%d %H:%M")
    chats = f"{one.chats} {'chat' if one.chats == 1 else 'chats'}"
    return f"{one.customer}  {safe_line(one.name)}, shop {one.shop}, {chats}, the last one of {last}"


UNKNOWN: Final = (
    "Nothing is held about this customer: name the id of a customer or of one of their chats, the tag that"
    " the console shows, their number in the shop, or an address or phone number exactly as they told it."
)
