"""A chat is handed on, and never into a void."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.commands import CLOCK, Masked, PageShown, Retire
from server.desk.decision import Repeated
from server.desk.events import Event
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, MIA, MINUTE, PIA, RULES, SUE, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded

GRACE = RULES.presence_grace_ms
SKILLED = [
    Member("mia", "Mia"),
    Member("tom", "Tom", skills=("repair",)),
    Member("pia", "Pia", skills=("repair",)),
    Member("sue", "Sue", title="supervisor"),
]


@pytest.fixture
def story() -> Story:
    """Mia has Anna's chat and answered; Tom is there."""
    story = Story(replace(RULES, cap=5), SKILLED)
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    story.arrive(TOM)
    return story


def hand(story: Story, agent: str = "", skill: str = "", sure: bool = False) -> frames.HandOff:
    return frames.HandOff(
        new_id(), story.chat(ANNA).id, "The wheel is bent", agent, skill, "knows wheels", sure
    )


def accept(story: Story) -> frames.Accept:
    return frames.Accept(new_id(), story.chat(ANNA).id)


def decline(story: Story) -> frames.Decline:
    return frames.Decline(new_id(), story.chat(ANNA).id)


def ended_by(events: list[Event]) -> list[object]:
    return [data_of(event) for event in events if event.kind == "handoff_ended"]


# --- to an agent ------------------------------------------------------------------------------------


def test_it_stays_the_owners_until_somebody_accepts(story: Story) -> None:
    command = hand(story, "tom")
    handoff, handing = story.do(MIA, command)
    assert (handoff.pub, handoff.text) == (0, "The wheel is bent")
    assert data_of(handoff) == kinds.Handoff("tom", "", "knows wheels")
    assert data_of(handing) == kinds.Handing("Tom")
    chat = story.chat(ANNA)
    assert (chat.owner, chat.offered) == ("mia", "tom")
    assert story.say(MIA, chat)
    assert story.ask(MIA, command) == Repeated(handoff.seq, 0)


