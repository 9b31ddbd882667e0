"""The order of who waits, and what the desk looks at by itself."""

from __future__ import annotations

from server.desk.chat import Chat
from server.desk.deadlines import Deadlines
from server.desk.queue import Queue, place_of


def waiting(name: str, since: int, *, skill: str = "", langs: tuple[str, ...] = (), **more: object) -> Chat:
    chat = Chat(name, name)
    chat.queued_at, chat.skill, chat.langs = since, skill, langs
    for key, value in more.items():
        setattr(chat, key, value)
    return chat


def queue_of(*chats: Chat) -> Queue:
    queue = Queue()
    for chat in chats:
        queue.add(chat)
    return queue


# --- the queue --------------------------------------------------------------------------------------


def test_first_come_first_served_whatever_the_order_of_adding() -> None:
    queue = queue_of(waiting("b", 2), waiting("c", 3), waiting("a", 1))
    assert (list(queue), len(queue), queue.oldest_at()) == (["a", "b", "c"], 3, 1)
    assert "a" in queue
    assert "x" not in queue
    assert [place[3] for place in queue.rows()] == ["a", "b", "c"]


def test_priority_then_who_had_somebody_then_time_then_name() -> None:
    chats = [
        waiting("plain", 1),
        waiting("back", 5, returned=True),
        waiting("vip", 9, priority=1),
        waiting("plain-2", 1),
    ]
    assert list(queue_of(*chats)) == ["vip", "back", "plain", "plain-2"]
    assert place_of(chats[2]) < place_of(chats[1]) < place_of(chats[0])


def test_one_line_for_each_kind() -> None:
    queue = queue_of(
        waiting("nl-1", 1, langs=("nl",)),
        waiting("nl-2", 2, langs=("nl",)),
        waiting("da", 3, langs=("da",)),
        waiting("both", 4, langs=("nl", "da")),
        waiting("both-2", 5, langs=("da", "nl")),
        waiting("fix", 6, skill="repair", langs=("nl",)),
    )
    assert queue.heads() == ["nl-1", "da", "both", "fix"]


def test_a_position_counts_the_own_kind() -> None:
    first, other, second = waiting("a", 1), waiting("b", 2, skill="repair"), waiting("c", 3)
    queue = queue_of(first, other, second)
    assert [queue.position(chat) for chat in (first, other, second)] == [1, 1, 2]
    assert (queue.head_at(second), queue.head_at(other)) == (1, 2)
    assert queue.head_at(waiting("x", 7, skill="magic")) == 7


def test_an_offered_chat_keeps_its_place_but_holds_up_nobody() -> None:
    queue = queue_of(waiting("a", 1, offered="mia"), waiting("b", 2))
    assert (list(queue), queue.heads()) == (["a", "b"], ["b"])


def test_apart_is_a_line_of_its_own() -> None:
    queue = Queue()
    passed = waiting("a", 1)
    queue.add(passed, apart=True)
    queue.add(waiting("b", 2))
    assert queue.heads() == ["a", "b"]
    queue.remove(passed)
    assert (list(queue), queue.heads()) == (["b"], ["b"])


def test_removing_what_is_not_there_changes_nothing() -> None:
    queue = queue_of(waiting("a", 1))
    queue.remove(waiting("x", 1))
    assert list(queue) == ["a"]
    queue.remove(waiting("a", 1))
    assert (list(queue), queue.heads(), queue.oldest_at(), bool(queue)) == ([], [], 0, False)


# --- deadlines --------------------------------------------------------------------------------------


def test_the_first_comes_first_and_once() -> None:
    due = Deadlines()
    due.set(("chat", "b"), 20)
    due.set(("chat", "a"), 10)
    assert due.next() == 10
    assert due.take(9) is None
    assert due.take(30) == ("chat", "a")
    assert due.take(30) == ("chat", "b")
    assert (due.take(30), due.next()) == (None, None)


def test_later_moves_it_without_a_new_place() -> None:
    due = Deadlines()
    due.set(("chat", "a"), 10)
    for run in range(11, 100):
        due.set(("chat", "a"), run)
    assert (len(due._heap), due.of(("chat", "a")), due.next()) == (1, 99, 99)
    assert due.take(98) is None
    assert due.take(99) == ("chat", "a")


def test_earlier_counts_at_once() -> None:
    due = Deadlines()
    due.set(("chat", "a"), 50)
    due.set(("chat", "a"), 10)
    assert due.take(10) == ("chat", "a")
    assert due.take(100) is None


def test_earlier_and_then_later_again() -> None:
    due = Deadlines()
    for run in (50, 10, 70):
        due.set(("chat", "a"), run)
    assert (due.next(), due.take(69), due.take(70)) == (70, None, ("chat", "a"))
    assert due.next() is None


def test_what_is_dropped_is_not_looked_at() -> None:
    due = Deadlines()
    due.set(("gone", "mia"), 10)
    due.set(("chat", "a"), 20)
    due.drop(("gone", "mia"))
    due.drop(("gone", "tom"))
    assert (due.of(("gone", "mia")), due.next()) == (None, 20)
    due.set(("gone", "mia"), 15)
    assert due.take(15) == ("gone", "mia")
