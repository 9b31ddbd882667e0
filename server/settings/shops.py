"""The keys of ``[shop.<key>]`` and of the tables under it: hours, topics, and who gets which chat."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from server.settings.about import about, day, days, inner, true_or_false, whole
from server.settings.identity import Identity
from server.settings.reasons import Reason
from server.settings.replies import Reply

_HOURS = 'a text such as "9:00-17:30", or a list such as ["9:00-12:30", "13:00-17:30"]'
_LANGUAGE = "a language code of the shop, or empty"


def _weekday(name: str) -> Meta:
    return about(f"When it is open on {name}. Empty: closed.", _HOURS)


class OpenDays(Struct, frozen=True, kw_only=True):
    """Opening hours on the shop's own clock; without this table it is always open.

    A day that is absent is closed. The end of the day is "24:00".
    """

    mon: Annotated[str | list[str], _weekday("Mondays")] = field(default_factory=list)
    tue: Annotated[str | list[str], _weekday("Tuesdays")] = field(default_factory=list)
    wed: Annotated[str | list[str], _weekday("Wednesdays")] = field(default_factory=list)
    thu: Annotated[str | list[str], _weekday("Thursdays")] = field(default_factory=list)
    fri: Annotated[str | list[str], _weekday("Fridays")] = field(default_factory=list)
    sat: Annotated[str | list[str], _weekday("Saturdays")] = field(default_factory=list)
    sun: Annotated[str | list[str], _weekday("Sundays")] = field(default_factory=list)

    def by_day(self) -> dict[str, str | list[str]]:
        """What `supportterm.coach.timetable.week_of` reads."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Exceptional(Struct, frozen=True, kw_only=True):
    """A day, or several, on which other hours hold: holidays, a sale, stock-taking."""

    date: Annotated[str, day("The day, if it is one.")] = ""
    since: Annotated[str, day("The first of several days.")] = field(default="", name="from")
    until: Annotated[str, day("The last of them.")] = ""
    hours: Annotated[
        str | list[str], about("The hours that hold instead. Empty: closed all day.", _HOURS)
    ] = field(default_factory=list)
    name: Annotated[
        str,
        Meta(
            max_length=80,
            description="What the day is called, for whoever reads this file.",
            extra={"valid": "a text of at most 80 characters", "example": "Christmas"},
        ),
    ] = ""


class Topic(Struct, frozen=True, kw_only=True):
    """Something a customer may choose before a chat."""

    id: Annotated[str, about("What entry rules call it.", "a word made of a-z, 0-9 and `-`", "order")]
    label: Annotated[
        dict[str, str],
        about(
            "What customers read, in the shop's first language at least.",
            'a table of texts by language, such as { en = "My order", nl = "Mijn bestelling" }',
        ),
    ]


class Step(Struct, frozen=True, kw_only=True):
    """Who else may answer when nobody has for a while. After the last step a chat waits on."""

    after_seconds: Annotated[
        int, whole(0, 86_400, "Seconds in the queue after which this holds; more than in the step before.")
    ]
    any_skill: Annotated[bool, true_or_false("Whether agents without the wanted skill may answer then.")] = (
        False
    )
    languages: Annotated[
        list[str],
        about(
            "Languages in which it may be answered then, too; the customer is asked first.",
            'a list of languages of the shop, such as ["en"]',
        ),
    ] = field(default_factory=list)


class ShopStep(Step, frozen=True, kw_only=True):
    """Who else may answer when nobody has for a while; steps of an entry rule come before these.

    Steps with a `language` hold for chats that want it, and go on with the steps of each language that
    they open; the others hold for chats whose language has none of its own. Without any step at all, the
    shop's other languages may answer after 60 seconds.
    """

    language: Annotated[
        str, about("Only chats that want this language. Empty: all others.", _LANGUAGE, "da")
    ] = ""


class Entry(Struct, frozen=True, kw_only=True):
    """What a chat wants, by where it begins. The first rule that fits holds; what is empty fits all."""

    page: Annotated[
        str,
        about("The path of the page's address.", "a path in which `*` stands for anything", "/nl/retour*"),
    ] = ""
    topic: Annotated[str, about("The topic that was chosen.", "the id of a topic of the shop", "order")] = ""
    language: Annotated[str, about("The page's language, without a country.", "a language code", "de")] = ""
    skill: Annotated[
        str, about("The skill that is wanted.", "one of the desk's `skills`, or empty", "returns")
    ] = ""
    wants: Annotated[str, about("The language that is wanted. Empty: the page's.", _LANGUAGE, "nl")] = ""
    priority: Annotated[int, whole(0, 9, "Chats with a higher one go first, however long others wait.")] = 0
    fallback: Annotated[
        list[Step], inner(Step, "list", "Who else may answer when nobody has for a while.")
    ] = field(default_factory=list)


