"""Each figure on a log made by hand, with the number worked out beside it."""

from __future__ import annotations

from server.desk.events import CUSTOMER
from server.desk.rules import Rules
from supportterm.coach.hours import Hours

from .conftest import Asking
from .desk import Room, Still, at, scope

MINUTE = 60
HOUR = 3_600
#: Open from 9:30 to 17:00, Monday to Friday.
OFFICE = Hours("UTC", (((570, 1020),),) * 5 + ((),) * 2)


async def test_first_answers(asking: Asking) -> None:
    room = Room()
    # Waits for the first answer, from the customer's first message: 10, 20, 30 and 100 s.
    for name, wait in (("a", 10), ("b", 20), ("c", 30), ("d", 100)):
        room.chat(name).asks(5).asks(7).joined(8).says(5 + wait).says(5 + wait + 1).closed(200)
    row = (await asking(room))["all"]
    assert row["chats"] == 4
    assert row["first_avg"] == 40  # (10 + 20 + 30 + 100) / 4
    assert row["first_p50"] == 20  # two of four
    assert row["first_p90"] == 100  # nine of ten are all four
    assert row["first_max"] == 100
    assert row["first_in_target"] == 75  # 10, 20 and 30 of four, within 60 s
    assert row["service_level"] == 75


async def test_the_queue_counts_and_an_agent_who_writes_first_answers_the_opening(asking: Asking) -> None:
    room = Room()
    # Asked at 0, two minutes in the queue, answered 10 s after joining: 130 s.
    room.chat("queued").asks(0).joined(120).says(130)
    # Nothing was asked yet: from the opening at 0 to 15. What is asked at 20 is a reply's.
    room.chat("greeted").joined(10, "bo").says(15, "bo").asks(20).says(50, "bo")
    rows = await asking(room, by="agent")
    assert rows["anna"]["first_avg"] == 130
    assert rows["bo"]["first_avg"] == 15
    assert rows["bo"]["gap_avg"] == 30  # 20 to 50
    assert rows["all"]["first_avg"] == 72.5  # (130 + 15) / 2


async def test_the_desk_is_nobody(asking: Asking) -> None:
    room = Room()
    room.chat("a").asks(0).add(1, "message").joined(2).says(40)
    assert (await asking(room))["all"]["first_avg"] == 40


async def test_who_left_waited_at_least_that_long(asking: Asking) -> None:
    room = Room()
    room.chat("a").asks(0).joined(1).says(10)
    room.chat("b").asks(0).closed(20, "customer")
    room.chat("c").asks(0).joined(1).says(30)
    row = (await asking(room, target=15))["all"]
    # Kaplan-Meier: three at risk, one answered at 10: 2/3 still wait. One leaves at 20. One at risk,
    # answered at 30: nobody waits.
    assert row["first_p50"] == 30
    # The area beneath: 10 × 1 + 20 × 2/3.
    assert row["first_avg"] == 23.3
    assert row["first_in_target"] == 33.3
    # One in 15 s ÷ (two answered + one who left after more than 15 s).
    assert row["service_level"] == 33.3
    assert (row["told"], row["silent"], row["abandoned"]) == (1, 0, 33.3)


async def test_who_left_early_is_not_held_against_the_service_level(asking: Asking) -> None:
    room = Room()
    room.chat("a").asks(0).joined(1).says(10)
    room.chat("b").asks(0).closed(5, "customer")
    row = (await asking(room, target=60))["all"]
    assert row["service_level"] == 100  # one ÷ (one + none after more than 60 s)
    assert row["abandoned"] == 50


async def test_so_many_left_that_nine_in_ten_cannot_be_told(asking: Asking) -> None:
    room = Room()
    room.chat("a").asks(0).joined(1).says(10)
    room.chat("b").asks(0).closed(50, "customer")
    row = (await asking(room))["all"]
    # Half wait still after 10, and nobody knows for how long: the longest wait is the one of 50 s.
    assert (row["first_p50"], row["first_p90"], row["first_max"]) == (10, None, 50)


async def test_who_still_waits_counts_as_waiting(asking: Asking, platform: Still) -> None:
    platform.seconds = 500
    room = Room()
    room.chat("a").asks(100)
    row = (await asking(room))["all"]
    assert (row["first_avg"], row["first_max"], row["service_level"]) == (None, 400, 0)  # 500 − 100
    assert row["abandoned"] == 0


async def test_only_open_hours_count(asking: Asking) -> None:
    room = Room()
    # Asked at 9:00, half an hour before opening, answered at 9:31:00: a minute of it was open.
    room.chat("early").asks(0).joined(1_800).says(31 * MINUTE)
    # Another shop is always open: 40 s.
    room.chat("other", shop="nord").asks(0).joined(1).says(40)
    rows = await asking(room, settings=scope(OFFICE), by="shop")
    assert rows["acme"]["first_avg"] == 60
    assert rows["nord"]["first_avg"] == 40


