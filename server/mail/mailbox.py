"""The mailbox that mails come back to, asked by IMAP. It blocks, and belongs on a thread of its own.

It may be shared with people: nothing is deleted, a message is only marked or moved if it was ours, and of all
others no more is read than their header.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from msgspec import Struct

from server.mail.bounces import DAYS
from server.mail.returned import MOST, may_be_report
from server.settings.mail import Mail
from supportterm.text import safe_line

T = TypeVar("T")

#: Messages looked at in one visit; the rest in the next.
VISIT: Final = 200
#: Bytes of a header that are looked at.
_HEADER: Final = 65_536
#: Seconds at most until there is a connection: a server that stops waits for that.
_CONNECT: Final = 10.0
#: Seconds for a goodbye, by which nothing changes any more.
_GOODBYE: Final = 2.0
#: Characters of the server's words that are logged and told.
_WORDS: Final = 160
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NoMailbox(Exception):
    """The mailbox cannot be read now; the message says why, in a few words that may be logged."""


class Place(Struct, frozen=True):
    """How far a folder was looked through: ``next`` is the first number not looked at, which mean something
    as long as the folder's ``validity`` stays."""

    validity: int = 0
    next: int = 1


class Message(Struct, frozen=True):
    """A message that may be a report, as much of it as is looked at."""

    uid: int
    content: bytes


