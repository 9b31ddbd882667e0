"""Being understood: what the customer said, in slots with their places, and what is to be said back.

Pure rules over a conversation's lines. Words are data, one file per language in `words/`;
`docs/understanding-rules.md` explains them.
"""

from supportterm.coach.understanding.answers import Answer, answer
from supportterm.coach.understanding.closing import Gap, Reason, missing_at_close
from supportterm.coach.understanding.drafter import Drafter, FirstOf, RulesDrafter, checked, request
from supportterm.coach.understanding.drafting import after_choice, before_options, draft
from supportterm.coach.understanding.guessing import guess_reason
from supportterm.coach.understanding.lines import Kind, Line, Quote, Who
from supportterm.coach.understanding.news import BRIEF, is_fact_asked, is_news
from supportterm.coach.understanding.prompting import Due, Enough, Moment, asks_still, summary_due
from supportterm.coach.understanding.references import Reference, references
from supportterm.coach.understanding.rules import WordFileError, languages, load_all, rules_of, troubles
from supportterm.coach.understanding.signs import Contact, Fact, From, orders, signs
from supportterm.coach.understanding.slots import Slot, Slots, ask, slots
from supportterm.coach.understanding.steps import STEPS, Progress, Step, progress

__all__ = [
    "BRIEF",
    "STEPS",
    "Answer",
    "Contact",
    "Drafter",
    "Due",
    "Enough",
    "Fact",
    "FirstOf",
    "From",
    "Gap",
    "Kind",
    "Line",
    "Moment",
    "Progress",
    "Quote",
    "Reason",
    "Reference",
    "RulesDrafter",
    "Slot",
    "Slots",
    "Step",
    "Who",
    "WordFileError",
    "after_choice",
    "answer",
    "ask",
    "asks_still",
    "before_options",
    "checked",
    "draft",
    "guess_reason",
    "is_fact_asked",
    "is_news",
    "languages",
    "load_all",
    "missing_at_close",
    "orders",
    "progress",
    "references",
    "request",
    "rules_of",
    "signs",
    "slots",
    "summary_due",
    "troubles",
]
