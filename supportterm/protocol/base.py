"""What all frames are made of: the two sides' base structs and the types of their fields."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from supportterm.protocol import limits

#: A client's random id. Its alphabet is checked only where one becomes known (`NewId`): a pattern
#: costs more than the rest of the decoding.
Id = Annotated[str, Meta(min_length=limits.ID_CHARS_MIN, max_length=limits.ID_CHARS_MAX)]
NewId = Annotated[
    str,
    Meta(min_length=limits.ID_CHARS_MIN, max_length=limits.ID_CHARS_MAX, pattern=r"^[A-Za-z0-9_-]+$"),
]
Token = Annotated[
    str, Meta(min_length=limits.TOKEN_CHARS, max_length=limits.TOKEN_CHARS, pattern=r"^[A-Za-z0-9_-]+$")
]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
#: A frame may carry more than a message may hold, so that too long a text is refused by its id.
Text = Annotated[str, Meta(max_length=limits.FRAME_BYTES)]
Short = Annotated[str, Meta(max_length=200)]
Lang = Annotated[str, Meta(max_length=16, pattern=r"^[A-Za-z0-9-]*$")]
Role = Literal["customer", "agent", "desk"]
Side = Literal["customer", "agent"]
Status = Literal["online", "away", "finishing", "offline"]


class ClientFrame(Struct, frozen=True, tag_field="t", forbid_unknown_fields=True, omit_defaults=True):
    """What a client sends."""


class ServerFrame(Struct, frozen=True, tag_field="t", omit_defaults=True):
    """What the server sends."""
