"""The keys of ``[shop.<key>.identity]``: the secret by which a shop says who its customers are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

from msgspec import Struct

from server.settings.about import about, secret
from server.settings.mail import first_line

#: HMAC-SHA256 is as strong as its key, up to the length of what it makes (RFC 7518, section 3.2).
LEAST_CHARS: Final = 32
_MAKE: Final = "`openssl rand -hex 32` makes one."


class Identity(Struct, frozen=True, kw_only=True):
    """The shop's server signs who is logged in there, and agents see whom they talk to
    ([how](identity.md)). Without a secret nothing is believed."""

    secret: Annotated[
        str,
        secret(
            "What the shop's server signs with. Better keep it in a file: `secret_file`.",
            f"a text of at least {LEAST_CHARS} characters without spaces",
        ),
    ] = ""
    secret_file: Annotated[
        str,
        about(
            "A file whose first line is the secret. A relative path starts at this file.",
            "a path to a file that the server may read",
            "/etc/supportterm/acme-identity",
        ),
    ] = ""

    def __repr__(self) -> str:
        """As always, without the secret."""
        return f"Identity(secret_file={self.secret_file!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for tracebacks in colour."""
        return [("secret_file", self.secret_file)]

    def key(self) -> bytes:
        """The secret; empty without one. Raises `OSError` if its file cannot be read now."""
        return (first_line(Path(self.secret_file)) if self.secret_file else self.secret).encode()


def identity_problems(identity: Identity, file: str) -> Iterator[str]:
    """What is wrong in the table, as the rest of a sentence. ``file``: the path of `secret_file`. The secret
    stands in none of them."""
    if identity.secret and identity.secret_file:
        yield "`secret` and `secret_file` are both set: keep one."
    elif not identity.secret and not identity.secret_file:
        yield f"has neither `secret` nor `secret_file`: set one, or leave the table out. {_MAKE}"
    elif identity.secret:
        if why := _wrong(identity.secret):
            yield f"`secret` {why}"
    else:
        try:
            found = first_line(Path(file))
        except FileNotFoundError:
            yield f"`secret_file` names {identity.secret_file}, but there is no such file."
        except OSError as error:
            why = error.strerror or "it is not UTF-8 text"
            yield f"`secret_file` names {identity.secret_file}, which cannot be read: {why}."
        else:
            if why := _wrong(found):
                yield f"`secret_file` names {identity.secret_file}, whose first line {why}"


def _wrong(found: str) -> str:
    if not found:
        return f"is empty: write the secret there. {_MAKE}"
    if not (found.isascii() and found.isprintable()) or " " in found:
        return f"is no secret: it must be a text without spaces, in ASCII characters. {_MAKE}"
    if len(found) < LEAST_CHARS:
        return f"has {len(found)} characters, but must have at least {LEAST_CHARS}: {_MAKE}"
    return ""
