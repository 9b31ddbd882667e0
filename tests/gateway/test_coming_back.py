"""What a customer finds who comes back days later."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from server.platform import RealPlatform
from server.settings import Desk, Shop
from supportterm.protocol import frames
from tests.support import Running, Wire, new_id, new_token, running_node

DAY_MS = 86_400_000
DESK = Desk(hard_cap=1, ramp_seconds=0, breather_seconds=0)
SHOP = Shop(desk="main", name="Demo", origins=["*"], max_queue=1)


class Later(RealPlatform):
    """The machine, some days from now."""

    def __init__(self, days: float) -> None:
        self._ms = int(days * DAY_MS)

    def wall(self) -> int:
        return super().wall() + self._ms


async def leave(house: Running, cleo: Wire) -> str:
    """Cleo finds too many waiting, and leaves a message."""
    async with house.customer() as anna:
        await anna.ask(frames.Open(new_id(), new_id()))
        chat = new_id()
        answer = await cleo.ask(frames.LeaveMessage(new_id(), chat, "Where is 48213?", "Cleo"))
        assert isinstance(answer, frames.Event), answer
    return chat


async def answered(directory: Path, token: str, *, left: bool = True) -> str:
    """A left message, or a usual chat, that was answered and closed while its customer was away."""
    async with running_node(directory, desks={"main": DESK}, shops={"demo": SHOP}) as house:
        async with house.customer(token) as cleo:
            if left:
                chat = await leave(house, cleo)
            else:
                await cleo.ask(frames.Open(new_id(), chat := new_id()))
        async with house.agent(await house.add_agent("mia", limit=3)) as mia:
            if left:
                assert isinstance(await mia.ask(frames.Take(new_id(), chat, sure=True)), frames.Event)
            else:
                await mia.next(frames.Chat, lambda found: found.chat == chat)
            assert isinstance(await mia.ask(frames.Say(new_id(), chat, "It comes tomorrow.")), frames.Event)
            assert isinstance(await mia.ask(frames.CloseChat(new_id(), chat)), frames.Event)
    return chat


async def found(
    directory: Path, token: str, days: float, shop: Shop = SHOP, *, see: bool = False
) -> list[str]:
    """The chats that the widget is given so many days later; ``see``: and their customer reads them."""
    platform = Later(days)
    desks, shops = {"main": DESK}, {"demo": shop}
    async with (
        running_node(directory, platform=platform, desks=desks, shops=shops) as house,
        house.customer(token) as cleo,
    ):
        chats = (await cleo.next(frames.Welcome)).chats
        for chat in chats:
            text = await cleo.next(frames.Event, lambda event: event.text == "It comes tomorrow.")
            if see:
                head = await cleo.next(frames.Chat)
                await cleo.send(frames.Mark(chat, head.last, head.last))
                await cleo.silence()
            assert text.chat == chat
        return chats


async def test_the_answer_to_a_left_message_is_there_three_days_later(tmp_path: Path) -> None:
    token = new_token()
    chat = await answered(tmp_path, token)
    assert await found(tmp_path, token, 3, see=True) == [chat]
    # The next page of the shop has it, too.
    assert await found(tmp_path, token, 3.01) == [chat]
    assert await found(tmp_path, token, 29) == [chat]
    assert await found(tmp_path, token, 31) == []


async def test_other_closed_chats_are_there_for_a_day(tmp_path: Path) -> None:
    token = new_token()
    chat = await answered(tmp_path, token, left=False)
    assert await found(tmp_path, token, 0.9) == [chat]
    assert await found(tmp_path, token, 1.1) == []


@pytest.mark.parametrize(("days", "there"), [(0.9, True), (4.9, True), (5.1, False)])
async def test_nothing_is_shown_whose_texts_are_removed(tmp_path: Path, days: float, there: bool) -> None:
    token = new_token()
    chat = await answered(tmp_path, token)
    shop = replace(SHOP, retention_days_texts=5)
    assert await found(tmp_path, token, days, shop) == ([chat] if there else [])
