"""Being understood: what the customer said, in slots with their places, and what is to be said back.

Pure rules over a conversation's lines. Words are data, one file per language in `words/`;
`docs/understanding.md` explains them.
"""

from supportterm.coach.understanding.drafting import draft
from supportterm.coach.understanding.lines import Kind, Line, Quote, Who
from supportterm.coach.understanding.references import Reference, references
from supportterm.coach.understanding.rules import WordFileError, languages, load_all, rules_of
from supportterm.coach.understanding.slots import Slot, Slots, ask, slots

__all__ = [
    "Kind",
    "Line",
    "Quote",
    "Reference",
    "Slot",
    "Slots",
    "Who",
    "WordFileError",
    "ask",
    "draft",
    "languages",
    "load_all",
    "references",
    "rules_of",
    "slots",
]
