"""Whether what a shop says about tone, summaries, reasons, mandates and replies means something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from server.settings.reasons import Mandate, Reason
from server.settings.replying import reply_problems
from server.settings.sentences import ID, ID_RULE, LABEL, nearest, numbered, shown, text_problems
from server.settings.shops import Shop
from supportterm.coach.timetable import BadHours, time_of

_TEXT: Final = 500


def understanding_problems(key: str, shop: Shop) -> Iterator[tuple[str, str]]:
    """(table, what is wrong in it)."""
    where = f"[shop.{key}]"
    if isinstance(shop.tone, dict):
        for language in shop.tone:
            if language not in shop.languages:
                near = nearest(language, shop.languages, "languages")
                yield where, f"`tone` has {shown(language)}; the shop's `languages` do not have it: {near}"
    try:
        if time_of(shop.afternoon_ends) < 12 * 60:
            yield where, f"`afternoon_ends` is {shown(shop.afternoon_ends)}, which is before noon."
    except BadHours as bad:
        yield where, f"`afternoon_ends` {bad}"
    seen: dict[str, int] = {}
    for number, reason in numbered(shop.reason):
        here = f"[[shop.{key}.reason]] {number}"
        for problem in _reason_problems(shop, reason):
            yield here, problem
        if reason.id in seen:
            yield here, f"`id` is `{reason.id}`, and so is that of number {seen[reason.id]}: keep one."
        seen.setdefault(reason.id, number)
        yield from _mandate_problems(f"{here}, mandate", shop, reason)
    yield from reply_problems(key, shop)


def _reason_problems(shop: Shop, reason: Reason) -> Iterator[str]:
    if not ID.fullmatch(reason.id):
        yield f"`id` is {shown(reason.id)}: {ID_RULE}"
    yield from text_problems("label", reason.label, shop.languages, LABEL)
    if reason.next_issue:
        yield from text_problems("next_issue", reason.next_issue, shop.languages, _TEXT)


def _mandate_problems(where: str, shop: Shop, reason: Reason) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for number, mandate in numbered(reason.mandate):
        here = f"{where} {number}"
        for problem in _one_mandate(shop, mandate):
            yield here, problem
        if mandate.id in seen:
            yield here, f"`id` is `{mandate.id}`, and so is that of number {seen[mandate.id]}: keep one."
        seen.setdefault(mandate.id, number)


def _one_mandate(shop: Shop, mandate: Mandate) -> Iterator[str]:
    if not ID.fullmatch(mandate.id):
        yield f"`id` is {shown(mandate.id)}: {ID_RULE}"
    yield from text_problems("label", mandate.label, shop.languages, LABEL)
    yield from text_problems("insert", mandate.insert, shop.languages, _TEXT)
