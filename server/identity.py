"""Who a customer is, as their shop has signed it: a JWT that is read and believed, or not at all.

The standard library is enough, and safer than a library that can do more: one algorithm, which the token
cannot choose; one key, which is this shop's; nothing is looked at before the signature is good, but for what
says why it is not. The token itself stands in no log line: whoever has it is that customer, for as long as it
lasts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from server.settings import Shop
from supportterm.protocol.contact import Identity, kind_of
from supportterm.protocol.limits import IDENTITY_CHARS, IDENTITY_LEEWAY_MS
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text

_log = logging.getLogger("supportterm.gateway")

#: A token may last so long from now on (ms): it stands in pages, and whoever copies it is that customer.
LONGEST_MS: Final = 24 * 3_600_000
#: Characters of a customer's number.
_SUB_CHARS: Final = 64
_NAME_CHARS: Final = 80
_CONTACT_CHARS: Final = 200
#: What nobody sees, though Unicode calls it a letter or a sign.
_UNSEEN: Final = frozenset("\u115f\u1160\u2800\U0001d159")
#: The same reason for a shop is logged once in so long (s).
_LOG_SECONDS: Final = 60.0


class NotBelieved(Exception):
    """Why an identity is not believed: a sentence without anything of the token."""


class Signed(Struct, frozen=True):
    """Who somebody is until ``until``, by a word of ``since`` (ms since 1970; 0: it does not say)."""

    who: Identity
    until: int
    since: int = 0


def read(token: str, key: bytes, shop: str, now: int) -> Signed:
    """What ``token``, a JWT signed with HMAC-SHA256 by ``key`` for the shop with this key, says at ``now``
    (ms since 1970). Raises `NotBelieved`."""
    if len(token) > IDENTITY_CHARS:
        raise NotBelieved(f"the token is longer than {IDENTITY_CHARS} characters")
    if not token.isascii():
        raise NotBelieved("it is no JWT: its parts must be base64url")
    parts = token.split(".")
    if len(parts) != 3:
        raise NotBelieved("it is no JWT: three parts with a dot between")
    header = _json(parts[0])
    if header.get("alg") != "HS256" or "crit" in header:
        raise NotBelieved("its header must say `alg` HS256, and no `crit`")
    made = hmac.digest(key, f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256)
    if not hmac.compare_digest(made, _bytes(parts[2])):
        raise NotBelieved("it is not signed with this shop's secret")
    return _claims(_json(parts[1]), shop, now)


def _claims(said: dict[str, Any], shop: str, now: int) -> Signed:
    audience = said.get("aud")
    if audience != shop and not (isinstance(audience, list) and shop in audience):
        raise NotBelieved("`aud` must be this shop's key")
    until = _time(said, "exp") + IDENTITY_LEEWAY_MS
    if now >= until:
        raise NotBelieved("it has expired: `exp` is over")
    if until - IDENTITY_LEEWAY_MS > now + LONGEST_MS + IDENTITY_LEEWAY_MS:
        raise NotBelieved("`exp` is more than 24 hours away")
    if any(name in said and _time(said, name) > now + IDENTITY_LEEWAY_MS for name in ("iat", "nbf")):
        raise NotBelieved("it is of a time to come: the shop's clock, or this one, is wrong")
    sub = said.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= _SUB_CHARS:
        raise NotBelieved(
            f"`sub` must be a text of 1 to {_SUB_CHARS} characters, such as the customer's number"
        )
    if not _tells_apart(sub):
        raise NotBelieved(
            "`sub` must look different for each customer: without hidden or combined characters"
        )
    mail, phone = _text(said, "email", _CONTACT_CHARS), _text(said, "phone", _CONTACT_CHARS)
    return Signed(
        Identity(
            sub=sub,
            name=_text(said, "name", _NAME_CHARS),
            mail=mail if kind_of(mail) == "mail" else "",
            phone=phone if kind_of(phone) == "phone" else "",
        ),
        until,
        _time(said, "iat") if "iat" in said else 0,
    )


def _tells_apart(sub: str) -> bool:
    """Whether it is without hidden, combined and compatibility characters, by which it passes for another.

    Letters of two scripts may still look alike (docs/identity.md).
    """
    unseen = any(unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc") or char in _UNSEEN for char in sub)
    whole = sub.isprintable() and sub == sub.strip() and sub == unicodedata.normalize("NFKC", sub)
    return whole and not unseen


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode((part + "=" * (-len(part) % 4)).encode(), b"-_", validate=True)
    except binascii.Error:
        raise NotBelieved("it is no JWT: its parts must be base64url") from None


def _json(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotBelieved("it is no JWT: header and claims must be JSON objects")
    return found


def _time(said: dict[str, Any], name: str) -> int:
    """A time in ms since 1970."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise NotBelieved(f"`{name}` must be a time in seconds since 1970")
    return int(value * 1000)


