"""Every view of a desk."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.agent import Member
from server.desk.commands import PageLeft, PageShown
from server.desk.rules import Rules, Shop, Topic
from supportterm.coach.hours import Hours
from supportterm.protocol import frames, views

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    HOUR,
    MIA,
    MINUTE,
    PIA,
    RULES,
    SECOND,
    SUE,
    TOM,
    Story,
    chat_of,
    kinds_of,
    new_id,
    visitor,
)

DAYTIME = Hours("UTC", (((9 * 60, 17 * 60),),) * 7)
NINE = 1_700_000_000_000 // (24 * HOUR) * 24 * HOUR + 9 * HOUR
SHOPS = {
    "bikes": Shop(
        "Bikes",
        hours=DAYTIME,
        topics=(Topic("repair", {"en": "A repair", "nl": "Een reparatie"}),),
        max_queue=1,
        max_wait_ms=10 * MINUTE,
        appeal="appeal@bikes.example",
    ),
    "books": Shop("Books"),
}
RULED = replace(RULES, cap=5, shops=SHOPS)


@pytest.fixture
def story() -> Story:
    story = Story(RULED)
    story.at = NINE
    return story


def test_agents_see_when_they_work_by_the_desks_clock() -> None:
    week = (((9 * 60, 17 * 60),), *[()] * 6)
    story = Story(replace(RULED, zone="Asia/Tokyo"))
    story.desk.know(
        [Member("mia", "Mia", shift=week), Member("tom", "Tom"), Member("sue", "Sue", shift=((),) * 7)]
    )
    shifts = [
        showing.mine(story.desk, one, [], writing=True, now=story.now).shift for one in ("mia", "tom", "sue")
    ]
    assert shifts == [Hours("Asia/Tokyo", week), None, None]


def test_an_agent_is_told_that_they_are_a_trainee() -> None:
    story = Story(RULED, [Member("mia", "Mia", trainee=True), Member("tom", "Tom")])

    def told(agent: str) -> bool:
        return showing.mine(story.desk, agent, [], writing=True, now=story.now).trainee

    assert (told("mia"), told("tom")) == (True, False)
    story.desk.know([Member("mia", "Mia"), Member("tom", "Tom")])
    assert not told("mia")


# --- queue, mine ------------------------------------------------------------------------------------


def test_the_queue_in_the_order_of_offers(story: Story) -> None:
    assert showing.queue(story.desk) == views.Queue(0, 0)
    story.open(ANNA)
    story.open(CLEO)
    shown = showing.queue(story.desk)
    assert (shown.size, shown.oldest_at) == (2, NINE)
    assert shown.rows[0] == views.Waiting(chat_of(ANNA), "bikes", NINE, lang="en")


def test_the_queue_says_who_had_somebody_and_who_is_offered() -> None:
    story = Story(replace(RULES, auto_accept=False))
    story.arrive(MIA)
    story.open(ANNA)
    assert showing.queue(story.desk).rows[0].offered == "mia"
    story.do(MIA, frames.Accept(new_id(), chat_of(ANNA)))
    story.status(MIA, "offline")
    row = showing.queue(story.desk).rows[0]
    assert (row.offered, row.returned) == ("", True)


def test_fifty_rows_at_most(story: Story) -> None:
    story.desk.rules = RULES
    for n in range(60):
        story.open(replace(CLEO, id=f"customer-{n:02}"))
    shown = showing.queue(story.desk)
    assert (shown.size, len(shown.rows)) == (60, 50)
    assert shown.lines == [views.QueueLine("en", "", 60, NINE)]


def test_the_sum_of_the_queue_is_of_all_and_says_who_has_left_the_page(story: Story) -> None:
    story.desk.rules = replace(RULES, page_grace_ms=30 * SECOND)
    for n in range(60):
        story.open(replace(CLEO, id=f"customer-{n:02}"), lang=["en", "da", "da"][n % 3])
    first, last = replace(CLEO, id="customer-00"), replace(CLEO, id="customer-59")
    for who in (first, last):
        story.do(who, PageLeft())
    story.wait(30 * SECOND)
    shown = showing.queue(story.desk)
    assert (shown.size, shown.gone, shown.oldest_at) == (60, 2, NINE + SECOND)
    assert shown.lines == [
        views.QueueLine("da", "", 39, NINE + SECOND, gone=1),
        views.QueueLine("en", "", 19, NINE + 3 * SECOND, gone=1),
    ]
    assert [row.gone for row in shown.rows[:2]] == [True, False]
    # Whoever writes is there, whatever is known of their page.
    story.say(first, story.chat(first))
    assert showing.queue(story.desk).gone == 1
    assert showing.queue(story.desk).lines[0] == views.QueueLine("en", "", 20, NINE)


def test_strangers_make_no_view_longer_than_fifty_lines(story: Story) -> None:
    story.desk.rules = RULES
    for n in range(60):
        story.open(replace(CLEO, id=f"customer-{n:02}"), lang=f"x{n}")
    shown = showing.queue(story.desk)
    assert [one.lang for one in shown.lines] == [f"x{n}" for n in range(50)]


def test_mine_is_load_status_offers_and_what_i_help_with(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    story.do(MIA, frames.Invite(new_id(), chat_of(ANNA), "tom"))
    story.open(CLEO)
    story.do(TOM, frames.HandOff(new_id(), chat_of(CLEO), "x", "mia", reason="books"))
    mine = showing.mine(story.desk, "mia", [chat_of(ANNA), chat_of(CLEO), "gone-chat"], True, story.now)
    assert (mine.status, mine.writing, mine.load.points, mine.guest_in) == ("online", True, 100, [])
    until = story.at + RULED.handoff_ms
    assert mine.offers == [views.Offer(chat_of(CLEO), until, "handoff", "Tom", "books")]
    toms = showing.mine(story.desk, "tom", [chat_of(ANNA), chat_of(CLEO)], False, story.now)
    assert (toms.guest_in, toms.offers) == ([chat_of(ANNA)], [])


def test_mine_has_an_offer_of_the_desk() -> None:
    story = Story(replace(RULES, auto_accept=False))
    story.arrive(MIA)
    story.open(ANNA)
    mine = showing.mine(story.desk, "mia", [chat_of(ANNA)], True, story.now)
    assert mine.offers == [views.Offer(chat_of(ANNA), story.at - SECOND + RULES.accept_ms, "offer")]


def test_mine_tells_the_time_after_a_chat_and_silence() -> None:
    story = Story(replace(RULES, breather_ms=30 * SECOND, silence_ms=60 * SECOND))
    story.arrive(MIA)
    story.close(MIA, story.open(ANNA))
    mine = showing.mine(story.desk, "mia", [], True, story.now)
    assert mine.wrap_ups == [views.WrapUp(chat_of(ANNA), story.at + 30 * SECOND, False, False)]
    story.open(BEN)
    story.wait(60 * SECOND)
    mine = showing.mine(story.desk, "mia", [], True, story.now)
    assert (mine.wrap_ups, mine.status, mine.reason, mine.silent) == ([], "away", "silence", chat_of(BEN))


# --- team, today, left ------------------------------------------------------------------------------


def test_the_team_by_name_with_what_each_carries(story: Story) -> None:
    story.desk.know(
        [Member("tom", "Tom", skills=("wheels",)), Member("mia", "Mia", languages=("nl",), skills=("gears",))]
    )
    story.arrive(MIA)
    story.open(ANNA)
    story.do(MIA, frames.Say(new_id(), chat_of(ANNA), "soon", promise=5 * MINUTE))
    story.open(CLEO)
    team = showing.team(story.desk, story.now)
    assert team.skills == ["gears", "wheels"]
    assert [(one.name, one.present, one.status) for one in team.agents] == [
        ("Mia", True, "online"),
        ("Tom", False, "online"),
    ]
    mia = team.agents[0]
    assert (mia.load.points, mia.promises, mia.overdue, mia.today) == (180, 1, 0, False)
    assert mia.oldest_at == story.chat(CLEO).waiting_since
    assert mia.chats == [chat_of(ANNA), chat_of(CLEO)]
    story.wait(5 * MINUTE)
    assert showing.team(story.desk, story.now).agents[0].overdue == 1


def test_disabled_people_are_no_colleagues(story: Story) -> None:
    story.desk.know([Member("mia", "Mia"), Member("tom", "Tom", disabled=True)])
    assert [one.agent for one in showing.team(story.desk, story.now).agents] == ["mia"]


def test_a_ceiling_for_today_shows(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=100))
    mia = next(one for one in showing.team(story.desk, story.now).agents if one.agent == "mia")
    assert (mia.today, mia.load.ceiling) == (True, 100)


def test_today_has_controls_hours_and_promises_after_closing(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    until = story.at + HOUR
    story.do(SUE, frames.Control(new_id(), "banner", until, text="Strike"))
    story.do(MIA, frames.Say(new_id(), chat_of(ANNA), "tonight", promise=7 * HOUR))
    today = showing.today(story.desk, story.now)
    assert today.held == [views.Held("banner", "", until, "Sue", text="Strike")]
    assert today.shops == [
        views.ShopToday("bikes", "Bikes", True, NINE + 8 * HOUR),
        views.ShopToday("books", "Books", True),
    ]
    assert today.late_promises == []
    story.do(MIA, frames.Say(new_id(), chat_of(ANNA), "later", promise=9 * HOUR))
    assert showing.today(story.desk, story.now).late_promises == [chat_of(ANNA)]


def test_left_messages_the_most_urgent_first(story: Story) -> None:
    story.do(ANNA, frames.LeaveMessage(new_id(), chat_of(ANNA), "Later", lang="nl"))
    story.tick(HOUR)
    story.do(CLEO, frames.LeaveMessage(new_id(), chat_of(CLEO), "Later"))
    rows = showing.left(story.desk).rows
    assert [row.chat for row in rows] == [chat_of(ANNA), chat_of(CLEO)]
    assert rows[0] == views.LeftRow(chat_of(ANNA), "bikes", NINE, NINE + 4 * HOUR, lang="nl")
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat_of(ANNA)))
    story.say(MIA, story.chat(ANNA))
    rows = showing.left(story.desk, [chat_of(ANNA)]).rows
    assert [(row.chat, row.owner, row.answered_at, row.delivered) for row in rows] == [
        (chat_of(CLEO), "", 0, False),
        (chat_of(ANNA), "mia", story.at, True),
    ]


# --- alerts, blocks ---------------------------------------------------------------------------------


def alerts(story: Story) -> dict[str, views.Alert]:
    return {alert.kind: alert for alert in showing.alerts(story.desk, story.now).alerts}


def test_nothing_to_look_at(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    assert alerts(story) == {}


def test_over_the_ceiling_with_moves_and_what_each_would_do(story: Story) -> None:
    story.desk.rules = RULES
    story.arrive(MIA, TOM)
    story.status(TOM, "away")
    for who in (ANNA, BEN):
        story.open(who)
    story.status(TOM, "online")
    story.desk.rules = replace(RULES, ceiling=150)
    alert = alerts(story)["over_ceiling"]
    assert (alert.agent, alert.name, alert.n) == ("mia", "Mia", 2)
    assert alert.moves[0] == views.Move(chat_of(BEN), "tom", "Tom", 200, 100, 0, 100)


def test_an_absent_agent_a_long_wait_and_a_broken_promise(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.do(MIA, frames.Say(new_id(), chat_of(ANNA), "soon", promise=MINUTE))
    story.wait(MINUTE)
    assert (alerts(story)["overdue"].chat, alerts(story)["overdue"].agent) == (chat_of(ANNA), "mia")
    story.leave(MIA)
    story.wait(RULED.presence_grace_ms)
    assert alerts(story)["absent"].agent == "mia"
    story.wait(5 * MINUTE)
    assert (alerts(story)["queue"].n, "overdue" in alerts(story)) == (1, False)
    story.arrive(TOM)
    assert "absent" not in alerts(story)


def test_who_has_left_the_page_is_no_long_wait(story: Story) -> None:
    story.desk.rules = replace(RULED, page_grace_ms=30 * SECOND)
    story.open(ANNA)
    story.do(ANNA, PageLeft())
    story.wait(5 * MINUTE)
    assert "queue" not in alerts(story)
    story.open(BEN)
    story.wait(4 * MINUTE)
    assert "queue" not in alerts(story)
    story.wait(MINUTE)
    assert (alerts(story)["queue"].n, alerts(story)["queue"].gone) == (1, 1)
    story.do(ANNA, PageShown())
    assert (alerts(story)["queue"].n, alerts(story)["queue"].gone) == (2, 0)


def test_silence_handoffs_and_overdue_messages() -> None:
    story = Story(replace(RULES, silence_ms=60 * SECOND, cap=5))
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    story.key(TOM)
    for giver, taker in ((MIA, TOM), (TOM, MIA)):
        story.do(giver, frames.HandOff(new_id(), chat_of(ANNA), "x", taker.id, sure=True))
        story.do(taker, frames.Accept(new_id(), chat_of(ANNA)))
    assert (alerts(story)["handoffs"].n, alerts(story)["handoffs"].chat) == (2, chat_of(ANNA))
    story.do(DIRK, frames.LeaveMessage(new_id(), chat_of(DIRK), "Later"))
    story.open(BEN)
    story.wait(60 * SECOND)
    assert alerts(story)["silent"].chat == chat_of(BEN)
    story.wait(5 * HOUR)
    assert alerts(story)["left_overdue"].n == 1


def test_blocks(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.do(MIA, frames.Abuse(new_id(), chat_of(ANNA), "block", 60))
    until = story.at + HOUR
    assert showing.blocks(story.desk, story.now).blocks == [
        views.Block(chat_of(ANNA), chat_of(ANNA), until, "Mia")
    ]
    story.tick(HOUR)
    assert showing.blocks(story.desk, story.now).blocks == []


# --- for customers ----------------------------------------------------------------------------------


def test_the_door(story: Story) -> None:
    topic = views.Topic("repair", "Een reparatie")
    assert showing.door(story.desk, ANNA, "nl-BE", story.now) == views.Door(False, topics=[topic])
    story.arrive(MIA)
    door = showing.door(story.desk, ANNA, "fr", story.now)
    assert (door.open, door.topics) == (True, [views.Topic("repair", "A repair")])
    story.tick(9 * HOUR)
    door = showing.door(story.desk, ANNA, "en", story.now)
    assert (door.open, door.closed, door.opens_at) == (False, True, NINE + 24 * HOUR)


def test_a_door_with_a_banner_a_full_queue_and_a_block(story: Story) -> None:
    story.do(SUE, frames.Control(new_id(), "banner", story.at + HOUR, "bikes", text="Strike"))
    story.open(ANNA)
    door = showing.door(story.desk, BEN, "en", story.now)
    assert (door.full, door.banner, door.blocked_until) == (True, "Strike", 0)
    assert showing.door(story.desk, CLEO, "en", story.now).banner == ""
    story.do(SUE, frames.Abuse(new_id(), chat_of(ANNA), "block", 60))
    door = showing.door(story.desk, ANNA, "en", story.now)
    assert (door.blocked_until, door.appeal) == (story.at + HOUR, "appeal@bikes.example")


def test_a_wait_without_experience_has_a_position_and_no_number(story: Story) -> None:
    story.busy()
    story.desk.waits.clear()
    story.open(CLEO)
    chat = story.open(DIRK)
    assert showing.wait(story.desk, chat, None, story.now) == views.Wait(2)


def test_a_wait_in_whole_minutes_and_why_it_is_longer(story: Story) -> None:
    story.busy()
    story.desk.waits.clear()
    chat = story.open(CLEO)
    book = story.desk.book(chat)
    for ago in range(60, -1, -3):
        book.took(story.at - ago * MINUTE, MINUTE)
    told = showing.wait(story.desk, chat, None, story.now)
    assert (told.position, told.low_ms, told.high_ms, told.worse) == (1, MINUTE, 3 * MINUTE, "")
    assert showing.wait(story.desk, chat, views.Wait(1, MINUTE, 2 * MINUTE), story.now).worse == "slower"
    again = views.Wait(1, MINUTE, 3 * MINUTE, "slower")
    assert showing.wait(story.desk, chat, again, story.now).worse == "slower"


def test_a_chat_that_comes_back_ahead_says_why(story: Story) -> None:
    story.arrive(MIA)
    story.open(CLEO)
    story.status(MIA, "away")
    story.busy()
    chat = story.open(DIRK)
    told = showing.wait(story.desk, chat, None, story.now)
    assert told.position == 1
    story.status(MIA, "offline")
    later = showing.wait(story.desk, chat, told, story.now)
    assert (later.position, later.worse) == (2, "returned")


def test_too_long_a_wait_offers_a_message(story: Story) -> None:
    story.busy()
    chat = story.open(ANNA)
    assert not showing.wait(story.desk, chat, None, story.now).leave
    story.tick(10 * MINUTE)
    assert showing.wait(story.desk, chat, None, story.now).leave


def test_nobody_waits_who_believes_in_an_agent(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    assert showing.wait(story.desk, chat, None, story.now) == views.Wait(0)
    story.status(MIA, "offline")
    assert (chat.state, showing.wait(story.desk, chat, None, story.now)) == ("queued", views.Wait(0))
    story.arrive(PIA)
    assert kinds_of(story.log[-1:]) == ["joined"]


def test_at_most_three_moves_and_none_to_who_has_no_room(story: Story) -> None:
    story.desk.rules = Rules(silence_ms=0, ramp_ms=0, nudge_ms=0)
    story.arrive(MIA, TOM)
    story.status(TOM, "away")
    chats = [story.open(visitor(n)) for n in range(5)]
    for chat in chats:
        if not chat.owner:
            story.do(SUE, frames.Assign(new_id(), chat.id, "mia"))
        story.tick()
    alerts = {alert.kind: alert for alert in showing.alerts(story.desk, story.now).alerts}
    assert alerts["over_ceiling"].moves == []
    story.status(TOM, "online")
    alerts = {alert.kind: alert for alert in showing.alerts(story.desk, story.now).alerts}
    moves = alerts["over_ceiling"].moves
    # Who waits shortest loses least by being moved.
    assert [move.chat for move in moves] == [chat.id for chat in reversed(chats[2:])]
    assert {(move.to, move.from_now, move.from_then, move.to_now, move.to_then) for move in moves} == {
        ("tom", 500, 400, 0, 100)
    }


def test_nobody_is_told_of_who_left_the_desk(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.leave(MIA)
    story.wait(RULES.presence_grace_ms)
    assert "absent" in [alert.kind for alert in showing.alerts(story.desk, story.now).alerts]
    story.desk.know([replace(one, disabled=True) for one in story.desk.members.values()])
    assert showing.alerts(story.desk, story.now).alerts == []


def test_alerts_begin_when_they_should(story: Story) -> None:
    story.open(ANNA)
    story.tick(showing.LONG_WAIT_MS - SECOND - 1)
    assert showing.alerts(story.desk, story.now).alerts == []
    story.tick(1)
    assert [alert.kind for alert in showing.alerts(story.desk, story.now).alerts] == ["queue"]


def test_exactly_full_is_not_too_much_and_one_handoff_is_not_two(story: Story) -> None:
    story.arrive(MIA, TOM)
    story.open(ANNA)
    chat = story.chat(ANNA)
    other = "tom" if chat.owner == "mia" else "mia"
    people = {"mia": MIA, "tom": TOM}
    story.do(people[chat.owner], frames.HandOff(new_id(), chat.id, "So far", other))
    story.do(people[other], frames.Accept(new_id(), chat.id))
    story.do(SUE, frames.SetAgent(new_id(), other, ceiling=100))
    assert (story.load(people[other]).points, chat.handoffs) == (100, 1)
    assert showing.alerts(story.desk, story.now).alerts == []
