"""Messages that customers left and that nobody has taken yet: what is said of them beside the list. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

from supportterm.console.words import Words
from supportterm.protocol.views import Left, LeftRow
from supportterm.text import SafeText, fill, join, trusted

_DOT: Final = trusted(" · ")
_NOTHING: Final = trusted("")
#: What is due within this time is due soon.
SOON_MS: Final = 60 * 60_000


def done(row: LeftRow) -> bool:
    """Whether it needs nobody any more."""
    return row.mail != "refused" and bool(row.answered_at or row.mail)


def waiting(left: Left | None) -> list[LeftRow]:
    """What was left and is nobody's. Callbacks are their owner's, and come up by themselves."""
    return [row for row in (left.rows if left is not None else []) if not (row.how or row.owner or done(row))]


def hint(
    words: Words, rows: list[LeftRow], now: int, key: SafeText, width: int
) -> tuple[SafeText, SafeText, bool]:
    """How many, how many of them are late or due soon, and the key that leads there, if there are any.

    Both ends of a bar of ``width`` cells, and whether one is late.
    """
    if not rows:
        return _NOTHING, _NOTHING, False
    late = sum(row.due_at < now for row in rows)
    soon = sum(now <= row.due_at < now + SOON_MS for row in rows)
    for right in (key, _NOTHING):
        for left in _forms(words, len(rows), late, soon):
            if cell_len(left) + cell_len(right) + (2 if right else 0) <= width:
                return left, right, late > 0
    return left, _NOTHING, late > 0


def _forms(words: Words, n: int, late: int, soon: int) -> Iterator[SafeText]:
    """From long to short."""
    say = words.say
    sign = fill("✉ {n}", n=n)
    urgent = [say("post.late", n=late)] if late else []
    both = [*urgent, say("post.soon", n=soon)] if soon else urgent
    yield join(_DOT, [trusted("✉ ") + say("post.left", n=n), *both])
    yield join(_DOT, [sign, *both])
    yield join(_DOT, [sign, *both[:1]])
    yield sign + trusted(" !") if both else sign