class Shop(Struct, frozen=True, kw_only=True):
    """One storefront. `<key>` is made of a-z, 0-9 and `-`; the snippet on the shop's pages names it."""

    desk: Annotated[
        str, about("The desk that answers this shop.", "the id of a [desk.<id>] in this file", "main")
    ]
    name: Annotated[
        str,
        Meta(
            max_length=80,
            description="What customers and agents read as the shop's name. Empty: its key.",
            extra={"valid": "a text of at most 80 characters", "example": "Acme Bikes"},
        ),
    ] = ""
    origins: Annotated[
        list[str],
        about(
            "The addresses of the shop's pages, exactly as browsers send them. `*` allows all; it is valid"
            " only while the server listens on loopback, or on a practice desk.",
            'a list of scheme://host[:port], such as ["https://www.acme.example"]',
            '["https://www.acme.example"]',
        ),
    ] = field(default_factory=list)
    languages: Annotated[
        list[str],
        about(
            "Languages the shop's customers write in, the usual one first.",
            'a list of language codes, such as ["nl", "en"]',
        ),
    ] = field(default_factory=lambda: ["en"])
    theme: Annotated[
        str,
        about("The theme whose colours the widget takes. Empty: the usual one.", "the name of a theme file"),
    ] = ""
    time_zone: Annotated[
        str,
        about("The clock that opening hours follow.", "a name of the time zone database", "Europe/Amsterdam"),
    ] = "UTC"
    max_queue: Annotated[
        int,
        whole(
            0,
            100_000,
            "Customers who may wait at once, but for those whose page is gone; the next who would have to may"
            " leave a message. 0: any.",
        ),
    ] = 0
    max_queue_per_address: Annotated[
        int,
        whole(
            0,
            100_000,
            "The same for customers from one address (IPv6: from one /64), who never have more than half of"
            " `max_queue`. An office or a mobile network shares one. 0: any.",
        ),
    ] = 10
    max_wait_minutes: Annotated[
        int,
        whole(
            0, 1_440, "Minutes of waiting, told or passed, after which a message may be left. 0: no limit."
        ),
    ] = 0
    answer_left_hours: Annotated[
        int, whole(1, 720, "Open hours within which a left message is to be answered.")
    ] = 4
    appeal: Annotated[
        str,
        Meta(
            max_length=160,
            description="Where somebody who was blocked may complain; they read it. Empty: no place named.",
            extra={
                "valid": "an address or a short text of at most 160 characters",
                "example": "service@acme.example",
            },
        ),
    ] = ""

    # --- being understood ---
    tone: Annotated[
        Literal["polite", "familiar"] | dict[str, Literal["polite", "familiar"]],
        about(
            'How drafts for agents, mails and the widget address customers: "u" or "je", "Sie" or "du",'
            ' "vous" or "tu". One for all languages, or one for each; a language that is absent is polite.',
            '"polite", "familiar" or a table by language, such as { nl = "familiar", de = "polite" }',
        ),
    ] = "polite"
    glossary: Annotated[
        str,
        about(
            "A TOML file of the shop's plain words for technical ones, used in hints on tone"
            " (docs/understanding.md). Empty: none. A relative path starts at this file.",
            "a path to a TOML file",
            "glossary.toml",
        ),
    ] = ""
    summary_required: Annotated[
        Literal["none", "handoff", "close", "both"],
        about(
            "What is refused until the agent has summed up what the customer wants.",
            '"none", "handoff", "close" or "both"',
        ),
    ] = "none"
    summary_messages: Annotated[
        int,
        whole(1, 100, "Messages of the customer since the last summary, from which on another is suggested."),
    ] = 3
    summary_characters: Annotated[int, whole(0, 10_000, "Characters that these must have, too.")] = 250
    interrupt_guard: Annotated[
        bool, true_or_false("Whether enter holds a message for a moment while the customer is typing.")
    ] = True
    afternoon_ends: Annotated[
        str,
        about(
            'What "this afternoon" means at the latest, on the shop\'s clock.',
            'a time from "12:00" to "24:00"',
        ),
    ] = "17:00"

    retention_days_texts: Annotated[int, days("Days after which the texts of a closed chat are removed.")] = 0
    retention_days_contacts: Annotated[
        int, days("Days after which contact data of a customer without open chats is removed.")
    ] = 0
    hours: Annotated[
        OpenDays | None, inner(OpenDays, "table", "Opening hours. Without them the shop is always open.")
    ] = None
    identity: Annotated[
        Identity | None,
        inner(
            Identity,
            "table",
            "The secret by which the shop says who is logged in. Without it nobody is known.",
        ),
    ] = None
    exception: Annotated[list[Exceptional], inner(Exceptional, "list", "Days on which other hours hold.")] = (
        field(default_factory=list)
    )
    skill_hours: Annotated[
        dict[str, OpenDays],
        inner(
            OpenDays,
            "tables",
            "Hours of a skill, within the shop's own; outside them anybody may answer.",
            "skill",
        ),
    ] = field(default_factory=dict)
    topic: Annotated[list[Topic], inner(Topic, "list", "What a customer may choose before a chat.")] = field(
        default_factory=list
    )
    entry: Annotated[list[Entry], inner(Entry, "list", "What a chat wants, by where it begins.")] = field(
        default_factory=list
    )
    fallback: Annotated[
        list[ShopStep], inner(ShopStep, "list", "Who else may answer when nobody has for a while.")
    ] = field(default_factory=list)
    reason: Annotated[
        list[Reason], inner(Reason, "list", "Why customers write; agents pick one before they close a chat.")
    ] = field(default_factory=list)
    reply: Annotated[list[Reply], inner(Reply, "list", "Texts that agents put into an answer.")] = field(
        default_factory=list
    )

    def tone_in(self, language: str) -> Literal["polite", "familiar"]:
        """How to address customers in a language."""
        return self.tone if isinstance(self.tone, str) else self.tone.get(language, "polite")
