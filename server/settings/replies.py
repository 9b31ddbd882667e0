"""The keys of ``[[shop.<key>.reply]]``: texts that agents put into an answer."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from server.settings.about import about
from supportterm.coach.replying import Kind

_BY_LANGUAGE = "a table of texts by language, such as "


class Reply(Struct, frozen=True, kw_only=True):
    """A text that agents put into an answer by a few letters of it, to change and to send by hand.

    `{customer}`, `{agent}`, `{shop}` and `{order}` are filled with what is known. What is not known, and
    what stands with a question mark, as `{?amount}`, is left as a gap, and asked about before it is sent.
    """

    id: Annotated[
        str,
        about("What agents type after a slash.", "a word made of a-z, 0-9 and `-`", "return-label"),
    ]
    kind: Annotated[
        Kind,
        about(
            "What it is for. Before a `solution` agents are asked to say first how they understood the"
            " customer, if that is due.",
            '"greeting", "question", "solution", "closing" or "other"',
        ),
    ] = "other"
    reasons: Annotated[
        list[str],
        about(
            "Why customers write to whom it is an answer: in such chats it stands first.",
            'a list of ids of the shop\'s reasons, such as ["parcel-late"]',
        ),
    ] = field(default_factory=list)
    label: Annotated[
        dict[str, str],
        about(
            "What agents read, in the shop's first language at least.",
            _BY_LANGUAGE + '{ en = "Return label", nl = "Retourlabel" }',
        ),
    ]
    text: Annotated[
        dict[str, str],
        about(
            "What is put into the answer, in the shop's first language at least.",
            _BY_LANGUAGE + '{ en = "Here is the label for order {order}: {?link}" }',
        ),
    ]