class Mailbox:
    """One visit. Each method raises `NoMailbox`, and none is called by two threads but `abort`."""

    def __init__(self, mail: Mail, trust: ssl.SSLContext | None) -> None:
        self._mail = mail
        self._trust = trust
        self._client: imaplib.IMAP4 | None = None
        self._aborted = False
        self._can: frozenset[str] = frozenset()

    def enter(self) -> int:
        """Sign in and open the folder; its validity."""
        try:
            self._client = self._connected()
        except Exception as error:
            raise self._trouble(error) from None
        return self._ask(self._enter)

    def reports(self, place: Place, now_ms: int) -> tuple[list[Message], Place, bool]:
        """Unseen messages from ``place`` on that may be reports; how far that is; whether there is more."""
        return self._ask(lambda client: self._reports(client, place, now_ms))

    def done(self, uids: Sequence[int]) -> None:
        """They were about mails of ours: nobody has to look at them."""
        self._ask(lambda client: self._done(client, uids))

    def leave(self) -> None:
        """Say goodbye; whether that is heard changes nothing."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                client.sock.settimeout(_GOODBYE)
                client.logout()
            with suppress(Exception):
                client.shutdown()

    def abort(self) -> None:
        """Cut the line, from any thread: whatever waits for it ends."""
        self._aborted = True
        client = self._client
        if client is not None:
            with suppress(OSError):
                # Not as TLS would have it, which is for the thread that reads.
                socket.socket.shutdown(client.sock, socket.SHUT_RDWR)

    # --- the parts ---------------------------------------------------------------------------------

    def _connected(self) -> imaplib.IMAP4:
        mail = self._mail
        box = self

        class Opened(imaplib.IMAP4_SSL if mail.imap_tls else imaplib.IMAP4):  # type: ignore[misc]
            """Within reach of `abort` before it has said a word."""

            def open(self, host: str, port: int, timeout: float) -> None:
                # Nothing can be cut before there is a line.
                super().open(host, port, min(timeout, _CONNECT))
                self.sock.settimeout(timeout)
                box._client = self
                if box._aborted:
                    raise TimeoutError

        more = {"ssl_context": self._trust or ssl.create_default_context()} if mail.imap_tls else {}
        opened: imaplib.IMAP4 = Opened(mail.imap_host, mail.imap_port, timeout=mail.timeout_seconds, **more)
        return opened

    def _enter(self, client: imaplib.IMAP4) -> int:
        self._sign_in(client)
        # Most servers say what they can do only to who has signed in.
        can = b" ".join(filter(None, _good(client.capability())))
        self._can = frozenset(can.decode("ascii", "replace").upper().split())
        folder = self._mail.imap_folder
        _good(client.select(_quoted(folder)), folder)
        if aside := self._mail.imap_move_to:
            # What is about ours is marked before it goes there, and would not be found again.
            _good(client.status(_quoted(aside), "(MESSAGES)"), aside)
        _, found = client.response("UIDVALIDITY")
        return int(found[0]) if found and found[0] else 0

    def _sign_in(self, client: imaplib.IMAP4) -> None:
        user, password = self._mail.imap_user or self._mail.user, self._mail.imap_secret()
        try:
            if "AUTH=PLAIN" in client.capabilities:
                # The only way that takes any letter.
                client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                client.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeEncodeError):
            # What a server says to that may repeat who asked.
            raise NoMailbox("it does not let us sign in") from None

    def _reports(self, client: imaplib.IMAP4, place: Place, now_ms: int) -> tuple[list[Message], Place, bool]:
        since = datetime.fromtimestamp(now_ms / 1000, UTC) - timedelta(days=DAYS)
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = _good(client.uid("SEARCH", f"UID {place.next}:* UNSEEN SINCE {day}"))
        # Of "9:*" the last message is a part, whatever its number.
        uids = sorted(uid for uid in map(int, b" ".join(filter(None, found)).split()) if uid >= place.next)
        visited = uids[:VISIT]
        reports = []
        for uid in visited:
            if may_be_report(_fetched(client, uid, f"BODY.PEEK[HEADER]<0.{_HEADER}>")):
                reports.append(Message(uid, _fetched(client, uid, f"BODY.PEEK[]<0.{MOST}>")))
        further = Place(place.validity, visited[-1] + 1) if visited else place
        return reports, further, len(uids) > len(visited)

    def _done(self, client: imaplib.IMAP4, uids: Sequence[int]) -> None:
        numbers = ",".join(map(str, uids))
        _good(client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)"))
        folder = self._mail.imap_move_to
        if not folder:
            return
        if "MOVE" in self._can:
            _good(client.uid("MOVE", numbers, _quoted(folder)), folder)
        elif "UIDPLUS" in self._can:
            _good(client.uid("COPY", numbers, _quoted(folder)), folder)
            _good(client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)"))
            _good(client.uid("EXPUNGE", numbers))
        else:
            # To expunge the rest means to expunge what others have marked.
            raise NoMailbox("it can move no single message: leave `imap_move_to` empty")

    def _ask(self, call: Callable[[imaplib.IMAP4], T]) -> T:
        if self._client is None:
            raise NoMailbox("the connection was lost")
        try:
            return call(self._client)
        except NoMailbox:
            raise
        except Exception as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> NoMailbox:
        if self._aborted or isinstance(error, TimeoutError):
            return NoMailbox("it does not answer in time")
        if isinstance(error, ssl.SSLCertVerificationError):
            return NoMailbox(f"its certificate is not trusted: {error.verify_message}")
        if isinstance(error, ssl.SSLError):
            return NoMailbox("encryption fails: see `imap_port` and `imap_tls`")
        if isinstance(error, imaplib.IMAP4.abort) and ("EOF" in str(error) or "socket error" in str(error)):
            return NoMailbox("the connection was lost")
        if isinstance(error, OSError):
            return NoMailbox(f"it cannot be reached: {safe_line(error.strerror or str(error), _WORDS)}")
        return NoMailbox("it answers nonsense: is it an IMAP server, and `imap_tls` right?")


def _good(answer: tuple[str, list[Any]], folder: str = "") -> list[Any]:
    kind, data = answer
    if kind != "OK":
        about = f"there is no folder {folder}" if folder else "it refuses what is asked"
        raise NoMailbox(f"{about}: {_said(data)}")
    return data


def _fetched(client: imaplib.IMAP4, uid: int, part: str) -> bytes:
    """A part of one message; empty if it was taken away meanwhile."""
    for item in _good(client.uid("FETCH", str(uid), f"({part})")):
        if isinstance(item, tuple) and isinstance(item[1], bytes):
            return item[1]
    return b""


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'


def _said(data: Sequence[Any]) -> str:
    first = data[0] if data and isinstance(data[0], bytes) else b""
    return safe_line(first.decode("utf-8", "replace"), _WORDS)