def _text(said: dict[str, Any], name: str, most: int) -> str:
    """A text as it may be shown and stored; "" if there is none."""
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    clean, _ = mask(wire_text(value).strip())
    return clean[:most]


class Identities:
    """Which customers the shops know. ``key``: this server's own, from which their ids are made."""

    def __init__(self, key: bytes, shops: Mapping[str, Shop]) -> None:
        self._key = key
        self._keys: dict[str, bytes] = {}
        #: (shop, why) → when it was logged last (s), and how often it was not since.
        self._said: dict[tuple[str, str], tuple[float, int]] = {}
        self.reload(shops)

    def __repr__(self) -> str:
        """Without the keys: this may be logged."""
        return "Identities()"

    def reload(self, shops: Mapping[str, Shop]) -> None:
        """Take the shops' secrets as they are now."""
        keys: dict[str, bytes] = {}
        for name, shop in shops.items():
            if shop.identity is None:
                continue
            try:
                keys[name] = shop.identity.key()
            except OSError as error:
                _log.error("the identity secret of %s cannot be read: %s", name, error)
        # An empty key would believe anybody.
        self._keys = {name: key for name, key in keys.items() if key}

    def of(self, shop: str, token: str, now: int, run: float) -> Signed | None:
        """Who comes with ``token`` to the shop with this key; None: nobody that is known, and the log says
        why. ``now``: ms since 1970; ``run``: seconds on a steady clock."""
        key = self._keys.get(shop)
        if key is None:
            self._say(shop, "the shop has no [shop.<key>.identity] in supportterm.toml", run)
            return None
        try:
            return read(token, key, shop, now)
        except NotBelieved as error:
            self._say(shop, str(error), run)
            return None

    def lasting(self, shop: str, signed: Signed) -> Callable[[int], bool]:
        """Tells at any time (ms since 1970) whether who is let in by ``signed`` now would be let in still:
        neither is its time over, nor the secret another one."""
        key = self._keys.get(shop)
        return lambda now: now < signed.until and self._keys.get(shop) == key

    def customer(self, shop: str, sub: str) -> str:
        """The id of the shop's customer with this number: the same on each device, and of another shop
        another one. Numbers can be guessed, so that nobody may count from them to ids without our key."""
        digest = hmac.digest(self._key, f"{shop}\0{sub}".encode(), hashlib.sha256)
        return "c" + base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()

    def _say(self, shop: str, why: str, run: float) -> None:
        last, kept = self._said.get((shop, why), (run - _LOG_SECONDS, 0))
        if run - last < _LOG_SECONDS:
            self._said[shop, why] = (last, kept + 1)
            return
        self._said[shop, why] = (run, 0)
        more = {"shop": shop, "more": kept} if kept else {"shop": shop}
        _log.warning("an identity was not believed, the customer chats without: %s", why, extra=more)


def sign_in_of(customer: str) -> bytes:
    """What stands for the browser's token of a customer who is known by their shop: no token is stored
    under it, and it goes when the shop forgets its customers."""
    return hashlib.sha256(b"known by the shop\0" + customer.encode()).digest()
