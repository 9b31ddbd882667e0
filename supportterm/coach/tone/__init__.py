"""Hints on tone while an agent writes: one phrase at a time, why, and how to say it better.

``languages/*.toml`` are the rules; a further language is a further file. A hint never stands in the way of
sending, and never comes twice for the same words: the caller keeps the `Hint.key` of what was shown.
"""

from __future__ import annotations

from supportterm.coach.tone.glossary import Glossary, glossary_of
from supportterm.coach.tone.hints import Hint, Rewritten, Tone, hint, rewrite
from supportterm.coach.tone.rules import KINDS, Rule, Rules, builtin, read_rules

__all__ = [
    "KINDS",
    "Glossary",
    "Hint",
    "Rewritten",
    "Rule",
    "Rules",
    "Tone",
    "builtin",
    "glossary_of",
    "hint",
    "read_rules",
    "rewrite",
]
