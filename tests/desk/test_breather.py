"""The time after a chat."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.decision import Repeated
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, MIA, MINUTE, RULES, SECOND, SUE, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded
from .test_load import points

RULED = replace(RULES, cap=5, ceiling=100, breather_ms=30 * SECOND, abuse_breather_ms=5 * MINUTE)


@pytest.fixture
def story() -> Story:
    story = Story(RULED)
    story.arrive(MIA)
    story.close(MIA, story.open(ANNA))
    return story


def breather(story: Story, act: str) -> frames.Breather:
    return frames.Breather(new_id(), story.chat(ANNA).id, act)  # type: ignore[arg-type]


def test_the_next_chat_comes_after_it(story: Story) -> None:
    assert points(story, MIA) == 50
    waiting = story.open(BEN)
    assert waiting.owner == ""
    assert story.wait(28 * SECOND) == []
    assert kinds_of(story.wait(SECOND)) == ["routed", "joined"]
    assert points(story, MIA) == 100


def test_it_is_ended_early(story: Story) -> None:
    story.open(BEN)
    breathed, *rest = story.do(MIA, breather(story, "end"))
    assert (breathed.pub, data_of(breathed), kinds_of(rest)) == (
        0,
        kinds.Breathed("end"),
        ["routed", "joined"],
    )
    assert story.code(MIA, breather(story, "end")) == "already"
    assert story.code(MIA, breather(story, "extend")) == "already"


def test_it_is_extended_once(story: Story) -> None:
    story.open(BEN)
    extend = breather(story, "extend")
    event = story.do(MIA, extend)[0]
    assert data_of(event) == kinds.Breathed("extend")
    assert story.ask(MIA, extend) == Repeated(event.seq, 0)
    assert story.code(MIA, breather(story, "extend")) == "already"
    assert story.wait(58 * SECOND) == []
    assert kinds_of(story.wait(SECOND)) == ["routed", "joined"]


def test_an_extended_one_is_ended_early_too(story: Story) -> None:
    story.do(MIA, breather(story, "extend"))
    story.do(MIA, breather(story, "end"))
    assert story.open(BEN).owner == "mia"


def test_when_it_is_over_there_is_nothing_to_end(story: Story) -> None:
    story.wait(30 * SECOND)
    assert story.code(MIA, breather(story, "end")) == "already"


def test_only_who_had_the_chat_or_a_supervisor(story: Story) -> None:
    assert story.code(TOM, breather(story, "end")) == "no_chat"
    assert story.code(ANNA, breather(story, "end")) == "not_allowed"
    assert kinds_of(story.do(SUE, breather(story, "end"))) == ["breathed"]


def test_an_open_chat_has_none(story: Story) -> None:
    story.wait(MINUTE)
    story.reopen(ANNA, story.chat(ANNA))
    assert story.code(MIA, breather(story, "end")) == "already"


def test_reopening_ends_it(story: Story) -> None:
    story.reopen(ANNA, story.chat(ANNA))
    assert (story.chat(ANNA).owner, points(story, MIA)) == ("mia", 100)
    assert not story.desk.agents["mia"].wraps


def test_none_after_a_chat_that_closed_for_silence() -> None:
    story = Story(RULED)
    story.arrive(MIA)
    story.open(ANNA)
    story.wait(RULED.idle_close_ms)
    assert (story.chat(ANNA).state, points(story, MIA)) == ("closed", 0)


def test_after_abuse_it_is_long_and_nothing_is_offered() -> None:
    story = Story(replace(RULED, ceiling=300))
    story.arrive(MIA)
    story.do(MIA, frames.Abuse(new_id(), story.open(ANNA).id, "end"))
    waiting = story.open(BEN)
    assert waiting.owner == ""
    assert story.wait(4 * MINUTE) == []
    assert kinds_of(story.wait(MINUTE)) == ["routed", "joined"]


@pytest.mark.parametrize(("act", "left"), [("end", 4 * MINUTE), ("", 0)])
def test_a_restart_leaves_what_is_left_of_it(act: str, left: int) -> None:
    story = Story(RULED)
    story.arrive(MIA)
    chat = story.open(ANNA)
    if act:
        story.do(MIA, frames.Abuse(new_id(), chat.id, "end"))
    else:
        story.close(MIA, chat)
    story.tick(MINUTE)
    story.desk = refolded(story)
    wrap = story.desk.paces[chat.id].wrap
    assert wrap == (story.run + left if left else 0)


@pytest.mark.parametrize(("acts", "left"), [(["extend"], 9 * MINUTE), (["extend", "end"], 0)])
def test_a_restart_knows_what_was_done_with_it(acts: list[str], left: int) -> None:
    story = Story(RULED)
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.do(MIA, frames.Abuse(new_id(), chat.id, "end"))
    for act in acts:
        story.do(MIA, breather(story, act))
    story.tick(MINUTE)
    before = story.desk.paces[chat.id].wrap
    story.desk = refolded(story)
    assert story.desk.paces[chat.id].wrap == before == (story.run + left if left else 0)
    assert story.desk.agents["mia"].wraps == ({chat.id} if left else set())
    assert story.code(MIA, breather(story, "extend")) == "already"


def test_forgotten_in_the_middle_of_it(story: Story) -> None:
    story.desk.forget(story.chat(ANNA).id)
    assert story.wait(RULED.breather_ms) == []
    assert story.load(MIA).points == 0
