"""The list's order, unread counts, who is next."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from supportterm.console.inbox import CLOSED_KEPT, SLACK_MS, Inbox
from supportterm.console.words import Words
from supportterm.link.journal import Journal
from supportterm.protocol.contact import Known
from supportterm.protocol.frames import Chat, Event, Gone, Head, Marks

from .server import CUSTOMER, MINUTE, NOON, SANNE, beginning, say

WORDS = Words("en")


def hold(journal: Journal, chat: str, events: list[Event], **head: Any) -> None:
    waiting = 0
    for event in events:
        if event.kind == "message":
            waiting = (waiting or event.at) if event.by.role == "customer" else 0
    facts: dict[str, Any] = {"state": "open", "shop": "acme", "lang": "en", "agent": "Sanne"}
    standing = Head(**{**facts, "opened_at": events[0].at, "waiting_since": waiting, **head})
    journal.take(Chat(chat, 1, events[-1].seq, standing), 0)
    for event in events:
        journal.take(event, 0)


def journal_of(**minutes: int) -> Journal:
    """Chats whose customer has waited these minutes; 0: answered."""
    journal = Journal("agent")
    for chat, wait in minutes.items():
        events = [
            *beginning(chat, NOON - 60 * MINUTE),
            say(chat, 4, NOON - wait * MINUTE, CUSTOMER, "hi", pub=3),
        ]
        if not wait:
            events.append(say(chat, 5, NOON, SANNE, "hello", pub=4))
        hold(journal, chat, events)
    return journal


def ids(inbox: Inbox) -> list[str]:
    return [log.chat for log in inbox.chats()]


def test_who_waited_longest_comes_first_then_quiet_then_closed() -> None:
    journal = journal_of(short=2, done=0, long=40)
    closed = beginning("over", NOON - 90 * MINUTE)
    hold(journal, "over", closed, state="closed", agent="Sanne")
    inbox = Inbox(journal)
    assert ids(inbox) == ["long", "short", "done", "over"]
    assert [row.standing for row in inbox.rows(WORDS.customer)] == ["waiting", "waiting", "quiet", "closed"]
    assert inbox.waiting() == 2


def test_next_waiting_goes_round_and_beside_stays_at_the_ends() -> None:
    inbox = Inbox(journal_of(a=3, b=2, c=0))
    walk = []
    for _ in range(3):
        inbox.selected = inbox.next_waiting()
        walk.append(inbox.selected)
    assert walk == ["a", "b", "a"]
    assert inbox.beside(-1) == "a"
    inbox.selected = "c"
    assert (inbox.beside(1), inbox.beside(-1)) == ("c", "b")
    inbox.selected = "unknown"
    assert (inbox.beside(1), inbox.beside(-1)) == ("a", "c")
    assert Inbox(Journal("agent")).beside(1) == ""
    assert Inbox(Journal("agent")).next_waiting() == ""


def test_unread_counts_the_customers_messages_not_seen_yet() -> None:
    journal = journal_of(a=5)
    journal.take(say("a", 5, NOON, CUSTOMER, "still there?", pub=4), 0)
    inbox, log = Inbox(journal), journal.chats["a"]
    assert (inbox.unread(log), inbox.first_unread(log)) == (2, 4)
    assert inbox.read("a")
    assert (inbox.unread(log), inbox.first_unread(log), inbox.read("a")) == (0, 0, False)
    journal.take(say("a", 6, NOON, SANNE, "yes", pub=5), 0)
    journal.take(say("a", 7, NOON, CUSTOMER, "good", pub=6), 0)
    assert (inbox.unread(log), inbox.first_unread(log)) == (1, 7)


def test_what_was_seen_in_an_earlier_visit_stays_read() -> None:
    journal = Journal("agent")
    events = [*beginning("a", NOON), *[say("a", n, NOON, CUSTOMER, "x", pub=n - 1) for n in (4, 5, 6)]]
    hold(journal, "a", events, agent_marks=Marks(got=5, seen=4))
    inbox = Inbox(journal)
    assert inbox.unread(journal.chats["a"]) == 1


def test_names_and_words_of_strangers_are_made_safe() -> None:
    journal = Journal("agent")
    events = [*beginning("a", NOON), say("a", 4, NOON, CUSTOMER, "a\x1b[2Jb\nc")]
    hold(journal, "a", events, shop="s\x9bhop", known=Known("Eve\x1b]0;x\x07"))
    row = Inbox(journal).rows(WORDS.customer)[0]
    for text in (row.name, row.snippet, row.shop):
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text)
    assert row.snippet.endswith("b c")


def test_a_customer_without_a_name_keeps_a_tag_of_their_own() -> None:
    journal = journal_of(a=1, b=1)
    inbox = Inbox(journal)
    names = [row.name for row in inbox.rows(WORDS.customer)]
    assert len(set(names)) == 2
    assert all(name.startswith("Customer ") for name in names)
    assert names == [row.name for row in inbox.rows(WORDS.customer)]


def test_chats_that_went_to_somebody_else_leave_unless_open_on_the_screen() -> None:
    journal = journal_of(a=1, b=2)
    inbox = Inbox(journal)
    inbox.selected = "a"
    journal.take(Gone("a"), 0)
    journal.take(Gone("b"), 0)
    assert ids(inbox) == ["a"]


def test_closed_chats_do_not_pile_up() -> None:
    journal = Journal("agent")
    for number in range(CLOSED_KEPT + 5):
        chat = f"c{number:02}"
        hold(journal, chat, beginning(chat, NOON + number * MINUTE), state="closed")
    inbox = Inbox(journal)
    assert len(inbox.chats()) == CLOSED_KEPT
    assert ids(inbox)[0] == f"c{CLOSED_KEPT + 4:02}"


#: Per chat: minutes the customer has waited (0: not), seconds until a promise falls due (None: none).
Stands = st.tuples(st.integers(0, 90), st.none() | st.integers(-300, 600))


@given(st.lists(Stands, min_size=1, max_size=12))
def test_the_next_key_goes_to_promises_soon_due_then_to_who_waited_longest(
    stands: list[tuple[int, int | None]],
) -> None:
    journal = Journal("agent")
    for n, (wait, due) in enumerate(stands):
        chat = f"c{n:02}"
        hold(
            journal,
            chat,
            beginning(chat, NOON - 100 * MINUTE),
            waiting_since=NOON - wait * MINUTE if wait else 0,
            promise_due=NOON + due * 1_000 if due is not None else 0,
        )
    inbox = Inbox(journal, lambda: NOON)
    urgent = [n for n, (_, due) in enumerate(stands) if due is not None and due * 1_000 < SLACK_MS]
    waiting = [n for n, (wait, _) in enumerate(stands) if wait and n not in urgent]
    expected = [
        *sorted(urgent, key=lambda n: (stands[n][1], n)),
        *sorted(waiting, key=lambda n: (-stands[n][0], n)),
    ]
    walk = []
    for _ in expected:
        inbox.selected = inbox.next_waiting()
        walk.append(int(inbox.selected[1:]))
    assert walk == expected
    assert (inbox.next_waiting() == "") == (not expected)
    if len(expected) > 1:
        assert inbox.next_waiting() == f"c{expected[0]:02}", "round again"


def test_chats_that_are_others_are_never_next() -> None:
    journal = journal_of(a=3, b=5)
    journal.watch("b")
    inbox = Inbox(journal)
    assert inbox.next_waiting() == "a"
    assert [row.standing for row in inbox.rows(WORDS.customer)] == ["waiting", "beside"]
