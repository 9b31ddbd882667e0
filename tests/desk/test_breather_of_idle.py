"""A chat closed just before its long silence was over."""

from __future__ import annotations

from msgspec.structs import replace

from .story import ANNA, HOUR, MIA, RULES, SECOND, Story


def test_the_time_after_closing_ends_though_the_chat_was_silent_for_long() -> None:
    story = Story(replace(RULES, breather_ms=30 * SECOND, idle_close_ms=HOUR))
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.tick(HOUR - 5 * SECOND)
    story.close(MIA, chat)
    story.wait(10 * SECOND)
    assert story.desk.next_due() == story.run + 20 * SECOND
    story.wait(20 * SECOND)
    assert story.desk.next_due() is None
