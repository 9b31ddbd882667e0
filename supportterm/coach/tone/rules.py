"""The rule files: what is to be noticed in a language, and what to write instead.

A file is called by its language, ``nl.toml``. It has

- ``[[rule]]`` with ``id``, ``kind`` (of `KINDS`) and ``phrases`` (`supportterm.coach.phrases`), and perhaps
  - ``unless``: phrases in the same or the next sentence that make it good
  - ``rewrite``: what to write instead, a text or a table with ``polite`` and ``familiar``; "…" is for the
    agent to fill in, and "" takes the phrase out
  - ``takes = "sentence"``: the rewrite replaces the rest of the sentence, too
  - ``then``: put at the end of the sentence
- ``familiar``: the words by which a text is seen to say "je" and not "u".
- ``[jargon]``: a phrase, and the plain words for it.

What is wrong in a file is told with its place, and the rest of it holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from msgspec import Struct

from supportterm.coach.phrases import BadPhrase, expanded

#: What a hint can be about; each has a sentence that says why.
KINDS: Final = frozenset(
    {
        "refusal",
        "command",
        "delay",
        "stock",
        "department",
        "policy",
        "repeat",
        "doubt",
        "calm",
        "wait",
        "thanks",
        "overpromise",
        "blame",
        "jargon",
    }
)
_KEYS: Final = frozenset({"id", "kind", "phrases", "unless", "rewrite", "takes", "then"})


class Rule(Struct, frozen=True):
    """One thing to notice. ``rewrite`` None: there is nothing to put in place.

    ``familiar``: the same rewrite for a text that says "je". ``phrases`` and ``unless`` as
    `supportterm.coach.phrases.expanded` gives them.
    """

    id: str
    kind: str
    phrases: tuple[tuple[str, ...], ...]
    unless: tuple[tuple[str, ...], ...] = ()
    rewrite: str | None = None
    familiar: str | None = None
    #: The rewrite stands for the rest of the sentence, too.
    sentence: bool = False
    then: str = ""

    @property
    def name(self) -> str:
        """What it is called among all rules of its language."""
        return f"{self.kind}.{self.id}"


class Rules(Struct, frozen=True):
    """One language. ``familiar``: words by which a text is seen to say "je"; ``jargon``: plain words."""

    rules: tuple[Rule, ...] = ()
    familiar: tuple[str, ...] = ()
    jargon: Mapping[str, str] = {}


@cache
def builtin() -> tuple[dict[str, Rules], tuple[str, ...]]:
    """The rules that come with it, by language, and a sentence for each thing that is wrong with them."""
    found: dict[str, Rules] = {}
    problems: list[str] = []
    for file in sorted((files(__package__) / "languages").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            found[file.name.removesuffix(".toml")] = _read(file.read_bytes(), file.name, problems)
    return found, tuple(problems)


def read_rules(text: str | bytes, file: str) -> tuple[Rules, list[str]]:
    """The rules in a file's text, and a sentence for each one that cannot be used: file, rule, reason."""
    problems: list[str] = []
    return _read(text if isinstance(text, bytes) else text.encode(), file, problems), problems


def _read(raw: bytes, file: str, problems: list[str]) -> Rules:
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        problems.append(f"{file}: this is not UTF-8 text: save it as UTF-8.")
        return Rules()
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{file}: this is not valid TOML: {error}.")
        return Rules()
    for name in sorted(table.keys() - {"rule", "familiar", "jargon"}):
        problems.append(f"{file}: `{name}` is not known; a file has [[rule]], `familiar` and [jargon].")
    rules: dict[str, Rule] = {}
    for number, one in enumerate(_list(table, "rule", file, problems), 1):
        where = f"{file}: rule {number}"
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            where += f" ({one['id']})"
        try:
            rule = _rule(one)
        except _BadRule as bad:
            problems.append(f"{where}: {bad}")
            continue
        if rule.name in rules:
            problems.append(f"{where}: there is another one of this kind and id: rename one.")
        rules.setdefault(rule.name, rule)
    familiar = _list(table, "familiar", file, problems)
    if not all(isinstance(one, str) for one in familiar):
        problems.append(f"{file}: `familiar` must be a list of words.")
        familiar = []
    return Rules(tuple(rules.values()), tuple(familiar), dict(_jargon(table, file, problems)))


class _BadRule(ValueError):
    """Why a rule cannot be used, as the rest of a sentence."""


def _list(table: dict[str, Any], name: str, file: str, problems: list[str]) -> list[Any]:
    found = table.get(name, [])
    if isinstance(found, list):
        return found
    problems.append(f"{file}: `{name}` must be a list.")
    return []


def _jargon(table: dict[str, Any], file: str, problems: list[str]) -> Iterator[tuple[str, str]]:
    found = table.get("jargon", {})
    if not isinstance(found, dict):
        problems.append(f"{file}: `jargon` must be a table: write [jargon] on a line of its own.")
        return
    for phrase, words in found.items():
        if not isinstance(words, str):
            problems.append(f"{file}: [jargon] “{phrase}”: its plain words must be a text.")
            continue
        try:
            expanded(phrase)
        except BadPhrase as bad:
            problems.append(f"{file}: [jargon] “{phrase}” {bad}.")
        else:
            yield phrase, words


def _rule(one: Any) -> Rule:
    if not isinstance(one, dict):
        raise _BadRule("it must be a table: write [[rule]] above it.")
    for name in sorted(one.keys() - _KEYS):
        raise _BadRule(f"key `{name}` is not known; known keys: {', '.join(sorted(_KEYS))}.")
    for name in ("id", "kind"):
        if not isinstance(one.get(name), str) or not one[name]:
            raise _BadRule(f"`{name}` is missing: give it a text.")
    if one["kind"] not in KINDS:
        raise _BadRule(f"`kind` is “{one['kind']}”, but must be one of {', '.join(sorted(KINDS))}.")
    if not one.get("phrases"):
        raise _BadRule("`phrases` is missing: list at least one.")
    rewrite, familiar = _rewrites(one.get("rewrite"))
    takes, then = one.get("takes", "phrase"), one.get("then", "")
    if takes not in ("phrase", "sentence"):
        raise _BadRule(f"`takes` is “{takes}”, but must be “phrase” or “sentence”.")
    if not isinstance(then, str):
        raise _BadRule("`then` must be a text.")
    if rewrite is None and (then or takes == "sentence"):
        raise _BadRule("it has no `rewrite` for `takes` or `then` to go with.")
    return Rule(
        one["id"],
        one["kind"],
        _phrases(one, "phrases"),
        _phrases(one, "unless"),
        rewrite,
        familiar,
        takes == "sentence",
        then,
    )


def _rewrites(value: Any) -> tuple[str | None, str | None]:
    if value is None or isinstance(value, str):
        return value, value
    if (
        isinstance(value, dict)
        and value.keys() == {"polite", "familiar"}
        and all(isinstance(text, str) for text in value.values())
    ):
        return value["polite"], value["familiar"]
    raise _BadRule("`rewrite` must be a text, or a table with a text for `polite` and one for `familiar`.")


def _phrases(one: dict[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    found = one.get(name, [])
    if not isinstance(found, list) or not all(isinstance(phrase, str) for phrase in found):
        raise _BadRule(f"`{name}` must be a list of texts.")
    sequences: list[tuple[str, ...]] = []
    for phrase in found:
        try:
            sequences += expanded(phrase)
        except BadPhrase as bad:
            raise _BadRule(f"`{name}` has “{phrase}”, which {bad}.") from None
    return tuple(sequences)
