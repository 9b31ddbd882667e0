"""Why customers write: what ``init`` asks of a new shop, or takes as most shops would answer."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Container, Mapping, Sequence
from importlib.resources import files
from typing import Final, Literal

from server.settings.reasons import Reason
from server.settings.sentences import ID, LABEL, LANGUAGE
from supportterm.commands.asking import letter, line

Value = Literal["both", "customer", "shop", "neither"]

#: By whether it would be good news for the customer, and for the shop.
_VALUES: Final[dict[tuple[bool, bool], Value]] = {
    (True, True): "both",
    (True, False): "customer",
    (False, True): "shop",
    (False, False): "neither",
}
_STANDS_IN: Final = "en"

_ABOUT: Final = """\
Why do customers write? Before closing a chat, agents pick a reason, and
`supportterm report reasons` shows which ones grow. Here are eight that most
webshops have. Enter takes the answer in capitals; all of it can be changed in
the file later. Until the end nothing is written, and ctrl+c leaves no trace.
"""
_DOUBLED: Final = "  If twice as many customers wrote for this, would that be (g)ood or (b)ad news\n"


def starter(languages: Sequence[str]) -> list[Reason]:
    """What most webshops hear, in the shop's languages."""
    read = tomllib.loads((files(__package__) / "starter.toml").read_text("utf-8"))["reason"]
    return [Reason(id=one["id"], label=_in(languages, one["label"]), value=one["value"]) for one in read]


def ask_languages() -> list[str]:
    """In which languages the shop's customers write, the usual one first."""
    while True:
        typed = line(f"In which languages do your customers write, the usual one first? [{_STANDS_IN}] ")
        codes = [code if "-" in code else code.lower() for code in re.findall(r"[^\s,;]+", typed)]
        found = list(dict.fromkeys(codes)) if typed else [_STANDS_IN]
        if found and all(map(LANGUAGE.fullmatch, found)):
            return found
        print("Write codes such as `nl` or `en`, with spaces between them.")


def ask(languages: Sequence[str]) -> list[Reason]:
    """Which reasons the shop keeps, whether more of each would be good news, and its own."""
    offered = starter(languages)
    print(f"\n{_ABOUT}")
    kept: list[Reason] = []
    for number, one in enumerate(offered, 1):
        print(f"{number} of {len(offered)}: {one.label[languages[0]]}")
        if letter("  Keep it?", "yn", "y") == "y":
            kept.append(Reason(id=one.id, label=one.label, value=_value(one.value)))
    while True:
        print("\nAnother reason? Say in a few words why customers write; enter ends the list.")
        label = _own_label()
        if not label:
            return kept
        id = new_id(label, [reason.id for reason in kept])
        kept.append(Reason(id=id, label={languages[0]: label}, value=_value("neither")))


def new_id(label: str, taken: Container[str]) -> str:
    """What reports call a reason that people call so: its letters and digits, and unlike the others."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:28].strip("-") or "reason"
    id, number = word, 1
    while id in taken:
        number += 1
        id = f"{word}-{number}"
    assert ID.fullmatch(id)
    return id


def _own_label() -> str:
    while True:
        label = line("  > ")
        if not label.isprintable():
            print("  That has keys in it that are no letters: type it again.")
        elif len(label) > LABEL:
            print(f"  That is longer than {LABEL} characters: say it shorter.")
        else:
            return label


def _value(usual: Value) -> Value:
    """For whom it would be good news."""
    print(_DOUBLED, end="")
    customer, shop = next(good for good, value in _VALUES.items() if value == usual)
    for_customer = letter("    for the customer?", "gb", "g" if customer else "b")
    for_shop = letter("    for the shop?", "gb", "g" if shop else "b")
    return _VALUES[for_customer == "g", for_shop == "g"]


def _in(languages: Sequence[str], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that there are in these languages; the first must have one."""
    first = {languages[0]: texts.get(languages[0], texts[_STANDS_IN])}
    return first | {language: texts[language] for language in languages if language in texts}