async def test_over_the_night_only_the_open_part_counts(asking: Asking, platform: Still) -> None:
    platform.seconds = 48 * HOUR
    room = Room()
    # Asked on Monday at 16:50, answered on Tuesday at 9:40: ten minutes before closing, ten after opening.
    asked, answered = 7 * HOUR + 50 * MINUTE, 24 * HOUR + 40 * MINUTE
    room.chat("late", asked).asks(asked).joined(answered - 5).says(answered)
    assert (await asking(room, settings=scope(OFFICE)))["all"]["first_avg"] == 20 * MINUTE


async def test_replies(asking: Asking) -> None:
    room = Room()
    chat = room.chat("a").asks(0).joined(1).says(10)  # the first answer: not among them
    chat.asks(20).asks(30).says(40)  # from the first unanswered message: 20 s
    chat.asks(50).says(110)  # 60 s
    chat.says(115)  # nobody had asked
    chat.asks(120).closed(130)  # "thanks"
    row = (await asking(room))["all"]
    assert (row["gap_avg"], row["gap_p50"], row["gap_p90"], row["gap_max"]) == (40, 20, 60, 60)
    assert row["covered"] == 0


async def test_replies_under_a_promise_are_apart(asking: Asking) -> None:
    room = Room()
    chat = room.chat("a").asks(0).joined(1).says(10)
    chat.add(10, "promised", due_at=at(310)).asks(100).says(300).add(300, "promise_ended", how="kept")
    chat.asks(400).says(405)
    row = (await asking(room))["all"]
    assert (row["covered"], row["gap_max"]) == (1, 5)


async def test_a_reply_is_the_answering_agents(asking: Asking) -> None:
    room = Room()
    chat = room.chat("a").asks(0).joined(1).says(10).asks(20)
    chat.add(60, "unassigned", reason="absent", agent="anna").joined(70, "bo").says(80, "bo")
    rows = await asking(room, by="agent")
    assert rows["anna"]["first_avg"] == 10
    assert rows["anna"]["gap_avg"] is None
    assert rows["bo"]["gap_avg"] == 60  # 20 to 80
    assert (rows["anna"]["chats"], rows["bo"]["chats"]) == (1, 0)


async def test_leaving_told_and_silent(asking: Asking) -> None:
    room = Room()
    room.chat("told in the queue").asks(0).closed(30, "customer")
    room.chat("told with an agent who had not written").asks(0).joined(1).closed(30, "customer")
    room.chat("gone from the queue").asks(0).add(20, "page_gone").closed(620, "gone")
    room.chat("idle in the queue").asks(0).closed(620, "idle")
    room.chat("gone after the first answer").asks(0).joined(1).says(9).add(60, "page_gone").closed(
        660, "gone"
    )
    # Not left: they wrote again; the page stayed; the page came back; they closed it, answered.
    room.chat("wrote again").asks(0).joined(1).says(9).asks(12).add(60, "page_gone").closed(660, "gone")
    room.chat("page stayed").asks(0).joined(1).says(9).closed(660, "idle")
    back = room.chat("page back").asks(0).joined(1).says(9)
    back.add(60, "page_gone").add(70, "page_back").closed(660, "idle")
    room.chat("content").asks(0).joined(1).says(9).closed(30, "customer")
    # Nor is one that an agent closed unanswered.
    room.chat("closed by an agent").asks(0).joined(1).closed(30)
    row = (await asking(room))["all"]
    assert (row["chats"], row["told"], row["silent"]) == (10, 2, 3)
    assert row["abandoned"] == 50  # 5 of 10


async def test_who_comes_back_has_not_left(asking: Asking) -> None:
    room = Room()
    chat = room.chat("a").asks(0).closed(30, "customer").add(90, "reopened", CUSTOMER)
    chat.joined(95).says(100)
    row = (await asking(room))["all"]
    assert (row["told"], row["first_avg"]) == (0, 100)


async def test_left_messages_are_in_no_figure_of_waiting(asking: Asking) -> None:
    room = Room()
    room.chat("left").asks(0).add(300, "left", due_at=at(HOUR)).joined(1_800).says(1_830).closed(1_900)
    room.chat("a").asks(0).joined(1).says(10)
    room.chat("b").asks(0).closed(15, "customer")
    row = (await asking(room))["all"]
    assert (row["chats"], row["left"]) == (3, 1)
    assert row["first_max"] == 15
    assert row["abandoned"] == 50  # one of the two that left no message


