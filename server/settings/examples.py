"""What a new file shows of the tables that most shops will write: in the shop's own first language, so that
it passes ``check`` as soon as the signs in front are taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

_STANDS_IN: Final = "en"

_PARCEL: Final = {
    "en": "Parcel is late",
    "nl": "Pakket is te laat",
    "da": "Pakken er forsinket",
    "de": "Paket kommt zu spät",
    "fr": "Colis en retard",
}
_WHERE: Final = {
    "en": "Where the parcel is",
    "nl": "Waar het pakket is",
    "da": "Hvor pakken er",
    "de": "Wo das Paket ist",
    "fr": "Où est le colis",
}
_TRACKING: Final = {
    "en": "You can follow order {order} here: {?link}",
    "nl": "Bestelling {order} kunt u hier volgen: {?link}",
    "da": "Du kan følge ordre {order} her: {?link}",
    "de": "Die Bestellung {order} können Sie hier verfolgen: {?Link}",
    "fr": "Vous pouvez suivre la commande {order} ici : {?lien}",
}

#: The question decides what a reason is worth knowing for; that is why it is asked before the first chat.
REASONS: Final = (
    "Why do customers write? Agents pick a reason before they close a chat. Write each as a table like this,"
    " and ask of each: would it be good or bad news if this doubled? Good for customers, for the shop, for"
    " both or for neither is its `value` (docs/understanding.md)."
)
#: What is typed every day is worth writing down once.
REPLIES: Final = (
    "What do agents write every day? A slash and a few letters of such a text put it into an answer, to"
    " change and to send. {customer}, {agent}, {shop} and {order} are filled with what is known, and"
    " {?...} by hand."
)


def toml(value: Any) -> str:
    """A string, number, boolean or list of strings as TOML; JSON writes these the same way."""
    text = msgspec.json.encode(value).decode()
    return text.replace('","', '", "')


def texts(said: Mapping[str, str]) -> str:
    """A table of texts by language, in one line."""
    return "{ " + ", ".join(f"{language} = {toml(text)}" for language, text in said.items()) + " }"


def a_reason(shop: str, languages: Sequence[str]) -> list[str]:
    """A reason as lines of the file."""
    return [
        f"[[shop.{shop}.reason]]",
        'id = "parcel-late"',
        f"label = {texts(_in(languages, _PARCEL))}",
        'value = "neither"',
    ]


def a_reply(shop: str, languages: Sequence[str]) -> list[str]:
    """A canned text as lines of the file."""
    return [
        f"[[shop.{shop}.reply]]",
        'id = "tracking"',
        'kind = "other"',
        f"label = {texts(_in(languages, _WHERE))}",
        f"text = {texts(_in(languages, _TRACKING))}",
    ]


def _in(languages: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    first = (languages or [_STANDS_IN])[0]
    return {first: said.get(first.partition("-")[0], said[_STANDS_IN])}
