"""The weights of a language, as data: one file ``weights/<language>.tsv`` each, written by `make weights`."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from msgspec import Struct

#: A line that says something of the file itself begins so.
REMARK: Final = "#!"


class Weights(Struct, frozen=True):
    """What each sign of a promise counts for, in hundredths: by a time, or without one. "" always does."""

    time: dict[str, int]
    vague: dict[str, int]


class BadWeights(ValueError):
    """A file that cannot be used. The message names the file and the line."""


def folder() -> Traversable:
    """Where the weights of our languages lie."""
    return files(__package__) / "weights"


def read(file: Traversable) -> Weights | None:
    """The weights in a file, a line each: ``time`` or ``vague``, the sign, its hundredths. None: no file.

    Raises `BadWeights`.
    """
    if not file.is_file():
        return None
    found: dict[str, dict[str, int]] = {"time": {}, "vague": {}}
    for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        if line.startswith(REMARK):
            continue
        try:
            kind, sign, hundredths = line.split("\t")
            found[kind][sign] = int(hundredths)
        except (KeyError, ValueError):
            raise BadWeights(
                f"{file.name}, line {number}: no kind, sign and hundredths; `make weights` writes it anew."
            ) from None
    return Weights(**found)
