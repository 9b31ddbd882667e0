"""Pieces of text in several styles, broken into rows together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len

from supportterm.console.widgets.blocks import Span
from supportterm.text import safe_text

_WORD = re.compile(r"\s*\S+|\s+")


def styled_rows(parts: Sequence[Span], width: int) -> list[tuple[Span, ...]]:
    """The parts one after another, at most ``width`` cells a row, broken between words where it can be."""
    text = "".join(part.text for part in parts)
    styles = [part.style for part in parts for _ in part.text]
    return [_spans(text[start:end], styles[start:end]) for start, end in _cut(text, max(2, width))]


def _cut(text: str, width: int) -> Iterator[tuple[int, int]]:
    start = end = used = 0
    for found in _WORD.finditer(text):
        word, at = found[0], found.start()
        if used and used + cell_len(word) > width:
            yield start, end
            at += len(word) - len(word.lstrip())
            start, used = at, 0
        while used + cell_len(text[at : found.end()]) > width:
            # A word longer than a row is cut.
            most = next(n for n in range(found.end(), at, -1) if cell_len(text[at:n]) <= width)
            yield start, most
            start = at = most
            used = 0
        end = found.end()
        used += cell_len(text[at:end])
    if end > start:
        yield start, end


def _spans(text: str, styles: Sequence[str]) -> tuple[Span, ...]:
    found = []
    for style, run in groupby(zip(text, styles, strict=True), key=lambda pair: pair[1]):
        found.append(Span(safe_text("".join(char for char, _ in run)), style))
    return tuple(found)
