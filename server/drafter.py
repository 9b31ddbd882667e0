"""A language model in front of the rules of understanding: one OpenAI-style endpoint, asked over HTTP.

It gets a conversation with everything private hidden, three seconds, and no trust: an answer that is
late, too long, no JSON, or quotes what the customer never wrote counts as none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from supportterm.coach.understanding import Line, Slots, checked, request
from supportterm.protocol.drafts import NoDraft
from supportterm.protocol.limits import DRAFT_MS

_LOG: Final = logging.getLogger(__name__)

#: A customer waits while the agent does.
LIMIT_S: Final = DRAFT_MS / 1_000
#: Far more than five slots need, and little enough to be thrown away.
_MOST_BYTES: Final = 65_536


class Undrafted(Exception):
    """The model gave no draft, and ``why``."""

    def __init__(self, why: NoDraft) -> None:
        super().__init__(why)
        self.why: Final[NoDraft] = why


class _Refused(ValueError):
    """The endpoint answered, but with another status than 200."""


class ModelDrafter:
    """Fills the slots by asking the endpoint: ``slots`` gives None whenever that comes to nothing, ``ask``
    says why.

    ``address``: the whole of it, such as ``https://models.example/v1/chat/completions``. Raises
    ValueError if it is not one. ``key``: sent as a bearer token, "" for none; never logged.
    """

    def __init__(self, address: str, key: str = "", model: str = "", limit_s: float = LIMIT_S) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or not address.isascii():
            raise ValueError("the address must begin with http:// or https:// and name a host")
        if any(char.isspace() or not char.isprintable() for char in address + key):
            raise ValueError("neither address nor key may hold spaces or line ends")
        self._host: Final = parts.hostname
        self._port: Final = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls: Final = ssl.create_default_context() if parts.scheme == "https" else None
        self._model: Final = model
        self._limit_s: Final = limit_s
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._head: Final = "".join(
            [
                f"POST {path} HTTP/1.1\r\n",
                f"Host: {parts.netloc.rpartition('@')[2]}\r\n",
                f"Authorization: Bearer {key}\r\n" if key else "",
                "Content-Type: application/json\r\nAccept: application/json\r\nConnection: close\r\n",
            ]
        )

    async def slots(self, lines: Sequence[Line], language: str, known: Sequence[str] = ()) -> Slots | None:
        """The slots as the model fills them, every quote checked; None: it did not, or not in time."""
        try:
            return await self.ask(lines, language)
        except Undrafted:
            return None

    async def ask(self, lines: Sequence[Line], language: str) -> Slots:
        """The same. Raises `Undrafted`."""
        try:
            # What is hidden and checked is long at times: no message waits for that.
            async with asyncio.timeout(self._limit_s):
                body = await asyncio.to_thread(self._body, lines, language)
                answer = await self._asked(body)
                found = await asyncio.to_thread(checked, answer, lines)
        except TimeoutError:
            raise self._nothing("slow", f"not within {self._limit_s:g} s") from None
        except (OSError, _Refused) as error:
            raise self._nothing("down", str(error) or type(error).__name__) from None
        except (ValueError, EOFError) as error:
            raise self._nothing("bad", str(error) or type(error).__name__) from None
        if found is None:
            raise self._nothing("bad", "it is not in the customer's words")
        return found

    def _nothing(self, why: NoDraft, said: str) -> Undrafted:
        _LOG.info("The model at %s gave no draft: %s", self._host, said)
        return Undrafted(why)

    def _body(self, lines: Sequence[Line], language: str) -> bytes:
        return json.dumps(request(lines, language, self._model)).encode()

    async def _asked(self, body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        try:
            writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            return await _answer(reader)
        finally:
            # Whatever else it has to say, nobody listens.
            writer.transport.abort()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """The body of a response with status 200. Raises ValueError or EOFError for any other.

    What the endpoint sent stands in no error: it may hold the customer's words.
    """
    status = (await reader.readline()).split(maxsplit=2)
    if len(status) < 2 or not status[0].startswith(b"HTTP/1."):
        raise ValueError("no answer in HTTP")
    if status[1] != b"200":
        raise _Refused(f"status {int(status[1])}" if re.fullmatch(rb"\d{3}", status[1]) else "no status")
    length = -1
    chunked = False
    for _ in range(100):
        line = (await reader.readline()).lower()
        name, _, value = line.partition(b":")
        if not line.strip():
            break
        if name == b"content-length":
            length = _number(value, 10)
        elif name == b"transfer-encoding":
            chunked = value.strip() == b"chunked"
    else:
        raise ValueError("too many headers")
    if chunked:
        return await _chunks(reader)
    if length >= 0:
        return await reader.readexactly(length)
    return await _rest(reader)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := _number((await reader.readline()).partition(b";")[0], 16):
        if len(body) + size > _MOST_BYTES:
            raise ValueError("too long")
        body += await reader.readexactly(size)
        await reader.readline()
    return body


async def _rest(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while more := await reader.read(_MOST_BYTES):
        body += more
        if len(body) > _MOST_BYTES:
            raise ValueError("too long")
    return body


def _number(digits: bytes, base: int) -> int:
    try:
        number = int(digits.strip(), base)
    except ValueError:
        raise ValueError("a length that is none") from None
    if not 0 <= number <= _MOST_BYTES:
        raise ValueError("too long")
    return number
