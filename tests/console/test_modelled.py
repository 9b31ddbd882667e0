"""The draft of a summary where a shop has a language model: the rules' at once, the model's if in time."""

from __future__ import annotations

import pytest

from supportterm.console.aids.modelled import PATIENCE_MS
from supportterm.console.screens.summing import Summing
from supportterm.protocol import kinds
from supportterm.protocol.drafts import Place
from supportterm.protocol.frames import Draft, DraftOf, Err, Say

from .conftest import A, Desk, LateLink, Opened
from .server import DESK, NOON, SANNE, HandServer, event, sent
from .understanding import STORY, facts, give, lamp, said

__all__ = ["lamp"]

#: The rules find the number and the day, too.
FOUND = DraftOf(
    A, upto=6, happened=(Place(4, STORY.index("ik heb een"), len(STORY) - 1),), wants=(Place(6, 0, 22),)
)


@pytest.fixture
def shop(lamp: HandServer) -> HandServer:
    """The customer with a story, in a shop that has a model."""
    lamp.views["shops"] = facts(drafts=True)
    return lamp


async def opened(desk: Desk) -> Summing:
    await desk.press("ctrl+k")
    await desk.until(lambda: isinstance(desk.app.screen, Summing))
    await desk.settle()
    screen = desk.app.screen
    assert isinstance(screen, Summing)
    return screen