async def test_reachable(asking: Asking, platform: Still) -> None:
    platform.seconds = 24 * HOUR
    room = Room()
    room.online("anna", 0)
    # 9:30 to 17:00 is open: 450 minutes. Somebody is online from 9:00 to 12:00 and 13:00 to 16:00.
    room.online("bo", 2 * HOUR)
    room.status("bo", 2.5 * HOUR, "away")
    room.status("anna", 3 * HOUR, "away")
    room.status("anna", 4 * HOUR, "online")
    room.status("anna", 6 * HOUR, "finishing")
    room.status("anna", 6.5 * HOUR, "online")
    room.gone("anna", 7 * HOUR)
    room.status("anna", 7.5 * HOUR, "online")  # without a console that is nothing
    found = await asking(room, settings=scope(OFFICE), by="shop")
    # Open and online: 9:30–12:00, 13:00–15:00 and 15:30–16:00: 150 + 120 + 30 of 450 minutes.
    assert found["acme"]["reachable"] == 66.7
    # Always open, so from the first event at 9:00 to midnight: 15 hours, of which 3 + 2 + 0.5.
    assert found["nord"]["reachable"] == 36.7
    assert found["acme"]["online"] is None
    # Anna's 5.5 hours and half an hour of Bo's.
    assert found["all"]["online"] == 6


async def test_reachable_by_agent_and_hour(asking: Asking, platform: Still) -> None:
    platform.seconds = 2 * HOUR
    room = Room()
    room.online("anna", 0)
    room.online("bo", 0.5 * HOUR)
    room.gone("anna", 1 * HOUR)
    # Two shops that are always open, from nine to eleven.
    by_agent = await asking(room, by="agent")
    assert by_agent["anna"]["reachable"] == 50  # one hour of two
    assert by_agent["bo"]["reachable"] == 75  # an hour and a half, and still there
    assert by_agent["all"]["reachable"] == 100
    by_hour = await asking(by="hour", shop="acme")
    assert {key: row["reachable"] for key, row in by_hour.items()} == {
        "09:00": 100.0,
        "10:00": 100.0,
        "all": 100.0,
    }
    assert (await asking(by="hour"))["09:00"]["online"] == 1.5  # Anna's hour and half an hour of Bo's


async def test_chats_per_hour_online(asking: Asking, platform: Still) -> None:
    platform.seconds = 2 * HOUR
    room = Room()
    room.online("anna", 0)
    for name in "abc":
        room.chat(name).asks(10).joined(10).says(20).says(30)
    # Bo takes one over: it is one of theirs, too. A chat in which nobody wrote is nobody's.
    room.online("bo", 1 * HOUR)
    room.chat("d", HOUR).asks(HOUR).joined(HOUR, "anna").says(HOUR + 1).joined(HOUR + 9, "bo").says(
        HOUR + 20, "bo"
    )
    room.chat("e", HOUR).asks(HOUR).joined(HOUR, "anna")
    rows = await asking(room, by="agent")
    assert rows["anna"]["per_hour"] == 2  # four in two hours
    assert rows["bo"]["per_hour"] == 1  # one in one hour
    assert rows["all"]["per_hour"] == 1.67  # five in three
    assert rows["all"]["online"] == 3


async def test_time_at_the_ceiling(asking: Asking, platform: Still) -> None:
    platform.seconds = 3_600
    room = Room()
    room.online("anna", 0)
    # Three customers wait for Anna from 600 s on: 3.0 of 3. At 900 s one of them is answered: 2.5.
    chats = [room.chat(name, 600).asks(600).joined(600) for name in "abc"]
    chats[0].says(900)
    # She is away with three waiting from 1200 s to 1300 s: not counted. Then 1300 s to 1500 s.
    chats[0].asks(1_200)
    room.status("anna", 1_200, "away")
    room.status("anna", 1_300, "online")
    chats[1].says(1_500)
    # 300 + 200 of 3500 s online.
    assert (await asking(room, by="agent"))["anna"]["full"] == 14.3


async def test_what_is_running_counts_up_to_now(asking: Asking, platform: Still) -> None:
    platform.seconds = 1_000
    room = Room()
    room.online("anna", 0)
    for name in "abc":
        room.chat(name, 500).asks(500).joined(500)
    row = (await asking(room))["all"]
    assert (row["online"], row["full"]) == (0.28, 50)  # 1000 s; 500 of them
    # Without a server time ends with the last event.
    alone = (await asking(running=False))["all"]
    assert (alone["online"], alone["full"]) == (0.14, 0)


