"""Frames to JSON text and back, strict about what may come in.

Python's own JSON reader takes NaN, infinities, lone surrogates and duplicate keys; msgspec refuses
all of these but duplicate keys, which are checked here.
"""

from __future__ import annotations

import json
from typing import Final

import msgspec

from supportterm.protocol.base import ClientFrame, ServerFrame
from supportterm.protocol.frames import FromClient, FromServer
from supportterm.protocol.limits import FRAME_BYTES

_from_client: Final[msgspec.json.Decoder[FromClient]] = msgspec.json.Decoder(FromClient)
_from_server: Final[msgspec.json.Decoder[FromServer]] = msgspec.json.Decoder(FromServer)
_encoder: Final = msgspec.json.Encoder()


class BadFrame(ValueError):
    """The frame is not one of version 1. The message says what is wrong; it never quotes the frame."""


def encode(frame: ClientFrame | ServerFrame) -> bytes:
    """The frame as UTF-8 JSON."""
    return _encoder.encode(frame)


def decode_client(raw: str) -> FromClient:
    """What a client sent. Raises `BadFrame`."""
    if len(raw) > FRAME_BYTES:
        raise BadFrame("the frame is too big")
    try:
        frame = _from_client.decode(raw)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise BadFrame(_said(error)) from None
    # Both our clients write frames as the encoder does; only others need the slow look.
    if _encoder.encode(frame) != raw.encode() and _has_key_twice(raw):
        raise BadFrame("a key stands twice")
    return frame


def decode_server(raw: str | bytes) -> FromServer | None:
    """What the server sent; None for a frame of a kind this client does not know. Raises `BadFrame`."""
    try:
        return _from_server.decode(raw)
    except msgspec.ValidationError as error:
        if "Invalid value" in str(error) and str(error).endswith("at `$.t`"):
            return None
        raise BadFrame(_said(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadFrame(_said(error)) from None


def _said(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return str(error)
    return "the frame is not valid JSON"


def _has_key_twice(raw: str) -> bool:
    found = False

    def pairs(items: list[tuple[str, object]]) -> None:
        nonlocal found
        found = found or len({key for key, _ in items}) != len(items)

    json.loads(raw, object_pairs_hook=pairs)
    return found
