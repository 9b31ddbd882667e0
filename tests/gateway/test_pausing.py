"""How often people see what is beside their chats: at once on any usual desk, and never at messages' cost."""

from __future__ import annotations

import pytest

from server.gateway.showcase import PAUSE_SECONDS, pause_after


@pytest.mark.parametrize("took", [0, 1, 5, 10])
def test_on_a_usual_desk_four_times_a_second(took: int) -> None:
    assert pause_after(took) == PAUSE_SECONDS


def test_what_takes_longer_is_shown_less_often() -> None:
    """A twenty-fifth of the time at most, but whoever is offered a chat reads of it."""
    assert pause_after(40) == 1.0
    assert [pause_after(took) for took in (120, 500, 10_000)] == [3.0] * 3
