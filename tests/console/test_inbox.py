"""The list's order, unread counts, who is next."""

from __future__ import annotations

from typing import Any

from supportterm.console.inbox import CLOSED_KEPT, Inbox
from supportterm.console.words import Words
from supportterm.link.journal import Journal
from supportterm.protocol.frames import By, Chat, Event, Gone, Head, Marks

from .server import CUSTOMER, MINUTE, NOON, SANNE, beginning, say

WORDS = Words("en")


def hold(journal: Journal, chat: str, events: list[Event], **head: Any) -> None:
    waiting = 0
    for event in events:
        if event.kind == "message":
            waiting = (waiting or event.at) if event.by.role == "customer" else 0
    facts: dict[str, Any] = {"state": "open", "shop": "acme", "lang": "en", "agent": "Sanne", **head}
    standing = Head(opened_at=events[0].at, waiting_since=waiting, **facts)
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
    evil = By("customer", "Eve\x1b]0;x\x07")
    hold(journal, "a", [*beginning("a", NOON), say("a", 4, NOON, evil, "a\x1b[2Jb\nc")], shop="s\x9bhop")
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
