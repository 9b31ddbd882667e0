"""Which of an aid's forms a line of some cells has room for. Pure."""

from __future__ import annotations

from rich.cells import cell_len

from supportterm.console.aids.aid import Aid
from supportterm.console.widgets.wrap import fit
from supportterm.text import SafeText

#: Cells between what is said and its keys, and at the end.
_BETWEEN = 2
_END = 1


def fitted(aid: Aid, width: int) -> tuple[SafeText, SafeText]:
    """What is said and its keys, in the first form that fits.

    Where none does, a name is too long: it is cut before the keys are.
    """
    ways = ((aid.what, aid.act), *aid.briefs)
    for what, act in ways:
        if cell_len(what) <= _room(act, width):
            return what, act
    what, act = ways[-1]
    return fit(what, _room(act, width)), act


def _room(act: SafeText, width: int) -> int:
    return width - _END - (cell_len(act) + _BETWEEN if act else 0)
