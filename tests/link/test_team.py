"""Questions, reading along, keys pressed, and what a refusal says beside its code."""

from __future__ import annotations

import msgspec

from supportterm.link import changes
from supportterm.link.journal import Journal
from supportterm.protocol import frames, views
from supportterm.protocol.drafts import Place
from supportterm.protocol.earlier import EarlierChat
from supportterm.protocol.frames import ClientFrame, FromServer
from supportterm.protocol.limits import ACTIVE_MS

CHAT = "chat-aaaaaaaaaaaaaaaa"
LOAD = views.Load(0, 300, 0, 5, [])


def welcome(*chats: str) -> frames.Welcome:
    return frames.Welcome("e1", 1_000, frames.Me("agent", "mia"), frames.Limits(), list(chats))


def head() -> frames.Head:
    return frames.Head("open", "acme", "nl", 1, "Bo", "bo")


def online() -> Journal:
    journal = Journal("agent")
    journal.take(welcome(), 0)
    return journal


def view(name: str, value: msgspec.Struct) -> FromServer:
    return frames.View(name, 1, msgspec.Raw(msgspec.json.encode(value)))


def test_every_view_is_kept_under_its_name() -> None:
    journal = online()
    today = views.Today([], [], [])
    assert journal.take(view("today", today), 0) == [changes.ViewChanged("today")]
    assert journal.today == today
    assert all(hasattr(journal, name) for name in views.VIEWS)


def test_of_questions_of_one_kind_the_newest_is_asked_once_and_when_the_server_is_there() -> None:
    journal = Journal("agent")
    journal.ask(frames.Why(chat=CHAT))
    journal.ask(frames.Why(chat="chat-bbbbbbbbbbbbbbbb"))
    journal.ask(frames.Report(name="service", since=0, until=1))
    assert journal.to_send(0) == []
    journal.take(welcome(), 0)
    assert journal.to_send(0) == [
        frames.Why(chat="chat-bbbbbbbbbbbbbbbb"),
        frames.Report(name="service", since=0, until=1),
    ]
    assert journal.to_send(0) == []
    answer = frames.Because(CHAT, [views.Verdict("mia", "Mia", LOAD, "owner")])
    assert journal.take(answer, 0) == [changes.Explained(CHAT)]
    assert journal.because[CHAT] == answer
    figures = frames.ReportOf("service", 0, 1, "", msgspec.Raw(b"{}"))
    assert journal.take(figures, 0) == [changes.Reported()]
    assert journal.report == figures


def test_a_models_draft_is_asked_for_and_told_as_it_came() -> None:
    journal = online()
    journal.ask(frames.Draft(chat=CHAT))
    journal.ask(frames.Why(chat=CHAT))
    assert journal.to_send(0) == [frames.Draft(chat=CHAT), frames.Why(chat=CHAT)]
    draft = frames.DraftOf(CHAT, 4, wants=(Place(2, 0, 5),))
    assert journal.take(draft, 0) == [changes.Drafted(CHAT, draft)]
    assert journal.dump()["outbox"] == []


def test_reading_along_outlives_the_connection_and_ends_when_told() -> None:
    journal = online()
    journal.watch(CHAT)
    journal.watch(CHAT)
    asked: list[ClientFrame] = [frames.Watch(chat=CHAT)]
    assert journal.to_send(0) == asked
    journal.take(frames.Chat(CHAT, 1, 0, head()), 0)
    journal.lost()
    journal.take(welcome(), 0)
    assert not journal.chats[CHAT].gone
    assert journal.to_send(0) == asked
    assert journal.unwatch(CHAT) == [changes.Gone(CHAT)]
    assert journal.unwatch(CHAT) == []
    assert journal.to_send(0) == [frames.Watch(chat=CHAT, on=False)]


def test_reading_along_ends_with_a_refusal_and_when_the_chat_becomes_ones_own() -> None:
    journal = online()
    journal.watch(CHAT)
    found = journal.take(frames.Err("no_chat", chat=CHAT), 0)
    assert changes.Gone(CHAT) in found
    assert journal.watched == set()
    journal.watch(CHAT)
    journal.take(view("mine", views.Mine([CHAT], "online", True, LOAD)), 0)
    assert journal.watched == set()


def test_keys_are_told_at_most_every_ten_seconds_and_never_late() -> None:
    journal = online()
    for now in range(0, 3 * ACTIVE_MS, 1_000):
        journal.pressed(now)
    assert journal.to_send(0) == [frames.Active()]
    told = 0
    for now in range(3 * ACTIVE_MS, 6 * ACTIVE_MS, 1_000):
        journal.pressed(now)
        told += len(journal.to_send(now))
    assert told == 3
    journal.pressed(6 * ACTIVE_MS)
    journal.lost()
    journal.take(welcome(), 6 * ACTIVE_MS + 1)
    assert journal.to_send(6 * ACTIVE_MS + 1) == []
    journal.pressed(6 * ACTIVE_MS + 2)
    assert journal.to_send(6 * ACTIVE_MS + 2) == [frames.Active()]


def test_a_refusal_says_who_and_until_when() -> None:
    journal = online()
    take = frames.Take(id="id01-cccccccccccccccc", chat=CHAT)
    journal.put(take)
    journal.to_send(0)
    found = journal.take(frames.Err("taken", id=take.id, who="Bo", until=7), 0)
    assert changes.Refused(CHAT, take, "taken", "Somebody else has this chat.", "Bo", 7) in found
    assert journal.chats[CHAT].outbox == []


def test_what_is_about_the_moment_is_not_sent_on_the_next_visit_but_a_summary_is() -> None:
    journal = Journal("agent")
    journal.put(frames.Take(id="id01-cccccccccccccccc", chat=CHAT))
    journal.put(frames.HandOff(id="id02-cccccccccccccccc", chat=CHAT, text="paid twice", agent="bo"))
    journal.put(frames.Control(id="id03-cccccccccccccccc", what="closed", until=9))
    next_visit = Journal("agent")
    next_visit.load(journal.dump())
    assert [entry.id for entry in next_visit.chats[CHAT].outbox] == ["id02-cccccccccccccccc"]
    assert next_visit.own == []


def test_what_was_told_of_earlier_chats_goes_with_an_erasure_and_with_a_new_beginning() -> None:
    journal = online()
    begin = frames.Chat(CHAT, 1, 0, head())
    told = frames.Earlier(CHAT, [EarlierChat(1_000, ["48213"], "late")])
    journal.take(begin, 0)
    assert journal.take(told, 0) == [changes.EarlierTold(CHAT)]
    assert journal.chats[CHAT].earlier == (EarlierChat(1_000, ["48213"], "late"),)
    journal.take(frames.Event(CHAT, 1, 1_000, "erased", frames.By("desk"), pub=1), 0)
    assert journal.chats[CHAT].earlier == ()
    journal.take(told, 0)
    journal.take(frames.Chat(CHAT, 2, 1, head()), 0)
    assert journal.chats[CHAT].earlier == ()
    journal.take(told, 0)
    journal.take(msgspec.structs.replace(welcome(), epoch="e2"), 0)
    assert journal.chats[CHAT].earlier == ()
