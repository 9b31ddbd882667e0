"""What a mail that came back says: whether for good, of which of our mails, and why. Pure.

Mail servers report with RFC 3464 (``multipart/report``), and some in their own words; both are read, and
whatever is not clearly a failure for good is none: delays, holiday notes, receipts, customers' answers.
Nothing in it is believed but the number of the mail, which cannot be guessed (`server.mail.numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from typing import Final, Literal

from msgspec import Struct

from server.mail.numbers import NUMBER
from supportterm.text import safe_line

#: Bytes of a mail that are looked at. A report stands in front of what it sends back, and ours are short.
MOST: Final = 262_144
#: Parts, and mails inside of mails: more than any report has, and few enough to be read at once.
_PARTS: Final = 40
#: Numbers that are looked up. A report has that of the mail and that of all mails of its chat.
_NUMBERS: Final = 8
#: Characters of a mail server's words that an agent is shown.
_WORDS: Final = 200
#: Programs that return mails write as these.
_MAILERS: Final = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "mailerdaemon"})
#: A server's answer, or a status of RFC 3463, that means: for good.
_FOR_GOOD: Final = (
    re.compile(r"\b5[0-5][0-9][ -]\S|\b5\.\d{1,3}\.\d{1,3}\b"),
    re.compile(r"\bpermanent(?:ly)? (?:error|fail)", re.I),
)
_FOR_NOW: Final = re.compile(
    r"\b(?:will (?:be retried|keep trying|try again)|still trying|has been delayed|delivery delayed|"
    r"warning message only|no action is required)\b",
    re.I,
)
#: Where a text begins to repeat the mail that is sent back.
_COPY: Final = re.compile(r"^-{3,}.*(?:copy of|original message|below this line)", re.I | re.M)
_TEXT: Final = 20_000


class Returned(Struct, frozen=True):
    """``numbers``: of our mails that it may be about, the likeliest first; ``why``: the other server's
    words, made safe, on one line. ``kind``: it "failed" for good, it is "delayed", or "arrived"."""

    kind: Literal["failed", "delayed", "arrived"]
    numbers: tuple[str, ...]
    why: str


def may_be_report(head: bytes) -> bool:
    """Whether the header of a mail is one of those that `read` would look at. Raises nothing."""
    message = _parsed(head, headers=True)
    return message is not None and (_is_report(message) or _is_from_mailer(message))


def read(raw: bytes) -> Returned | None:
    """What a whole mail says; None: it is no report about a mail. Raises nothing."""
    raw = raw[:MOST]
    message = _parsed(raw)
    if message is None:
        return None
    try:
        return _read(message, raw)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        # Some headers are only taken apart when they are asked for, and `email` trips over strange ones.
        return None


def _parsed(raw: bytes, headers: bool = False) -> Message | None:
    lower = raw.lower()
    if lower.count(b"boundary") > _PARTS or lower.count(b"message/") > _PARTS:
        # Each part inside of another makes every line dearer to read.
        return None
    try:
        parsed: Message = BytesParser(policy=compat32).parsebytes(raw, headersonly=headers)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return None
    return parsed


def _read(message: Message, raw: bytes) -> Returned | None:
    if _is_report(message):
        return _by_the_rules(message, raw)
    return _in_own_words(message, raw) if _is_from_mailer(message) else None


# --- RFC 3464 -----------------------------------------------------------------------------------------


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type") or "").lower()
    return message.get_content_type() == "multipart/report" and kind.endswith("delivery-status")


def _by_the_rules(message: Message, raw: bytes) -> Returned | None:
    kinds: set[str] = set()
    why = ""
    for fields in _recipients(message):
        kind = _kind(_field(fields, "Action").lower(), _field(fields, "Status"))
        kinds.add(kind)
        if kind == "failed" and not why:
            why = _words(_field(fields, "Diagnostic-Code")) or _words(_field(fields, "Status"))
    for kind in ("failed", "delayed", "arrived"):
        if kind in kinds:
            return Returned(kind, _numbers(message, raw), why)  # type: ignore[arg-type]
    return None


def _recipients(message: Message) -> Iterator[Message]:
    """The fields about each recipient; in front of them stand those about the report."""
    for part in message.walk():
        if part.get_content_type().endswith("delivery-status") and part.is_multipart():
            for fields in list(part.get_payload())[:_PARTS]:
                if isinstance(fields, Message) and ("Action" in fields or "Status" in fields):
                    yield fields


def _kind(action: str, status: str) -> str:
    if action == "failed":
        # Also with a status of 4: it was tried until it was given up.
        return "failed"
    if action:
        return "delayed" if action == "delayed" else "arrived"
    return {"5": "failed", "4": "delayed", "2": "arrived"}.get(status[:1], "")


def _field(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())


# --- in their own words -------------------------------------------------------------------------------


def _is_from_mailer(message: Message) -> bool:
    if message.get("X-Failed-Recipients"):
        return True
    local = parseaddr(str(message.get("From") or ""))[1].partition("@")[0]
    return local.lower() in _MAILERS


def _in_own_words(message: Message, raw: bytes) -> Returned | None:
    text = next((_text(part) for part in message.walk() if part.get_content_type() == "text/plain"), "")
    copy = _COPY.search(text)
    said = text[: copy.start()] if copy else text
    if _FOR_NOW.search(said):
        return Returned("delayed", _numbers(message, raw), "")
    found = next((found for one in _FOR_GOOD if (found := one.search(said))), None)
    if found is None:
        return None
    begins = said.rfind("\n", 0, found.start()) + 1
    return Returned("failed", _numbers(message, raw), _words(said[begins : begins + 4 * _WORDS]))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset("utf-8")
    try:
        return payload[:_TEXT].decode(charset, "replace")
    except LookupError:
        return payload[:_TEXT].decode("latin-1")


# --- both ---------------------------------------------------------------------------------------------


def _words(text: str) -> str:
    """A server's words without the name of their kind ("smtp; 550 …"), over as many lines as they took."""
    text = re.sub(r"^\s*(?:smtp|x-[\w-]+)\s*;\s*", "", text, flags=re.I)
    return str(safe_line(" ".join(text.split()), _WORDS))


def _numbers(message: Message, raw: bytes) -> tuple[str, ...]:
    """Of the mail inside first, then of what the report answers, then whatever looks like one."""
    places = [str(part.get("Message-ID") or "").encode() for part in message.walk() if part is not message]
    places += [str(message.get(name) or "").encode() for name in ("In-Reply-To", "References")]
    places += [_text(part).encode() for part in message.walk() if part.get_content_maintype() == "text"]
    found: dict[str, None] = {}
    for place in (*places, raw):
        for number in NUMBER.finditer(place):
            found[number[0].decode()] = None
            if len(found) == _NUMBERS:
                return tuple(found)
    return tuple(found)
