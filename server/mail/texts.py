"""What a mail says around an agent's answer: one file ``texts/<language>.toml`` each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

#: The language of a customer whose own we do not speak.
_OTHERWISE: Final = "en"
_PLACE: Final = re.compile(r"\{(name|agent|shop|days)\}")


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to address a customer. ``named`` or ``unnamed`` comes first, ``answered`` above the answer,
    ``write_back`` above the link, ``personal`` beneath it, ``asked`` above what the customer wrote."""

    named: str
    unnamed: str
    answered: str
    write_back: str
    personal: str
    asked: str


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """One language, as it stands in its file. Places: ``{name}``, ``{agent}``, ``{shop}``, ``{days}``."""

    subject: str
    polite: Sentences
    familiar: Sentences


def languages() -> list[str]:
    """The languages that mails are written in."""
    found = (file.name for file in (files(__package__) / "texts").iterdir())
    return sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml"))


def language_of(code: str) -> str:
    """The language to write in to somebody whose page is in ``code``, such as "nl-BE"."""
    short = code.lower().partition("-")[0]
    return short if short in languages() else _OTHERWISE


@cache
def texts(language: str) -> Texts:
    """Those of one of `languages`."""
    raw = (files(__package__) / "texts" / f"{language}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(raw), Texts)


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """In one pass, so that a name which looks like a place stays a name."""
    return _PLACE.sub(lambda place: values[place[1]], sentence)
