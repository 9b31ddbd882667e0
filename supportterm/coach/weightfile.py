"""Weights as data: how much each sign counts for something, in files that nobody writes by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from typing import Final

#: A line that says something of the file itself begins so.
REMARK: Final = "#!"

#: What each sign counts for, in hundredths of log-odds; "" always does.
Weights = Mapping[str, int]


class BadWeights(ValueError):
    """A file that cannot be used. The message names the file and the line."""


def read(file: Traversable, kinds: Collection[str]) -> dict[str, Weights] | None:
    """The weights in a file by kind, a line each: kind, sign, hundredths. None: no file.

    Raises `BadWeights`.
    """
    if not file.is_file():
        return None
    found: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
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
    return {**found}


def written(digest: str, weights: Mapping[str, Weights]) -> str:
    """A file's text, by kind; ``digest``: by what it is known what they were learned from."""
    head = f"{REMARK} Written by `make weights` from lines of digest {digest}\n"
    return head + "".join(
        f"{kind}\t{sign}\t{one[sign]}\n" for kind, one in weights.items() for sign in sorted(one)
    )
