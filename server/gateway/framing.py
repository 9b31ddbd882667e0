"""The frames that nearly all traffic is made of (RFC 6455 §5.2), read and written without the library.

Nothing is negotiated that would change frames, so its general way is not needed for these; on the way of
every message it costs more than all of the desk's rules. Whatever else comes is left to it.
"""

from __future__ import annotations

from typing import Final

from websockets.frames import apply_mask  # type: ignore[attr-defined]

#: A text that is whole; the bit by which a client says that it is masked; and the length of the key for that.
_TEXT: Final = 0x81
_MASKED: Final = 0x80
_KEY: Final = 4


def text_frame(payload: bytes) -> bytes:
    """A server's text frame on the wire: whole and unmasked."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65_536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8), payload)


def text_at(data: bytes, at: int) -> tuple[bytes, int] | None:
    """The text in the client's frame that begins at ``at``, and where that frame ends.

    None: it is not all there yet, or is anything but a whole text of less than 64 KiB.
    """
    if len(data) < at + 2 or data[at] != _TEXT or data[at + 1] < _MASKED:
        return None
    size, key = data[at + 1] - _MASKED, at + 2
    if size == 127:
        return None
    if size == 126:
        size, key = int.from_bytes(data[key : key + 2]), key + 2
    text = key + _KEY
    end = text + size
    return (apply_mask(data[text:end], data[key:text]), end) if end <= len(data) else None