def test_accepting_makes_them_the_owner(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    command = accept(story)
    ended, routed, joined = story.do(TOM, command)
    assert data_of(ended) == kinds.HandoffEnded("accepted", "tom")
    assert (joined.cid, data_of(joined)) == (command.id, kinds.Joined("Tom", "Mia"))
    told = data_of(routed)
    assert isinstance(told, kinds.Routed)
    assert (told.how, told.by) == ("handoff", "mia")
    chat = story.chat(ANNA)
    assert (chat.owner, chat.handoffs, chat.handoff) == ("tom", 1, None)
    assert story.code(MIA, frames.Say(new_id(), chat.id, "Bye")) == "no_chat"


def test_declining_gives_it_back(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    events = story.do(TOM, decline(story))
    assert kinds_of(events) == ["offer_ended", "handoff_ended", "stays"]
    assert ended_by(events) == [kinds.HandoffEnded("declined", "tom")]
    assert data_of(events[-1]) == kinds.Stays("Mia")
    assert (story.chat(ANNA).owner, story.chat(ANNA).handoffs) == ("mia", 0)


def test_nobody_takes_it_in_time(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    assert story.wait(2 * MINUTE - 1) == []
    events = story.wait(1)
    assert kinds_of(events) == ["handoff_ended", "stays"]
    assert ended_by(events) == [kinds.HandoffEnded("expired")]
    assert story.code(TOM, accept(story)) == "not_offered"
    assert story.chat(ANNA).owner == "mia"


def test_it_is_taken_back(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    recall = frames.Recall(new_id(), story.chat(ANNA).id)
    events = story.do(MIA, recall)
    assert ended_by(events) == [kinds.HandoffEnded("recalled", "mia")]
    assert kinds_of(events) == ["handoff_ended", "stays"]
    assert story.ask(MIA, recall) == Repeated(events[0].seq, 0)
    assert story.code(MIA, frames.Recall(new_id(), story.chat(ANNA).id)) == "already"
    assert story.wait(5 * MINUTE) == []


def test_the_second_is_warned_about(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    story.do(TOM, accept(story))
    assert story.code(TOM, hand(story, "mia")) == "second_handoff"
    story.do(TOM, hand(story, "mia", sure=True))
    story.do(MIA, accept(story))
    assert story.chat(ANNA).handoffs == 2


def test_one_at_a_time(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    assert story.code(MIA, hand(story, "tom")) == "handing"


@pytest.mark.parametrize(
    ("to", "code"), [("mia", "to_self"), ("pia", "agent_offline"), ("zoe", "no_agent"), ("", "no_skill")]
)
def test_a_handoff_to_nobody_is_refused(story: Story, to: str, code: str) -> None:
    assert story.code(MIA, hand(story, to)) == code


def test_whoever_is_away_takes_nothing_over_and_is_named(story: Story) -> None:
    story.status(TOM, "away")
    refused = story.refused(MIA, hand(story, "tom"))
    assert (refused.error.code, refused.who) == ("agent_offline", "Tom")


def test_a_handoff_says_why(story: Story) -> None:
    assert story.code(MIA, frames.HandOff(new_id(), story.chat(ANNA).id, " ", "tom")) == "bad_text"


def test_who_may_hand_on(story: Story) -> None:
    assert story.code(TOM, hand(story, "mia")) == "no_chat"
    assert story.code(ANNA, hand(story, "tom")) == "not_allowed"
    assert story.code(SUE, hand(story, "mia")) == "already"
    assert kinds_of(story.do(SUE, hand(story, "tom"))) == ["handoff", "handing"]


def test_a_waiting_or_closed_chat_is_not_handed_on(story: Story) -> None:
    story.close(ANNA, story.chat(ANNA))
    assert story.code(MIA, hand(story, "tom")) == "chat_closed"
    story.status(MIA, "away")
    story.status(TOM, "away")
    waiting = story.open(BEN)
    assert story.code(SUE, frames.HandOff(new_id(), waiting.id, "x", "tom")) == "not_owner"


def test_card_numbers_are_masked_in_a_summary_too(story: Story) -> None:
    assert kinds_of(story.do(MIA, Masked(hand(story, "tom"), 1))) == ["handoff", "handing"]


# --- to a skill -------------------------------------------------------------------------------------


def test_a_skill_asks_the_least_busy_and_then_the_next(story: Story) -> None:
    story.arrive(PIA)
    handoff, handing, offered = story.do(MIA, hand(story, skill="repair"))
    assert data_of(handing) == kinds.Handing("", "repair")
    assert data_of(offered) == kinds.Offered("pia", "Pia")
    assert kinds_of(story.do(PIA, decline(story))) == ["offer_ended", "offered"]
    assert story.chat(ANNA).offered == "tom"
    assert kinds_of(story.do(TOM, accept(story))) == ["handoff_ended", "routed", "joined"]
    assert (story.chat(ANNA).owner, handoff.kind) == ("tom", "handoff")


def test_an_unanswered_question_goes_to_the_next(story: Story) -> None:
    story.arrive(PIA)
    story.do(MIA, hand(story, skill="repair"))
    events = story.wait(RULES.accept_ms)
    assert kinds_of(events) == ["offer_ended", "status", "offered"]
    assert (story.chat(ANNA).offered, story.desk.agents["pia"].silent) == ("tom", story.chat(ANNA).id)


def test_nobody_wants_it_and_it_comes_back(story: Story) -> None:
    story.do(MIA, hand(story, skill="repair"))
    assert kinds_of(story.do(TOM, decline(story))) == ["offer_ended"]
    assert story.chat(ANNA).handoff is not None
    assert kinds_of(story.wait(2 * MINUTE)) == ["handoff_ended", "stays"]


def test_a_skill_nobody_has(story: Story) -> None:
    assert story.code(MIA, hand(story, skill="magic")) == "no_skill"


def test_who_is_asked_for_a_skill_drops_and_the_next_is_asked(story: Story) -> None:
    story.arrive(PIA)
    story.do(MIA, hand(story, skill="repair"))
    story.leave(PIA)
    assert kinds_of(story.wait(GRACE)) == ["absent", "offer_ended", "offered"]
    assert story.chat(ANNA).offered == "tom"


# --- people who go in the middle --------------------------------------------------------------------


def test_the_receiver_drops(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    story.leave(TOM)
    assert story.wait(GRACE - 1) == []
    events = story.wait(1)
    assert kinds_of(events) == ["absent", "offer_ended", "handoff_ended", "stays"]
    assert story.chat(ANNA).owner == "mia"
    assert story.wait(5 * MINUTE) == []


def test_the_receiver_is_disabled(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    assert kinds_of(story.do(CLOCK, Retire("tom"))) == ["absent", "offer_ended", "handoff_ended", "stays"]


def test_the_sender_drops_and_the_receiver_accepts(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    story.leave(MIA)
    story.wait(GRACE)
    story.do(TOM, accept(story))
    assert story.chat(ANNA).owner == "tom"


def test_the_sender_drops_while_the_customer_waits(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    story.say(ANNA, story.chat(ANNA))
    story.leave(MIA)
    events = story.wait(GRACE)
    assert kinds_of(events) == ["absent", "handoff_ended", "unassigned", "routed", "joined"]
    assert ended_by(events) == [kinds.HandoffEnded("withdrawn")]
    assert story.code(TOM, accept(story)) == "not_offered"


def test_the_customer_goes(story: Story) -> None:
    story.do(MIA, hand(story, "tom"))
    story.close(ANNA, story.chat(ANNA))
    assert story.code(TOM, accept(story)) == "not_offered"
    assert story.wait(5 * MINUTE) == []


@pytest.mark.parametrize(
    ("agent", "skill", "time"), [("tom", "", RULES.handoff_ms), ("", "repair", RULES.accept_ms)]
)
def test_a_restart_in_the_middle(story: Story, agent: str, skill: str, time: int) -> None:
    story.do(MIA, hand(story, agent, skill))
    story.tick(MINUTE)
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    story.do(ANNA, PageShown())
    assert (story.chat(ANNA).owner, story.chat(ANNA).offered) == ("mia", "tom")
    assert story.wait(time - 1) == []
    story.do(TOM, accept(story))
    assert story.chat(ANNA).owner == "tom"


def test_asked_again_when_somebody_comes(story: Story) -> None:
    story.status(TOM, "away")
    assert kinds_of(story.do(MIA, hand(story, skill="repair"))) == ["handoff", "handing"]
    assert kinds_of(story.arrive(PIA)) == ["present", "offered"]
    assert story.chat(ANNA).offered == "pia"


def test_asked_again_when_somebody_has_room(story: Story) -> None:
    story.desk.rules = replace(RULES, cap=1)
    other = story.open(BEN)
    assert other.owner == "tom"
    story.do(MIA, hand(story, skill="repair"))
    assert kinds_of(story.close(TOM, other)) == ["closed", "offered"]
    assert story.chat(ANNA).offered == "tom"


def test_an_answer_makes_room_too(story: Story) -> None:
    story.desk.rules = replace(RULES, cap=5, ceiling=100)
    other = story.open(BEN)
    assert other.owner == "tom"
    story.do(MIA, hand(story, skill="repair"))
    story.desk.rules = replace(RULES, cap=5, ceiling=200, hysteresis=0)
    assert story.queue() == []
    assert kinds_of(story.say(TOM, other)) == ["message", "offered"]


def test_a_skill_that_only_the_owner_has(story: Story) -> None:
    members = [
        *SKILLED[1:],
        Member("mia", "Mia", skills=("tandems",)),
        Member("old", "Old", skills=("steam",), disabled=True),
    ]
    story.desk.know(members)
    for skill in ("tandems", "steam", ""):
        assert story.code(MIA, hand(story, skill=skill)) == "no_skill"


def test_an_agent_beside_a_skill_is_the_agent(story: Story) -> None:
    story.arrive(PIA)
    story.do(MIA, hand(story, "pia", "repair"))
    events = story.do(PIA, decline(story))
    assert ended_by(events) == [kinds.HandoffEnded("declined", "pia")]
    assert (story.chat(ANNA).owner, story.chat(ANNA).offered) == ("mia", "")


def test_taken_back_who_was_asked_has_room_again(story: Story) -> None:
    story.desk.rules = replace(RULES, cap=1)
    story.do(MIA, hand(story, "tom"))
    waiting = story.open(BEN)
    assert story.why(waiting)["tom"] == "cap"
    events = story.do(MIA, frames.Recall(new_id(), story.chat(ANNA).id))
    assert kinds_of(events) == ["handoff_ended", "stays", "routed", "joined"]
    assert waiting.owner == "tom"


def test_after_a_restart_who_is_asked_for_a_skill_has_the_time_to_accept(story: Story) -> None:
    story.arrive(PIA)
    story.do(MIA, hand(story, skill="repair"))
    first = story.chat(ANNA).offered
    desk = refolded(story)
    desk.know(SKILLED)
    for who in (MIA, TOM, PIA):
        desk.attend(who)
    story.desk = desk
    story.do(ANNA, PageShown())
    assert story.wait(RULES.accept_ms - 1) == []
    assert kinds_of(story.wait(1)) == ["offer_ended", "status", "offered"]
    assert story.chat(ANNA).offered not in ("", first)


def test_to_somebody_who_is_finishing(story: Story) -> None:
    story.status(TOM, "finishing")
    story.do(MIA, hand(story, "tom"))
    story.do(TOM, accept(story))
    assert story.chat(ANNA).owner == "tom"
