"""The keys of ``[[shop.<key>.reason]]``: why customers write, and what may be given without asking."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Struct, field

from server.settings.about import about, inner

#: What to do about a reason by whom it is of value to: Price and Jaffe, "The Best Service is No Service"
#: (2008). "automate" and "simplify" are called "digitise" and "streamline" in their later book.
QUADRANTS: Final = {"both": "leverage", "customer": "automate", "shop": "simplify", "neither": "eliminate"}

_BY_LANGUAGE: Final = "a table of texts by language, such as "


class Mandate(Struct, frozen=True, kw_only=True):
    """Something an agent may give for this reason without asking anybody. Each use is counted."""

    id: Annotated[str, about("What reports call it.", "a word made of a-z, 0-9 and `-`", "voucher-10")]
    label: Annotated[
        dict[str, str],
        about(
            "What agents read, in the shop's first language at least.",
            _BY_LANGUAGE + '{ en = "Voucher up to €10", nl = "Bon tot 10 euro" }',
        ),
    ]
    insert: Annotated[
        dict[str, str],
        about(
            "What a key puts into the answer, in the shop's first language at least; `…` is to be filled in.",
            _BY_LANGUAGE + '{ en = "Here is a voucher of € … for your next order: …" }',
        ),
    ]


class Reason(Struct, frozen=True, kw_only=True):
    """Why customers write. Agents pick one before they close a chat.

    A reason says *why*, not about what: "parcel is late", not "shipping". Ask of each: would it be good or
    bad news if this doubled?
    """

    id: Annotated[str, about("What reports call it.", "a word made of a-z, 0-9 and `-`", "parcel-late")]
    label: Annotated[
        dict[str, str],
        about(
            "What agents read, in the shop's first language at least; it says why somebody writes.",
            _BY_LANGUAGE + '{ en = "Parcel is late", nl = "Pakket is te laat" }',
        ),
    ]
    value: Annotated[
        Literal["both", "customer", "shop", "neither"],
        about(
            "For whom such a chat is of value. It says what to do about the reason: leverage (both), automate"
            " (customer), simplify (shop), eliminate (neither).",
            '"both", "customer", "shop" or "neither"',
        ),
    ]
    next_issue: Annotated[
        dict[str, str],
        about(
            "What these customers ask next, answered before they do: a text offered before closing.",
            _BY_LANGUAGE + '{ en = "The money is on your account within five working days." }',
        ),
    ] = field(default_factory=dict)
    mandate: Annotated[
        list[Mandate], inner(Mandate, "list", "What an agent may give for it without asking anybody.")
    ] = field(default_factory=list)

    @property
    def quadrant(self) -> str:
        """What to do about it: a value of `QUADRANTS`."""
        return QUADRANTS[self.value]