async def test_time_alone_ends_being_full(asking: Asking, platform: Still) -> None:
    platform.seconds = 1_000
    room = Room()
    room.online("anna", 0)
    # Two wait (2.0), two are answered (0.5 each): 3.0. After 150 s without a word those weigh 0.2 each.
    for name in "ab":
        room.chat(name, 100).asks(100).joined(100).says(100)
    for name in "cd":
        room.chat(name, 100).asks(100).joined(100)
    assert (await asking(room))["all"]["full"] == 15  # 150 of 1000 s


async def test_every_demand_weighs_what_the_rules_say(asking: Asking, platform: Still) -> None:
    platform.seconds = 10_000
    room = Room()
    room.online("anna", 0)
    # A ceiling of one point: only a customer that waits, or a promise's last minute, reaches it.
    chat = room.chat("a").asks(100).joined(100, ceiling=100)  # waits from 100 s
    chat.says(200).add(200, "promised", due_at=at(500))  # to 200 s; due from 440 s
    chat.add(520, "promise_ended", how="broken")  # to 520 s, and then they wait: on to 600 s
    chat.says(600).closed(700)
    # 100 + (600 − 440) s of 10000.
    assert (await asking(room))["all"]["full"] == 2.6


async def test_a_promise_far_away_weighs_nothing_until_it_is_near(asking: Asking, platform: Still) -> None:
    platform.seconds = 10_000
    room = Room()
    room.online("anna", 0)
    chat = room.chat("a").joined(0, ceiling=80).says(0)  # an opened chat waits for nothing at 0 s
    # Due in 4000 s: more than half an hour away. It weighs 0.8 from ten minutes before: 3400 s.
    chat.add(0, "promised", due_at=at(4_000)).says(4_000).add(4_000, "promise_ended", how="kept")
    assert (await asking(room))["all"]["full"] == 6  # 600 of 10000 s


async def test_the_time_after_closing_weighs(asking: Asking, platform: Still) -> None:
    platform.seconds = 1_000
    room = Room()
    room.online("anna", 0)
    # A ceiling of half a point. Until it is quiet, an answered chat reaches it, and closing does.
    room.chat("a").joined(0, ceiling=50).says(0).closed(10)  # to 10 s, and 30 s more: 40
    room.chat("b", 100).joined(100, ceiling=50).says(100).closed(110).add(120, "breathed", act="end")  # 20
    longer = room.chat("c", 200).joined(200, ceiling=50).says(200).closed(210)
    longer.add(215, "breathed", act="extend")  # 10 + 60
    room.chat("d", 300).joined(300, ceiling=50).says(300).closed(310, "abuse")  # 10 + 300
    assert (await asking(room, settings=scope(rules=Rules())))["all"]["full"] == 44  # 40 + 20 + 70 + 310


async def test_rows_by_day_language_and_shop(asking: Asking, platform: Still) -> None:
    platform.seconds = 26 * HOUR
    room = Room()
    room.chat("a", 0, lang="nl").asks(0).joined(1).says(10)
    room.chat("b", 16 * HOUR, lang="da", shop="nord").asks(16 * HOUR).joined(16 * HOUR).says(16 * HOUR + 20)
    by_day = await asking(room, since="2026-03-01", until="2026-03-04", by="day")
    # At nine and at one in the night.
    assert {key: row["chats"] for key, row in by_day.items()} == {
        "2026-03-02": 1,
        "2026-03-03": 1,
        "all": 2,
    }
    # In New York it is the evening before.
    there = await asking(since="2026-03-01", until="2026-03-04", by="day", zone="America/New_York")
    assert {key: row["chats"] for key, row in there.items()} == {
        "2026-03-02": 2,
        "2026-03-03": 0,  # but the shops are open, and nobody is there
        "all": 2,
    }
    assert there["2026-03-03"]["reachable"] == 0
    by_lang = await asking(since="2026-03-01", until="2026-03-04", by="language")
    assert {key: row["first_avg"] for key, row in by_lang.items()} == {"da": 20, "nl": 10, "all": 15}
    assert by_lang["da"]["reachable"] is None
    only = await asking(since="2026-03-01", until="2026-03-04", shop="nord")
    assert (only["all"]["chats"], only["all"]["online"]) == (1, None)


async def test_practice_stays_out(asking: Asking) -> None:
    main, other = Room(), Room("other")
    main.chat("a").asks(0).joined(1).says(10)
    other.chat("b", shop="oslo").asks(0).joined(1).says(30)
    assert (await asking(main, other, zone="UTC"))["all"]["first_avg"] == 20
    left = await asking(settings=scope(practice=frozenset({"other"})))
    assert (left["all"]["chats"], left["all"]["first_avg"]) == (1, 10)


async def test_nothing_is_no_row(asking: Asking) -> None:
    room = Room()
    assert await asking() == {}
    room.chat("a").asks(0)
    assert await asking(room, since="2026-02-01", until="2026-02-28", by="day") == {}