async def test_the_rules_draft_is_there_at_once_and_the_models_takes_its_place(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        rules = screen.field.text
        assert "48213" in rules
        assert "the model is asked" in desk.screen_text
        assert sent(shop.heard, Draft) == [Draft(chat=A)]
        shop.give(FOUND)
        await desk.until(lambda: screen.field.text != rules)
        assert "Draft by the model · ctrl+r back to the rules' draft" in desk.screen_text
        model = screen.field.text
        assert "48213" not in model
        assert model.endswith("Klopt dat?")
        await desk.press("ctrl+r")
        assert screen.field.text == rules
        assert "Draft by the rules · ctrl+r shows the model's" in desk.screen_text
        await desk.press("tab", "ctrl+r")
        assert screen.field.text == model
        await desk.press("tab")
        await desk.later(1_000)
        await desk.press("enter")
        assert [frame.text for frame in sent(shop.heard, Say)] == [model]


async def test_a_shop_without_a_model_asks_nobody_and_says_nothing_of_it(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        before = screen.field.text
        await desk.press("ctrl+r")
        lamp.give(FOUND)
        await desk.settle()
        assert screen.field.text == before
        assert "odel" not in desk.screen_text
        assert sent(lamp.heard, Draft) == []


async def test_who_has_begun_to_write_keeps_their_text_and_may_look_at_the_models(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        await desk.type(" Toch")
        written = screen.field.text
        shop.give(FOUND)
        await desk.until(lambda: "ctrl+r shows the model's" in desk.screen_text)
        assert screen.field.text == written
        await desk.press("ctrl+r")
        assert screen.field.text == written
        assert "Draft by the model" in desk.screen_text
        assert "your own words stay" in desk.screen_text


async def test_who_looks_at_the_slots_is_not_disturbed(open_console: Opened, shop: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        before = screen.field.text
        await desk.press("tab")
        shop.give(FOUND)
        await desk.until(lambda: "ctrl+r shows the model's" in desk.screen_text)
        assert screen.field.text == before


async def test_an_enter_that_was_meant_for_the_text_before_sends_nothing(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        desk.stop_the_clock()
        shop.give(FOUND)
        await desk.until(lambda: "Draft by the model" in desk.screen_text)
        await desk.press("enter")
        assert sent(shop.heard, Say) == []
        assert "the draft has just changed" in desk.screen_text
        await desk.later(600)
        text = screen.field.text
        await desk.press("enter")
        assert [frame.text for frame in sent(shop.heard, Say)] == [text]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (DraftOf(A, 6, "slow"), "the model took too long"),
        (DraftOf(A, 6, "down"), "the model cannot be reached"),
        (DraftOf(A, 6, "bad"), "the model's was none in their words"),
        (DraftOf(A, why="busy"), "the model was asked too often"),
        (DraftOf(A, why="off"), "no model is set"),
        (DraftOf(A, 6), "the model found nothing"),
        # Places where the customer wrote nothing are no draft, whoever sends them.
        (DraftOf(A, 6, wants=(Place(5, 0, 5),)), "the model's was none in their words"),
        (DraftOf(A, 6, wants=(Place(6, 0, 999),)), "the model's was none in their words"),
        (DraftOf(A, 6, wants=(Place(6, 5, 5),)), "the model's was none in their words"),
        (DraftOf(A, 6, wants=(Place(6, 2, 3),)), "the model's was none in their words"),
        (DraftOf(A, 6, wants=(Place(99, 0, 5),)), "the model's was none in their words"),
    ],
)
async def test_without_a_draft_the_rules_one_stays_with_a_quiet_word(
    open_console: Opened, shop: HandServer, answer: DraftOf, word: str
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        before = screen.field.text
        shop.give(answer)
        await desk.until(lambda: word in desk.screen_text)
        await desk.press("ctrl+r")
        assert screen.field.text == before
        assert f"Draft by the rules · {word}" in desk.screen_text


async def test_an_answer_that_comes_too_late_is_none(open_console: Opened, shop: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        before = screen.field.text
        await desk.later(PATIENCE_MS + 1)
        shop.give(FOUND)
        await desk.until(lambda: "the model took too long" in desk.screen_text)
        assert screen.field.text == before


async def test_it_is_asked_once_for_a_chat_as_it_is_and_again_for_something_new(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        shop.give(FOUND)
        await desk.until(lambda: "Draft by the model" in desk.screen_text)
        model = screen.field.text
        await desk.press("escape")
        screen = await opened(desk)
        assert screen.field.text == model
        assert len(sent(shop.heard, Draft)) == 1
        give(desk, said("Nee, ik wil toch liever mijn geld terug.", 6))
        await desk.until(lambda: len(sent(shop.heard, Draft)) == 2)
        assert "geld terug" in screen.field.text
        assert "the model is asked" in desk.screen_text
        # What was found in the chat before says nothing of the chat now.
        shop.give(FOUND)
        await desk.settle()
        assert "the model is asked" in desk.screen_text
        shop.give(DraftOf(A, upto=7, wants=(Place(7, 5, 39),)))
        await desk.until(lambda: "Draft by the model" in desk.screen_text)
        assert "geld terug" in screen.field.text


async def test_after_a_failure_it_is_asked_again_the_next_time(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await opened(desk)
        shop.give(DraftOf(A, 6, "slow"))
        await desk.until(lambda: "took too long" in desk.screen_text)
        await desk.press("escape")
        await opened(desk)
        assert len(sent(shop.heard, Draft)) == 2
        assert "the model is asked" in desk.screen_text


async def test_who_wrote_their_own_summary_before_is_not_drafted_for(
    open_console: Opened, shop: HandServer
) -> None:
    shop.views["shops"] = facts()
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        await desk.type(" Echt")
        written = screen.field.text
        await desk.press("escape")
        shop.views["shops"] = facts(drafts=True)
        shop.tell_views()
        await desk.settle()
        screen = await opened(desk)
        assert screen.field.text == written
        assert sent(shop.heard, Draft) == []


async def test_a_model_that_is_heard_of_later_is_asked_then(open_console: Opened, shop: HandServer) -> None:
    del shop.views["shops"]
    async with open_console((100, 40)) as desk:
        await opened(desk)
        assert sent(shop.heard, Draft) == []
        shop.views["shops"] = facts(drafts=True)
        shop.tell_views()
        await desk.until(lambda: sent(shop.heard, Draft))
        shop.give(FOUND)
        await desk.until(lambda: "Draft by the model" in desk.screen_text)


async def test_without_a_connection_it_is_asked_when_that_is_back(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        link = desk.app.session.link
        assert isinstance(link, LateLink)
        shop.reachable = False
        assert shop.socket is not None
        shop.socket.cut()
        await desk.until(lambda: not desk.app.session.journal.online)
        await opened(desk)
        assert sent(shop.heard, Draft) == []
        shop.reachable = True
        link.hurry()
        await desk.until(lambda: sent(shop.heard, Draft))
        await desk.until(lambda: "the model is asked" in desk.screen_text)


async def test_what_was_erased_is_no_draft_any_more(open_console: Opened, shop: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        shop.give(FOUND)
        await desk.until(lambda: "Draft by the model" in desk.screen_text)
        give(desk, event(A, 7, NOON, DESK, "erased", pub=6, data=kinds.Erased()))
        await desk.until(lambda: "Draft by the model" not in desk.screen_text)
        assert screen.field.text == ""
        # There is nothing to ask about any more.
        assert len(sent(shop.heard, Draft)) == 1


async def test_the_number_that_was_put_right_is_named_by_the_models_draft_too(
    open_console: Opened, shop: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        give(desk, said("Je kreeg een witte lamp (48213). Klopt dat?", 6, SANNE, summary=True))
        give(desk, said("Nee, het is 48214.", 7, re=6, answer="no"))
        await desk.settle()
        screen = await opened(desk)
        assert "48214" in screen.field.text
        numbers = (Place(4, STORY.index("48213"), STORY.index("48213") + 5), Place(8, 12, 17))
        shop.give(DraftOf(A, upto=8, happened=FOUND.happened, about=numbers, wants=FOUND.wants))
        await desk.until(lambda: "Draft by the model" in desk.screen_text)
        assert "48214" in screen.field.text
        assert "48213" not in screen.field.text


async def test_a_chat_that_went_away_leaves_the_rules_draft(open_console: Opened, shop: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        screen = await opened(desk)
        before = screen.field.text
        shop.give(Err("no_chat", chat=A))
        await desk.later(PATIENCE_MS + 1)
        shop.tell_views()
        await desk.until(lambda: "the model took too long" in desk.screen_text)
        assert screen.field.text == before
