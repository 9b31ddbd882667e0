"""What the reports show, and what each figure means: for the report itself and its page."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

By = Literal["", "day", "hour", "shop", "language", "agent"]
BY: Final[tuple[By, ...]] = ("day", "hour", "shop", "language", "agent")

#: Seconds in which a first answer should come, if nobody says otherwise.
TARGET_SECONDS: Final = 60


class Column(Struct, frozen=True):
    """``unit``: "s", "%", "h", "chats" … ; "" for what is no number. ``about``: may name the target."""

    id: str
    name: str
    unit: str
    about: str


KEYS: Final[dict[By, Column]] = {
    "": Column("period", "Period", "", "The first and the last day of the report."),
    "day": Column("day", "Day", "", "The day on which a chat was opened, or a customer wrote."),
    "hour": Column("hour", "Hour", "", "The hour of the day from which on, over all days of the report."),
    "shop": Column("shop", "Shop", "", "The shop of the chat."),
    "language": Column("language", "Language", "", "The language in which the chat was opened."),
    "agent": Column("agent", "Agent", "", "Who answered; `nobody` where nobody has."),
}

COLUMNS: Final[tuple[Column, ...]] = (
    Column("chats", "Chats", "chats", "Chats that customers opened in this time."),
    Column(
        "first_avg",
        "First answer, average",
        "s",
        "From the customer's first message (from the opening, if an agent wrote before it) to the first"
        " message of an agent, in the shop's opening hours. Nothing automatic counts as an answer, and the"
        " time in the queue counts. Who left unanswered, or still waits, counts as waiting at least that"
        " long (Kaplan-Meier: an estimate for times whose end nobody saw).",
    ),
    Column("first_p50", "First answer, median", "s", "Half of the first answers came within this time."),
    Column("first_p90", "First answer, p90", "s", "Nine of ten first answers came within this time."),
    Column("first_max", "First answer, longest", "s", "The longest wait for one, answered or not."),
    Column(
        "first_in_target",
        "First answer in target",
        "%",
        "Customers who get a first answer within {target} s, of all; who left counts as above.",
    ),
    Column(
        "service_level",
        "Service level",
        "%",
        "First answers within {target} s ÷ (first answers + customers who left or still wait unanswered"
        " after more than that).",
    ),
    Column(
        "gap_avg",
        "Reply, average",
        "s",
        "After the first answer: from the first unanswered message of the customer to the next message of an"
        " agent, in clock time. A message that nobody answered before the chat closed is left out.",
    ),
    Column("gap_p50", "Reply, median", "s", "Half of these replies came within this time."),
    Column("gap_p90", "Reply, p90", "s", "Nine of ten of these replies came within this time."),
    Column("gap_max", "Reply, longest", "s", "The longest of these replies took this long."),
    Column(
        "covered",
        "Replies under a promise",
        "replies",
        "Replies to what a customer wrote while a promise was running; they are not among those above.",
    ),
    Column(
        "told",
        "Left, told",
        "chats",
        "The customer closed the chat before anybody had answered: in the queue, or with an agent who had"
        " not written yet.",
    ),
    Column(
        "silent",
        "Left, silent",
        "chats",
        "The chat closed unanswered because the customer was gone or silent; or they never wrote again after"
        " the first answer and their page was gone.",
    ),
    Column(
        "abandoned",
        "Abandoned",
        "%",
        "Both kinds of leaving, of all chats in which the customer did not leave a message instead.",
    ),
    Column(
        "left",
        "Messages left",
        "chats",
        "The customer left a message to be answered later; these chats are in no figure of"
        " waiting or leaving.",
    ),
    Column(
        "reachable",
        "Reachable",
        "%",
        "Of the time in which the shop was open: how much of it somebody (by agent: this agent) was online.",
    ),
    Column("online", "Online", "h", "Hours that agents were online, added up; away and finishing are not."),
    Column(
        "per_hour",
        "Chats per hour online",
        "chats/h",
        "Chats in which an agent wrote, each agent's counted once with their first message, ÷ their hours"
        " online.",
    ),
    Column(
        "full",
        "At the ceiling",
        "%",
        "Of the hours online: how much of them the agent's load was at the ceiling or above it. Counted in"
        " whole quarters of an hour at the ends of the report.",
    ),
)


PROMISES: Final[tuple[Column, ...]] = (
    Column("made", "Made", "promises", "Promises of a time that agents made to customers in this time."),
    Column("kept", "Kept", "promises", "Answered by the deadline that was given first."),
    Column(
        "extended",
        "Kept after extension",
        "promises",
        "Answered by a later deadline, which the agent gave before the earlier one had passed.",
    ),
    Column(
        "broken",
        "Broken",
        "promises",
        "The deadline passed without the answer; what came after it mends nothing here.",
    ),
    Column(
        "withdrawn",
        "Withdrawn",
        "promises",
        "The chat was closed, or the customer had left, before the deadline.",
    ),
    Column("running", "Running", "promises", "The deadline is still to come."),
    Column(
        "kept_share",
        "Kept, all",
        "%",
        "Kept and kept after extension, of these and the broken ones together.",
    ),
    Column("kept_first", "Kept at first", "%", "Kept without an extension, of the same."),
    Column("made_good", "Made good", "promises", "Broken ones whose answer came after all."),
    Column(
        "late_p50",
        "Lateness, median",
        "s",
        "Of broken promises: from the last deadline to the answer. Where none came before the chat closed, or"
        " until now, it counts as at least that late (Kaplan-Meier: an estimate for times whose end nobody"
        " saw).",
    ),
    Column("late_max", "Lateness, longest", "s", "The longest of these."),
    Column("promised_p50", "Promised, median", "s", "The time that was promised at first."),
    Column(
        "actual_p50",
        "Needed, median",
        "s",
        "From the promise to the answer, in time or late; broken ones without an answer count as above.",
    ),
)

#: By agent only, where it is a figure of who kept them.
KEPT_FOR: Final = Column(
    "kept_for",
    "Kept for colleagues",
    "promises",
    "Promises that a colleague made and this agent kept or made good. No other figure of this row has them.",
)

_PROMISE_KEYS: Final[dict[By, Column]] = KEYS | {
    "day": Column("day", "Day", "", "The day on which the promise was made."),
    "agent": Column("agent", "Agent", "", "Who made the promise, whoever kept it."),
}

REASON: Final = Column(
    "reason",
    "Reason",
    "",
    "Why customers came, as agents picked it; beneath a reason what was given for it without asking. A reason"
    " that the shop no longer has is told by its id.",
)
REASONS: Final[tuple[Column, ...]] = (
    REASON,
    Column(
        "chats",
        "Chats",
        "chats",
        "Chats opened in this time that an agent answered, and that are closed.",
    ),
    Column("share", "Share", "%", "Of those for which a reason was picked."),
    Column(
        "before",
        "Before",
        "chats",
        "The same in as many days before; of a day that is not over yet, until the same hour. Not told if the"
        " log does not reach back so far.",
    ),
    Column(
        "change",
        "Change",
        "±%",
        "From before to now. Value says for whom it would be good news if this doubled.",
    ),
    Column(
        "value",
        "Value",
        "",
        "For whom such a chat is of value, as the shop's settings say: both, customer, shop or neither.",
    ),
    Column(
        "quadrant",
        "What to do",
        "",
        "What follows from that: leverage, automate, simplify or eliminate. Shops may differ.",
    ),
    Column(
        "given",
        "Given",
        "times",
        "How often agents gave something for this reason without asking; it counts when it was given.",
    ),
    Column("id", "Id", "", "The reason's id in the settings; after a slash that of what was given."),
)
_REASON_KEYS: Final[dict[By, Column]] = KEYS | {
    "": REASON,
    "day": Column("day", "Day", "", "The day on which a chat was opened, or something was given."),
    "agent": Column("agent", "Agent", "", "Who picked the reason; without one, who had the chat last."),
}

#: What a report may count.
What = Literal["service", "promises", "reasons"]
WHAT: Final[tuple[What, ...]] = ("service", "promises", "reasons")


def columns(by: By, what: What = "service") -> tuple[Column, ...]:
    """The columns of a report by ``by``, its key first."""
    if what == "reasons":
        return (_REASON_KEYS[by], *REASONS) if by else REASONS
    if what == "promises":
        return (_PROMISE_KEYS[by], *PROMISES, *([KEPT_FOR] if by == "agent" else []))
    return (KEYS[by], *COLUMNS)


def definitions(by: By, target: int, what: What = "service") -> dict[str, str]:
    """What each column means, by its id; ``target`` in seconds."""
    return {column.id: column.about.format(target=target) for column in columns(by, what)}
