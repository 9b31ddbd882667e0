"""The server's wall clock is set while people are connected."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.platform import RealPlatform
from supportterm.protocol import frames
from tests.support import new_id, running_node

HOUR = 3_600_000


class Settable(RealPlatform):
    """The machine, with a wall clock that is set by a test."""

    by = 0

    def wall(self) -> int:
        return super().wall() + self.by


@pytest.mark.parametrize("by", [HOUR, -HOUR])
async def test_everybody_is_told_the_new_time_once(tmp_path: Path, by: int) -> None:
    platform = Settable()
    async with (
        running_node(tmp_path, platform=platform) as house,
        house.customer() as anna,
        house.agent(await house.add_agent("mia", limit=3)) as mia,
    ):
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        began = (await mia.next(frames.Welcome)).time
        platform.by = by
        await anna.ask(frames.Say(new_id(), chat, "Hello?"))
        for wire in (anna, mia):
            told = await wire.next(frames.BeatBack)
            assert abs(told.time - began - by) < HOUR / 2
        # The views come at the same pace: with the second change everybody has been shown the first one.
        await mia.ask(frames.Say(new_id(), chat, "Good morning!", promise=120_000))
        await mia.next(frames.View, lambda view: view.name == "promises" and b"due_at" in bytes(view.value))
        assert not [frame for frame in mia.kept if isinstance(frame, frames.BeatBack)]
