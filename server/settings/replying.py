"""Whether a shop's replies can be shown, filled and sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from server.settings.keys import Limits
from server.settings.replies import Reply
from server.settings.sentences import ID, ID_RULE, LABEL, nearest, numbered, shown, text_problems
from server.settings.shops import Shop
from supportterm.coach.replying import COMMANDS, LONGEST_PLACE, VARIABLES, has_stray_brace, places

#: Room is left for what the agent adds: a message may hold 4,000.
_TEXT: Final = 2_000
#: What a console takes in one piece, with much room to spare.
_MOST_BYTES: Final = 1_000_000


def reply_problems(key: str, shop: Shop) -> Iterator[tuple[str, str]]:
    """(table, what is wrong in it)."""
    seen: dict[str, int] = {}
    for number, reply in numbered(shop.reply):
        here = f"[[shop.{key}.reply]] {number}"
        for problem in _one(shop, reply):
            yield here, problem
        if reply.id in seen:
            yield here, f"`id` is `{reply.id}`, and so is that of number {seen[reply.id]}: keep one."
        seen.setdefault(reply.id, number)


def size_problem(shops: Iterable[Shop], limits: Limits) -> str:
    """What is wrong with the size of all replies of a desk, "" if nothing is.

    They travel to its consoles in one piece, and a console on a slow line that has still to read it must not
    look like one that does not read.
    """
    size = sum(len(msgspec.json.encode(reply)) for shop in shops for _, reply in numbered(shop.reply))
    most = min(_MOST_BYTES, limits.buffered_bytes // 2)
    if size <= most:
        return ""
    more = f", or set `buffered_bytes` in [limits] to {2 * size} at least" if size <= _MOST_BYTES else ""
    return (
        f"has shops whose replies are {size} bytes together, but must have at most {most}: leave out what"
        f" nobody uses{more}."
    )


def _one(shop: Shop, reply: Reply) -> Iterator[str]:
    if not ID.fullmatch(reply.id):
        yield f"`id` is {shown(reply.id)}: {ID_RULE}"
    elif reply.id in COMMANDS:
        yield f"`id` is `{reply.id}`, and /{reply.id} is a command of the console: choose another word."
    known = [reason.id for _, reason in numbered(shop.reason)]
    for reason in reply.reasons:
        # With a reason that could not be read nobody knows what it is called.
        if reason not in known and len(known) == len(shop.reason):
            yield f"`reasons` has {shown(reason)}, which is no reason of the shop; " + nearest(
                reason, known, "reasons"
            )
    yield from text_problems("label", reply.label, shop.languages, LABEL)
    yield from text_problems("text", reply.text, shop.languages, _TEXT)
    for language, text in reply.text.items():
        yield from _places(language, text)


def _places(language: str, text: str) -> Iterator[str]:
    for name, by_hand in places(text):
        if by_hand:
            if not 1 <= len(name) <= LONGEST_PLACE or "‹" in name or "›" in name:
                yield (
                    f"`text` has {shown('{?' + name + '}')} in `{language}`: after the question mark say in 1"
                    f" to {LONGEST_PLACE} characters what is to be filled in, such as {{?amount}}."
                )
        elif name not in VARIABLES:
            yield (
                f"`text` has {shown('{' + name + '}')} in `{language}`, which nothing is known to fill;"
                f" {nearest(name, VARIABLES, 'variables')} What agents fill in by hand begins with a question"
                " mark."
            )
    if has_stray_brace(text):
        yield f"`text` has a brace in `{language}` that opens or closes nothing: take it out."
