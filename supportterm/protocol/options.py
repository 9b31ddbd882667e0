"""How options stand in the text of the message that offers them: its last lines, each a label, a tab, why."""

from __future__ import annotations

from collections.abc import Iterable


def laid_out(said: str, options: Iterable[tuple[str, str]]) -> str:
    """The whole text, from what is said first and each option's (label, why)."""
    return "\n".join([said, *(f"{label}\t{why}" if why else label for label, why in options)])


def read_back(text: str, count: int) -> tuple[str, list[tuple[str, str]]]:
    """The words before the last ``count`` lines, and each option's (label, why)."""
    if not count:
        return text, []
    rows = text.split("\n")
    pairs = [line.partition("\t") for line in rows[-count:]]
    return "\n".join(rows[:-count]), [(label, why) for label, _, why in pairs]
