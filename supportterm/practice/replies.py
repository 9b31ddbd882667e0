"""What the scripted agent answers, per language; the words are data in `replies/*.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """Said, one text after another, where one of ``words`` was said."""

    words: list[str]
    texts: list[str]


class Handover(Struct, frozen=True, forbid_unknown_fields=True):
    """What is promised to a customer, and the note for who will have to keep it."""

    promise: str
    note: str


class Replies(Struct, frozen=True, forbid_unknown_fields=True):
    """An agent's lines in one language; ``greeting`` may name the agent as ``{name}``."""

    greeting: str
    thanks: list[str]
    goodbye: str
    otherwise: list[str]
    answer: list[Answer]
    handover: list[Handover]

    def is_thanks(self, text: str) -> bool:
        """Whether a customer is saying goodbye with this."""
        return _says(text, self.thanks)

    def pick(self, said: str, used: set[str]) -> str:
        """An answer to what was ``said``, not one ``used`` before as long as there is another."""
        fitting = [text for answer in self.answer if _says(said, answer.words) for text in answer.texts]
        fresh = [text for text in [*fitting, *self.otherwise] if text not in used]
        return fresh[0] if fresh else self.otherwise[-1]


@cache
def replies(lang: str) -> Replies:
    """The lines for a language; English for those we have none for."""
    folder = resources.files("supportterm.practice") / "replies"
    short = re.sub(r"[^a-z]", "", lang.lower().split("-")[0])
    file = folder / f"{short}.toml"
    if not short or not file.is_file():
        file = folder / "en.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Replies)


def _says(text: str, words: list[str]) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)
