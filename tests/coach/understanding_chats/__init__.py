"""Conversations as a shop has them, and what a summary of each must hold. Our own words, typos and all."""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, convert

from supportterm.coach.understanding import Line, Slots, slots


class Chat(Struct, frozen=True, forbid_unknown_fields=True):
    """``lines`` begin with who says it: "c: ", "a: ". The slots: words that must be in them ("a|b":
    either), absent: the slot must be empty. ``written``: the set it belongs to; the second and third
    were scored once before the rules had seen them (docs/understanding-rules.md)."""

    lines: list[str]
    happened: str = ""
    about: list[str] = []
    wants: str = ""
    tried: str = ""
    by_when: str = ""
    written: int = 1

    def conversation(self) -> list[Line]:
        return [
            Line("customer" if line.startswith("c: ") else "agent", line[3:], 60_000 * number)
            for number, line in enumerate(self.lines)
        ]


@cache
def chats(language: str, folder: str = ".") -> tuple[Chat, ...]:
    """Those that the rules were written with; of "heard" what was chosen learned, of "apart" nothing."""
    raw = (Path(__file__).parent / folder / f"{language}.toml").read_text("utf-8")
    return tuple(convert(tomllib.loads(raw)["chat"], list[Chat]))


def digest() -> str:
    """What changes with any chat that teaches which thought belongs into a slot."""
    raw = b"".join(file.read_bytes() for file in sorted((Path(__file__).parent / "heard").glob("*.toml")))
    return sha256(raw).hexdigest()[:16]


def wrong(chat: Chat, language: str) -> dict[str, tuple[object, object]]:
    """The slots that are not as they should be: (expected, found)."""
    found = slots(chat.conversation(), language)
    return {
        slot: (expected, said)
        for slot, expected, said in (
            ("happened", chat.happened, _text(found, "happened")),
            ("about", sorted(chat.about), sorted(one.quote.text for one in found.about)),
            ("wants", chat.wants, _text(found, "wants")),
            ("tried", chat.tried, _text(found, "tried")),
            ("by_when", chat.by_when, _text(found, "by_when")),
        )
        if not _right(slot, expected, said)
    }


def _text(found: Slots, slot: str) -> str:
    return " / ".join(quote.text for quote in getattr(found, slot))


def _right(slot: str, expected: object, said: object) -> bool:
    if isinstance(expected, list) and isinstance(said, list):
        left = list(said)
        for one in expected:
            held = [other for other in left if _same(one, other)]
            left = [other for other in left if other not in held]
            if not held:
                return False
        return not left
    return fits(str(expected), str(said))


def fits(expected: str, said: str) -> bool:
    """Whether words that were quoted hold what they must, or nothing where nothing must be."""
    if not expected:
        return not said
    return any(part.lower() in said.lower() for part in expected.split("|"))


def _same(expected: str, said: str) -> bool:
    """Numbers and codes are the whole of it; a product may be part of a longer word."""
    if any(char.isdigit() for char in expected):
        return expected.lstrip("#") == said
    return expected.lower() in said.lower()
