"""An answer as a mail: plain text, and headers that nobody else can write into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Final

from msgspec import Struct

from server.mail.answer import Answer
from server.mail.numbers import Numbers
from server.mail.texts import filled, language_of, texts

#: A link in a mail opens the chat for so long.
DAYS: Final = 30
#: Characters of what the customer wrote that a mail repeats. A stranger may have given somebody else's
#: address: what they can have us send is little, and only beneath an answer.
QUOTED: Final = 1_000
#: Longer than any name that one would say aloud.
_LONGEST_NAME: Final = 40
#: What programs show of a subject at most; names may be long.
_SUBJECT: Final = 120
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_BLANK_LINES: Final = re.compile(r"\n{3,}")
#: An address without quotes or comments, which is all that a mail server has to be told (RFC 5321, 4.1.2).
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class Letter(Struct, frozen=True):
    """A mail as it is handed over: ``sender`` and ``to`` are what a mail server is told, ``message_id``
    and ``content`` what the reader's program gets."""

    sender: str
    to: str
    message_id: str
    content: bytes


def letter_of(
    answer: Answer,
    numbers: Numbers,
    *,
    shop: str,
    sender: str,
    link: str,
    familiar: bool,
    bounces_to: str = "",
) -> Letter:
    """``answer`` as a mail to its customer, the same bytes each time.

    ``shop``: its name; ``sender``: a mail address, with a name or without; ``link``: opens the chat;
    ``bounces_to``: the address that it comes back to, "": the sender's. Raises ValueError if one of the
    addresses is none that a mail server takes.
    """
    display, own = parseaddr(sender)
    own, to = plain_address(own), plain_address(answer.address)
    domain = own.rpartition("@")[2]
    language = language_of(answer.language)
    shop = line(shop)
    agents = ", ".join(dict.fromkeys(line(name) for name, _ in answer.said if line(name))) or shop
    values = {"name": _name(answer.name), "agent": agents, "shop": shop, "days": str(DAYS)}
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(line(display) or shop, own)
    message["To"] = _address("", to)
    message["Reply-To"] = _address(line(display) or shop, own)
    message["Subject"] = _cut(filled(texts(language).subject, values), _SUBJECT)
    message["Date"] = datetime.fromtimestamp(answer.at // 1000, UTC)
    message["Message-ID"] = message_id = f"<{numbers.of(answer.chat, answer.decided)}@{domain}>"
    # Programs show the mails of one chat together: all of them answer this one, which was never sent.
    message["References"] = f"<{numbers.of(answer.chat, 0)}@{domain}>"
    # Sent by a program for an agent: no holiday note should come back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable: seven bits, and no line too long, whatever the mail server can do.
    message.set_content(_body(answer, language, values, link, familiar), cte="quoted-printable")
    message["Content-Language"] = language
    return Letter(plain_address(bounces_to) if bounces_to else own, to, message_id, message.as_bytes())


def trial_of(sender: str, to: str, number: str, at: int) -> Letter:
    """A mail by which an operator sees that mails arrive. ``number``: one that is used once; ``at``: now (ms
    since 1970). Raises ValueError for an address that no mail server takes."""
    display, own = parseaddr(sender)
    own, to = plain_address(own), plain_address(to)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(line(display), own)
    message["To"] = _address("", to)
    message["Subject"] = "supportterm can send mail"
    message["Date"] = datetime.fromtimestamp(at // 1000, UTC)
    message["Message-ID"] = message_id = f"<{number}@{own.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        "This mail was asked for with `supportterm mail-test`. Answers go to customers the same way.\n",
        cte="quoted-printable",
    )
    return Letter(own, to, message_id, message.as_bytes())


def _body(answer: Answer, language: str, values: dict[str, str], link: str, familiar: bool) -> str:
    found = texts(language).familiar if familiar else texts(language).polite
    parts = [
        filled(found.named if values["name"] else found.unnamed, values),
        filled(found.answered, values),
        *(clean(text) for _, text in answer.said),
        f"{found.write_back}\n{link}",
        filled(found.personal, values),
    ]
    if quoted := _quoted(answer.asked):
        parts.append(f"{found.asked}\n{quoted}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _quoted(asked: Sequence[str]) -> str:
    """What the customer wrote, each line behind ``> ``; of too much the beginning and the end."""
    whole = "\n".join(text for text in map(clean, asked) if text)
    if len(whole) > QUOTED:
        half = QUOTED // 2
        whole = f"{whole[:half].rstrip()} […]\n[…] {whole[-half:].lstrip()}"
    return "\n".join(f"> {one}".rstrip() for one in whole.split("\n")) if whole else ""


def clean(text: str) -> str:
    """``text`` without control and format characters, with line ends and tabs as everybody has them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = text.replace("\N{LINE SEPARATOR}", "\n").replace("\N{PARAGRAPH SEPARATOR}", "\n")
    kept = "".join(char for char in text if char == "\n" or char in _JOINERS or not _hidden(char))
    return _BLANK_LINES.sub("\n\n", kept).strip()


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def plain_address(text: str) -> str:
    """A mail address in ASCII, its domain as name servers know it. Raises ValueError if it is none."""
    local, _, domain = text.rpartition("@")
    domain = domain if domain.isascii() else domain.encode("idna").decode()
    if len(text) > 254 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError("no mail server takes this address")
    return f"{local}@{domain}"


def _address(name: str, address: str) -> Address:
    try:
        return Address(name, addr_spec=address)
    except (MessageError, IndexError) as error:
        raise ValueError("no mail server takes this address") from error


def _name(text: str) -> str:
    """A name to begin a mail with; "" for what is none, such as a number or an address of a page."""
    name = line(text)
    if len(name) > _LONGEST_NAME or any(c.isdigit() or c in '@<>{}[]/\\|#*_=:;!?"' for c in name):
        return ""
    # "visit-shop.example" is an address, "J. de Vries" is not.
    return "" if re.search(r"\w\.\w", name) or not any(map(str.isalpha, name)) else name


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}
