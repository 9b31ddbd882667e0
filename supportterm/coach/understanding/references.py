"""What a conversation is about: order numbers, codes and products, as the customer wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.lines import LONGEST, Line, Quote, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import TAIL, Rules

About = Literal["order", "code", "product"]

#: The whole of it or nothing: SPRING20 never as ING20, 48213 never out of a longer number or a price, nor
#: what is left of a card's number that was hidden.
_TOKEN: Final = re.compile(
    r"(?<![\w.,/•-])(?<!•\W)#?((?:[A-Za-z]{1,5}[-–]?)?\d[\dA-Za-z]*(?:[-–/]\d+)*|[A-Za-z]+\d+[A-Za-z\d]*)(?![\w•]|[-,.]\w)"
)
_CODE: Final = re.compile(r"[A-Z]{2,}[A-Z-]*\d+[A-Z\d]*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITALS: Final = re.compile(r"(?<![\w-])[A-Z][A-Z-]{3,}(?![\w-])")
#: Between "order" and its number: "is", "nummer", ":", "no.", a few letters at most.
_NEAR: Final = re.compile(r"[\s:.#=(\"'-]*(?:\w{1,6}[\s:.#=(\"'-]+){0,3}")
_MONEY: Final = re.compile(r"[€$£]\s*\Z")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: What follows a postal code: a town, Dutch letters; a British one is in two halves.
_TOWN: Final = re.compile(r"\s?[A-Z]{2}(?!\w)|\s[A-ZÆØÅÄÖÜÉ][a-zæøåäöüé]+")
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
_INWARD: Final = re.compile(r"\s\d[A-Z]{2}(?!\w)")
#: Shorter ones in capitals are sizes, plugs and models: USB3, PS5, IP67.
_SHORT: Final = 6
_MOST: Final = 8


class Reference(Struct, frozen=True):
    """``quote`` is the number, code or product alone."""

    kind: About
    quote: Quote


def references(lines: Sequence[Line], rules: Rules, known: Sequence[str] = ()) -> tuple[Reference, ...]:
    """What the customer's messages name, each once: first what the shop ``known``s them to have (order
    numbers, products), then orders, codes, products; at most eight."""
    found: dict[str, Reference] = {}
    wanted = [fold(one) for one in known if one.strip()]
    everything: list[tuple[int, Reference]] = []
    for number, line in enumerate(lines):
        if said_by(line, "customer"):
            for one in _of(number, line.text[:LONGEST], rules, wanted):
                rank = (
                    0 if fold(one.quote.text) in wanted else ("order", "code", "product").index(one.kind) + 1
                )
                everything.append((rank, one))
    for _, one in sorted(everything, key=lambda pair: pair[0]):
        found.setdefault(fold(one.quote.text), one)
    return tuple(found.values())[:_MOST]


def kind_of(text: str) -> About:
    """What a reference is, by its looks."""
    if _CODE.fullmatch(text) and not re.search(r"\d{4}", text):
        return "code"
    return "order" if re.search(r"\d{3}", text) else "product"


def _of(number: int, text: str, rules: Rules, known: Sequence[str]) -> Iterator[Reference]:
    folded = fold(text)

    def at(kind: About, start: int, end: int) -> Reference:
        return Reference(kind, Quote(number, start, end, text[start:end]))

    for name in known:
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", folded):
            yield at(
                "product" if not any(char.isdigit() for char in name) else kind_of(found[0]), *found.span()
            )
    codes = [found.end() for found in rules.code.finditer(folded)]
    if any(map(str.isdecimal, text)):
        orders = [found.end() for found in rules.order.finditer(folded)]
        for found in _TOKEN.finditer(text):
            kind = _numbered(text, folded, found, orders, codes, rules)
            if kind:
                yield at(kind, *found.span(1))
    for found in _CAPITALS.finditer(text) if codes else ():
        if _near(folded, codes, found.start()):
            yield at("code", *found.span())
    if rules.products:
        long = [found.span() for found in rules.long_products.finditer(folded)]
        for span in long:
            yield at("product", *span)
        for found in _WORD.finditer(folded):
            if any(start <= found.start() < end for start, end in long):
                continue
            word = found[0]
            if _is_product(word, rules):
                yield at("product", *found.span())


def _is_product(word: str, rules: Rules) -> bool:
    if word in rules.products:
        return True
    if word[-TAIL:] in rules.product_tails and word.endswith(rules.product_ends):
        return True
    return word.endswith(rules.plurals) and any(
        word.endswith(end) and word[: -len(end)] in rules.products for end in rules.plurals
    )


def _numbered(
    text: str, folded: str, found: re.Match[str], orders: list[int], codes: list[int], rules: Rules
) -> About | None:
    word = found[1]
    digits = sum(char.isdigit() for char in word)
    hash_sign = found[0].startswith("#")
    if not hash_sign and _near(folded, codes, found.start()) and not word.isdigit():
        return "code"
    if digits >= 3 and (hash_sign or _near(folded, orders, found.start())):
        return "order"
    if not digits or _counts_something(text, folded, found, rules):
        return None
    if _CODE.fullmatch(word) and len(word) >= _SHORT:
        return "order" if digits >= 4 else "code"
    plain = re.fullmatch(r"(?:[A-Za-z]{1,5}-?)?\d{4,12}", word) or re.fullmatch(r"\d{4}-\d{3,8}", word)
    if not plain or _YEAR.fullmatch(word) or (word[0] == "0" and digits >= 9):
        return None
    return "order"


def _near(folded: str, ends: list[int], start: int) -> bool:
    """Whether one of the words that end there leads to the place."""
    return any(0 <= start - end <= 24 and _NEAR.fullmatch(folded, end, start) for end in ends)


def _counts_something(text: str, folded: str, found: re.Match[str], rules: Rules) -> bool:
    """Money, a measure, a telephone or a postal code."""
    before, after = folded[max(0, found.start() - 24) : found.start()], found.end()
    if _MONEY.search(before) or before.endswith("+") or text.startswith(("€", "%", "£", "$"), after):
        return True
    if len(found[1]) == rules.postal and found[1].isdigit() and _TOWN.match(text, after):
        return True
    if _OUTWARD.fullmatch(found[1]) and _INWARD.match(text, after):
        return True
    space = len(text[after:]) - len(text[after:].lstrip())
    if rules.unit.match(folded, after + space):
        return True
    return any(_NEAR.fullmatch(before, one.end()) for one in rules.not_order.finditer(before))
