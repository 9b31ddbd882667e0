"""How the owner understood the customer: said, confirmed by a press or in words, corrected, and required."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from server.desk.events import Event
from server.desk.rules import Shop
from server.desk.telling import Telling
from supportterm.coach import understanding
from supportterm.protocol import frames, kinds

from .story import ANNA, MIA, RULES, SUE, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded

SHOP = Shop(
    "Bikes",
    summary_required="both",
    summary_messages=2,
    summary_chars=20,
    reasons={"late": ("free_shipping",), "broken": ()},
)


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, shops={"bikes": SHOP}))
    story.arrive(MIA)
    story.open(ANNA)
    return story


def said(story: Story, text: str = "You want the black one. Is that right?") -> Event:
    return story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, text, summary=True))[0]


def enough(story: Story) -> None:
    for text in ("My parcel 48213 is the wrong colour", "I want the black one"):
        story.say(ANNA, story.chat(ANNA), text)


def answer(
    story: Story, re: int, text: str = "Yes, that's right", said: Literal["yes", "no"] = "yes"
) -> list[Event]:
    chat = story.chat(ANNA).id
    return story.do(ANNA, frames.Say(new_id(), chat, text, re=re, answer=said))


def test_a_summary_is_a_message_that_waits_for_a_yes(story: Story) -> None:
    summary = said(story)
    assert data_of(summary) == kinds.Message(summary=True)
    chat = story.chat(ANNA)
    assert (chat.summary, chat.understood) == (summary.pub, "")


def test_it_is_confirmed_by_a_press_and_then_the_customer_waits(story: Story) -> None:
    summary = said(story)
    (event,) = answer(story, summary.pub)
    assert data_of(event) == kinds.Message(re=summary.pub, answer="yes")
    chat = story.chat(ANNA)
    assert (chat.understood, chat.waiting_since) == ("yes", event.at)


@pytest.mark.parametrize(
    ("text", "understood"), [("yes exactly", "yes"), ("No, the red one", "no"), ("When?", "")]
)
def test_plain_words_count_too(story: Story, text: str, understood: Literal["yes", "no", ""]) -> None:
    summary = said(story)
    (event,) = story.say(ANNA, story.chat(ANNA), text)
    assert story.chat(ANNA).understood == understood
    if understood:
        about = kinds.Message(re=summary.pub, answer=understood, words=True)
        assert data_of(event) == about
    else:
        assert event.data == b""


def test_only_the_first_words_after_it_do(story: Story) -> None:
    said(story)
    story.say(ANNA, story.chat(ANNA), "When?")
    assert story.say(ANNA, story.chat(ANNA), "yes")[0].data == b""


def test_the_owner_undoes_what_was_read_out_of_words(story: Story) -> None:
    summary = said(story)
    (event,) = story.say(ANNA, story.chat(ANNA), "yes")
    undo = frames.Reread(new_id(), story.chat(ANNA).id, event.pub)
    assert kinds_of(story.do(MIA, undo)) == ["reread"]
    assert story.chat(ANNA).understood == ""
    assert story.code(MIA, frames.Reread(new_id(), story.chat(ANNA).id, event.pub)) == "already"
    answer(story, summary.pub)
    assert story.chat(ANNA).understood == "yes"


def test_a_press_is_not_undone(story: Story) -> None:
    (event,) = answer(story, said(story).pub)
    assert story.code(MIA, frames.Reread(new_id(), story.chat(ANNA).id, event.pub)) == "already"


def test_nobody_else_undoes_it(story: Story) -> None:
    said(story)
    (event,) = story.say(ANNA, story.chat(ANNA), "yes")
    story.arrive(TOM)
    assert story.code(TOM, frames.Reread(new_id(), story.chat(ANNA).id, event.pub)) == "no_chat"


def test_an_older_summary_is_not_answered_any_more(story: Story) -> None:
    first = said(story).pub
    said(story, "You want the red one, right?")
    late = frames.Say(new_id(), story.chat(ANNA).id, "yes", re=first, answer="yes")
    assert story.code(ANNA, late) == "not_asked"


def test_options_are_lines_below_the_text_and_a_choice_is_an_answer(story: Story) -> None:
    options = (frames.Option("A new one", "there tomorrow"), frames.Option("Money back"))
    (event,) = story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "Which?", options=options))
    assert (event.text, data_of(event)) == (
        "Which?\nA new one\tthere tomorrow\nMoney back",
        kinds.Message(options=2),
    )
    chosen = frames.Say(new_id(), story.chat(ANNA).id, "Money back", re=event.pub, choice=2)
    assert data_of(story.do(ANNA, chosen)[0]) == kinds.Message(re=event.pub, choice=2)
    again = frames.Say(new_id(), story.chat(ANNA).id, "A new one", re=event.pub, choice=1)
    assert story.code(ANNA, again) == "not_asked"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((frames.Option("one"),), "bad_frame"),
        ((frames.Option("one"), frames.Option(" ")), "bad_text"),
        ((frames.Option("one"), frames.Option("two\nlines")), "bad_text"),
        ((frames.Option("one"), frames.Option("two", "a\ttab")), "bad_text"),
    ],
)
def test_options_that_cannot_be_shown_are_refused(
    story: Story, options: tuple[frames.Option, ...], code: str
) -> None:
    say = frames.Say(new_id(), story.chat(ANNA).id, "Which?", options=options)
    assert story.code(MIA, say) == code


def test_each_side_does_only_its_part(story: Story) -> None:
    chat = story.chat(ANNA).id
    summary = said(story).pub
    assert story.code(ANNA, frames.Say(new_id(), chat, "So you mean", summary=True)) == "not_allowed"
    assert story.code(MIA, frames.Say(new_id(), chat, "yes", re=summary, answer="yes")) == "not_allowed"
    assert story.code(ANNA, frames.Say(new_id(), chat, "yes", re=summary)) == "not_asked"
    assert story.code(ANNA, frames.Say(new_id(), chat, "yes", re=summary + 1, answer="yes")) == "not_asked"
    assert story.code(ANNA, frames.Say(new_id(), chat, "one", re=summary, choice=1)) == "not_asked"
    assert story.code(ANNA, frames.Say(new_id(), chat, "yes", answer="yes")) == "bad_frame"


def test_a_repeated_answer_is_the_same_and_another_under_its_id_is_not(story: Story) -> None:
    summary = said(story).pub
    yes = frames.Say(new_id(), story.chat(ANNA).id, "ok", re=summary, answer="yes")
    story.do(ANNA, yes)
    assert type(story.ask(ANNA, yes)).__name__ == "Repeated"
    assert story.code(ANNA, frames.Say(yes.id, yes.chat, "ok", re=summary, answer="no")) == "id_conflict"


def test_where_the_shop_wants_one_there_is_no_close_or_handoff_without(story: Story) -> None:
    story.arrive(TOM)
    chat = story.chat(ANNA)
    enough(story)
    close = frames.CloseChat(new_id(), chat.id)
    hand = frames.HandOff(new_id(), chat.id, "colour", agent="tom")
    assert (story.code(MIA, close), story.code(MIA, hand)) == ("summary_first", "summary_first")
    said(story)
    assert kinds_of(story.do(MIA, hand)) == ["handoff", "handing"]
    answer(story, chat.summary, "no, red", "no")
    assert story.code(MIA, close) == "summary_first"


def test_never_for_a_short_question_and_never_for_a_supervisor(story: Story) -> None:
    chat = story.chat(ANNA)
    story.say(ANNA, chat, "where is 48213?")
    assert "closed" in kinds_of(story.close(MIA, chat))
    story.reopen(ANNA, chat)
    enough(story)
    story.arrive(SUE)
    assert "closed" in kinds_of(story.close(SUE, chat))


def test_the_reason_and_what_was_given_for_it_are_on_record(story: Story) -> None:
    chat = story.chat(ANNA)
    (event,) = story.do(MIA, frames.Tell(new_id(), chat.id, "late"))
    assert (event.pub, data_of(event), chat.reason) == (0, kinds.Told("late"), "late")
    story.do(MIA, frames.Tell(new_id(), chat.id, "late", "free_shipping"))
    story.do(MIA, frames.Tell(new_id(), chat.id, "late", "free_shipping"))
    assert story.code(MIA, frames.Tell(new_id(), chat.id, "late")) == "already"
    assert story.code(MIA, frames.Tell(new_id(), chat.id, "lost")) == "no_reason"
    assert story.code(MIA, frames.Tell(new_id(), chat.id, "broken", "free_shipping")) == "no_mandate"


def test_a_restart_changes_nothing(story: Story) -> None:
    said(story)
    story.say(ANNA, story.chat(ANNA), "yes")
    chat = story.chat(ANNA)
    before = (chat.summary, chat.understood, chat.read_from, chat.telling)
    story.desk = refolded(story)
    chat = story.chat(ANNA)
    assert (chat.summary, chat.understood, chat.read_from, chat.telling) == before


#: What is said, ">" before the agent's summary; and whether a close is refused without another.
WANTED = [
    (["Where is 48213?", *["That's fine, I'll wait.", "Any news?", "Are you still there?"] * 6], False),
    (["My parcel 48213 is the wrong colour", "I want the black one"], True),
    (["My parcel 48213 is the wrong colour", "ok", "thanks", "Hello? Are you there?"], False),
    (["My parcel 48213 is the wrong colour, and " + "the saddle is torn as well " * 5], False),
    (["My lamp is broken", "I want a new one", ">", "Yes, that's right."], False),
    (
        [
            "My lamp is broken",
            "I want a new one",
            ">",
            "yes exactly",
            "Did you get all of that?",
            "Any news?",
        ],
        False,
    ),
    (["My lamp is broken", "I want a new one", ">", "yes", "The cable is torn, too", "and it smells"], True),
    (["My lamp is broken", "I want a new one", ">", "No, it is the blue one"], True),
    (["My lamp is broken", "I want a new one", ">", "Hm", "I meant the big blue one", "from May"], True),
]


@pytest.mark.parametrize(("said_", "refused"), WANTED)
def test_the_desk_counts_what_tells_something_as_consoles_do(
    story: Story, said_: list[str], refused: bool
) -> None:
    chat = story.chat(ANNA)
    lines: list[understanding.Line] = []
    for text in said_:
        if text == ">":
            said(story)
            lines.append(understanding.Line("agent", "So you", kind="summary_sent"))
        else:
            story.say(ANNA, chat, text)
            lines.append(understanding.Line("customer", text))
    enough_ = understanding.Enough(SHOP.summary_messages, SHOP.summary_chars)
    due = understanding.summary_due(lines, "en", "close", enough_, required=True)
    assert (due is not None) is refused
    story.desk = refolded(story)
    code = story.code(MIA, frames.CloseChat(new_id(), chat.id)) if refused else ""
    assert code == ("summary_first" if refused else "")
    if not refused:
        assert "closed" in kinds_of(story.close(MIA, story.chat(ANNA)))


def test_patience_in_another_of_the_shops_languages_tells_nothing_either(story: Story) -> None:
    rules = replace(RULES, shops={"bikes": replace(SHOP, languages=("en", "nl"))})
    story = Story(rules)
    story.arrive(MIA)
    story.open(ANNA)
    for text in ("Waar is 48213?", "Prima, ik wacht even.", "Heb je het allemaal kunnen lezen?"):
        story.say(ANNA, story.chat(ANNA), text)
    assert "closed" in kinds_of(story.close(MIA, story.chat(ANNA)))


def test_a_chat_that_is_over_keeps_no_words(story: Story) -> None:
    chat = story.chat(ANNA)
    story.say(ANNA, chat, "where is 48213?")
    assert story.chat(ANNA).telling.brief == ("where is 48213?",)
    story.close(MIA, chat)
    assert story.chat(ANNA).telling == Telling(said=1)


def test_a_message_costs_the_same_after_ten_thousand() -> None:
    telling = Telling()
    for number in range(10_000):
        telling = telling.after(f"still {number}")
    assert telling.said == 10_000
    assert len(telling.brief) <= 50
    assert telling.brief[-1] == "still 9999"
