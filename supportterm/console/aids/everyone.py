"""Every aid, in the order in which they may speak."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.console.aids.aid import Helper
from supportterm.console.aids.promise import PromiseChip


def helpers() -> Sequence[Helper]:
    """Fresh ones, for one console: a held message before the promise chip, the chip before all hints."""
    return (PromiseChip(),)
