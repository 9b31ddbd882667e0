"""The shape of a language file, `words/<language>.toml`; `docs/understanding-rules.md` explains it.

Sentences for customers may have two forms, polite and familiar, with a bar between: "u heeft|je hebt".
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Wish(Struct, frozen=True, forbid_unknown_fields=True):
    """How customers ask for something; ``{rest}`` in ``match`` comes back, pronouns turned, in ``say``,
    as the whole thought does for ``{all}``.

    ``weight``: of several wishes the heaviest counts, of equals the latest.
    """

    match: list[str]
    say: str
    weight: int = 2


class Clauses(Struct, frozen=True, forbid_unknown_fields=True):
    """Where one thought ends: before ``joins`` followed by one of ``subjects``; not after a comma before
    ``holds``, nor at one in ``goes_on`` ("den lampe, jeg", which is the lamp that I …) if neither a wish
    nor trouble comes then, nor after the full stop of ``abbreviations``. ``contrast``: the joins that
    keep two thoughts together ("I ordered black but got white"). ``fillers`` open a thought and ``ends``
    end it, and mean nothing. ``reasons`` open a thought that says why; ``refers``: words that point at the
    thought before ("then"). ``pronouns`` open a thought about a thing that was named before ("it is")."""

    joins: list[str]
    contrast: list[str]
    subjects: list[str]
    holds: list[str] = []
    goes_on: list[str] = []
    abbreviations: list[str] = []
    fillers: list[str] = []
    ends: list[str] = []
    reasons: list[str] = []
    refers: list[str] = []
    pronouns: list[str] = []


class References(Struct, frozen=True, forbid_unknown_fields=True):
    """``order``, ``code``: words before such a number or code. ``not_order``: before other numbers (a
    telephone). ``units``: behind a number that counts something. ``postal``: how many digits stand
    before a town's name, 0: none do. ``products``: with ``compounds`` also as the last part of a
    longer word, so that "lader" finds "telefoonlader"; ``plurals``: endings that a product may have."""

    order: list[str]
    code: list[str]
    not_order: list[str]
    units: list[str]
    products: list[str]
    postal: int = 0
    plurals: list[str] = []
    compounds: bool = False


class Happened(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases of trouble: ``strong`` ones say what went wrong, ``weak`` ones only what took place.

    ``denied``: words of denial, which say it unless one of ``own`` makes it the customer's own doing
    ("it doesn't answer", but "I won't be home")."""

    strong: list[str]
    weak: list[str] = []
    denied: list[str] = []
    own: list[str] = []


class ByWhen(Struct, frozen=True, forbid_unknown_fields=True):
    """A time ("friday") counts behind one of ``before`` ("by"), or in a thought with one of ``needs``
    ("birthday"), and never in one with ``past`` ("ago")."""

    times: list[str]
    before: list[str]
    needs: list[str]
    past: list[str]


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """What the draft is made of. ``wonders``: for a question that is no wish; ``answered``: for an
    answer to what would be a good solution; ``settled``: for a time where no wish is known.
    ``small_first``: a thought may begin with a small letter. ``options`` stand below it, and ``chosen``
    is how an agent goes on with the one that was taken."""

    opening: str
    order: str
    code: str
    only_about: str
    also: str
    settled: str
    by_when: str
    wonders: str
    answered: str
    question: str
    options: str
    chosen: str
    small_first: bool = True


class Asks(Struct, frozen=True, forbid_unknown_fields=True):
    """The question that fills an empty slot."""

    happened: str
    about: str
    wants: str
    tried: str
    by_when: str


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """``yes`` may be followed by ``more`` and stays a yes; by ``but`` it is a correction, as ``no`` is.
    ``unclear`` is neither, whatever follows. ``opens`` stand before any of them and mean nothing. ``nay``: a
    no that a yes may follow ("no, that's right")."""

    yes: list[str]
    more: list[str]
    but: list[str]
    no: list[str]
    unclear: list[str]
    opens: list[str] = []
    nay: list[str] = []


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """How agents say one thing, and ``add``: the sentence that may be added where they have not."""

    said: list[str]
    add: str = ""


class Closing(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said before a chat is closed."""

    solution: Said
    next_step: Said
    open_door: Said


class Talk(Struct, frozen=True, forbid_unknown_fields=True):
    """``small``: words of greeting and thanks. ``asking``: words that open a question. ``holding``: words of
    an agent's sentence that settles nothing yet. ``common``: words too frequent to compare questions by.
    ``everyday``, ``things``: of a shop's reason, words that say nothing, and what any reason may be about.
    ``asks_wants``, ``asks_tried``: how agents ask for these slots, so that the next answer fills them."""

    small: list[str]
    asking: list[str]
    holding: list[str]
    common: list[str]
    everyday: list[str]
    things: list[str]
    asks_wants: list[str] = []
    asks_tried: list[str] = []


class Regular(Struct, frozen=True, forbid_unknown_fields=True):
    """How a verb that no list has is turned: "ich {stem}e" (``match``) becomes "Sie {stem}en|du {stem}st"
    (``say``). ``ends``: letters that the stem may end with, "": any. ``first``: only where a thought begins.
    ``never``: words that are no verbs."""

    match: str
    say: str
    ends: str = ""
    first: bool = False
    never: list[str] = []


class Agree(Struct, frozen=True, forbid_unknown_fields=True):
    """``verbs`` that go with ``pronouns`` wherever they stand, and what they are once those are turned, as
    "polite|familiar|familiar before the pronoun" ("gaan" = "gaat|gaan").

    Of several behind a pronoun the first counts, or the ``last``; none behind one of ``infinitive`` ("te
    gaan"). ``sure``: in these forms ("polite", "familiar") a thought is left out of the draft if none of them
    is there: some verb is wrong then.
    """

    pronouns: list[str]
    verbs: dict[str, str]
    last: bool = False
    infinitive: list[str] = []
    sure: list[Literal["polite", "familiar"]] = []


class WordFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``spelled``: short words people type, and what they stand for. ``turn``: the customer's words in
    the agent's mouth; ``turn_start``: the same for the first word of a thought, where the pronoun was
    left out; ``regular``: verbs that are not in it; ``agree``: verbs that may stand apart from their pronoun.
    ``in_vain``: what says that the thought before was tried and did not help. ``broken``: what no agent
    writes; a thought in which it stands once turned is left out."""

    talk: Talk
    clauses: Clauses
    references: References
    happened: Happened
    wants: list[Wish]
    not_wants: list[str]
    tried: list[str]
    in_vain: list[str]
    by_when: ByWhen
    sentences: Sentences
    asks: Asks
    answers: Answers
    closing: Closing
    turn: dict[str, str]
    turn_start: dict[str, str] = {}
    regular: list[Regular] = []
    agree: list[Agree] = []
    broken: list[str] = []
    spelled: dict[str, str] = {}
