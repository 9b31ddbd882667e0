"""The signed link in a mail, which opens one chat on any device.

A link is a token, and what it opens is decided when it is used (`server.gateway.linked`): its bearer acts
as the chat's customer there, and nowhere else. The key lies in a file beside the database and in no backup:
whoever has the key can write tokens, whoever has a backup cannot.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

from server.platform import Platform
from server.settings import Settings
from server.store.errors import from_os
from server.store.files import sync
from server.store.interface import Corrupt

_log = logging.getLogger("supportterm")

#: The key's name in a data directory.
KEY_FILE: Final = "link.key"
#: Where the server's own page for a shop's links lies: ``/chat/<shop>``.
CHAT_PATH: Final = "/chat/"
#: What a link's token stands behind, in the fragment: browsers send that to nobody.
FRAGMENT: Final = "#supportterm="
#: A link works for this long: as long as the answer to a message that was left is shown.
LIFE_MS: Final = 30 * 24 * 3_600_000
#: Links are told from those of other times by this; it is signed, too.
_VERSION: Final = "1"
#: A token: version, chat, when it expires (ms since 1970), and 256 bits of HMAC in base64url.
_TOKEN: Final = re.compile(r"(1)\.([A-Za-z0-9_-]{16,40})\.([1-9][0-9]{0,15})\.([A-Za-z0-9_-]{43})")
_KEY: Final = re.compile(rb"[A-Za-z0-9_-]{43}\n")


class Linked(Struct, frozen=True):
    """What a token that was not tampered with says: ``chat``, and when it was made (ms since 1970)."""

    chat: str
    made_at: int


class Links:
    """Makes and reads the tokens. ``key``: 256 random bits, in whatever form."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def beside(cls, directory: Path, platform: Platform) -> Links:
        """With the key of a data directory, which is made with the first start and never changes.

        Raises `Corrupt` for a file that holds no key, and `Unavailable` where the file system fails.
        """
        return cls(_key_in(directory / KEY_FILE, platform))

    def __repr__(self) -> str:
        """Without the key: this may be logged."""
        return "Links()"

    def token(self, chat: str, now: int) -> str:
        """A token for ``chat``, an id, which opens it for `LIFE_MS` from ``now`` (ms since 1970) on."""
        return self.link_for(chat, now + LIFE_MS)

    def link_for(self, chat: str, expires_at: int) -> str:
        """The same until ``expires_at`` (ms since 1970)."""
        body = f"{_VERSION}.{chat}.{expires_at}"
        return f"{body}.{self._sign(body)}"

    def opened(self, token: str, now: int) -> Linked | None:
        """What ``token`` opens at ``now`` (ms since 1970); None: nothing.

        Tampered, expired and made-up ones are not told apart.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        version, chat, expires, signature = found.groups()
        good = hmac.compare_digest(self._sign(f"{version}.{chat}.{expires}"), signature)
        if not good or now >= int(expires):
            return None
        return Linked(chat, int(expires) - LIFE_MS)

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for something else: who has it can write no token."""
        return hmac.digest(self._key, b"supportterm key " + purpose.encode(), hashlib.sha256)

    def _sign(self, body: str) -> str:
        digest = hmac.digest(self._key, b"supportterm link " + body.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address(settings: Settings, shop: str, page: str, token: str) -> str:
    """Where a link leads: to ``page``, which the customer's browser named when the chat was opened, or to
    the server's own page for ``shop``, its key.

    Only a page of one of the shop's origins is believed: where any page may open chats, a stranger could
    have somebody be sent to theirs.
    """
    known = settings.shops.get(shop)
    base = page_of(page, known.origins) if known is not None else ""
    return (base or settings.public_url + CHAT_PATH + quote(shop, safe="")) + FRAGMENT + token


def page_of(page: str, origins: list[str]) -> str:
    """The address of ``page`` without query and fragment; "" if it belongs to none of ``origins``."""
    # Browsers take these for a slash, or drop them; no browser names a page with them.
    if "\\" in page or not page.isprintable() or " " in page:
        return ""
    try:
        parts = urlsplit(page)
    except ValueError:  # such as a bracket that is not closed
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in origins or not page.startswith(origin):
        return ""
    return origin + quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")


def _key_in(path: Path, platform: Platform) -> bytes:
    try:
        try:
            key = _read(path)
        except FileNotFoundError:
            _make(path, platform.secret().encode() + b"\n")
            key = _read(path)
    except OSError as error:
        raise from_os(error, path) from error
    if not _KEY.fullmatch(key):
        raise Corrupt(
            f"{path} holds no key: put it back, or delete it: then links in mails sent so far stop working."
        )
    return key.rstrip(b"\n")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if mode & 0o077:
            _log.warning("%s could be read by others and is private again: who has it can open chats", path)
            os.fchmod(file.fileno(), 0o600)
        return file.read(200)


def _make(path: Path, key: bytes) -> None:
    """Write it aside and give it its name: a power cut leaves all of it or nothing."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(descriptor)
    aside.rename(path)
    sync(path.parent)
