"""Text broken into rows of terminal cells. Pure."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from supportterm.text import SafeText, safe_text, trusted

_WORD = re.compile(r"\s*\S+|\s+")


def wrap(text: SafeText, width: int) -> list[SafeText]:
    """The rows of ``text`` at ``width`` cells: line breaks kept, broken between words where it can be.

    A word longer than a row is cut. Spaces at a break are dropped; those at the start of a line stay.
    """
    rows: list[SafeText] = []
    for line in text.split("\n"):
        # A cut may leave a mark without its base, so each row is made safe by itself.
        rows.extend(safe_text(row) for row in _wrap_line(line, max(2, width)))
    return rows


def _wrap_line(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line]
    rows: list[str] = []
    row, used = "", 0
    for word in _WORD.findall(line):
        piece = word
        cells = cell_len(piece)
        if used + cells <= width:
            row, used = row + piece, used + cells
            continue
        if row:
            rows.append(row)
            piece = piece.lstrip()
            cells = cell_len(piece)
        if cells > width:
            *full, piece = chop_cells(piece, width)
            rows.extend(full)
            cells = cell_len(piece)
        row, used = piece, cells
    rows.append(row)
    return rows


def fit(text: SafeText, width: int) -> SafeText:
    """``text`` in at most ``width`` cells, with "…" where something was left out."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return trusted("")
    return safe_text(chop_cells(text, width - 1)[0]) + trusted("…") if width > 1 else trusted("…")
