"""An address or a number that a customer gives, over a real socket."""

from __future__ import annotations

import pytest

from supportterm.protocol import frames
from supportterm.protocol.contact import Known, Reach, read
from tests.support import Running, new_id, new_token


async def contacts(running: Running, chat: str) -> list[Reach]:
    return [read(e.text) for e in await running.node.store.stream("chat:" + chat) if e.kind == "contact"]


async def test_it_is_answered_though_its_event_is_hidden(running: Running) -> None:
    mia = await running.add_agent("mia")
    async with running.customer() as anna, running.agent(mia) as console:
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        command = frames.GiveContact(new_id(), chat, " anna@example.org\x00 ", " Anna\u202e ")
        assert await anna.ask(command) == frames.Ok(command.id)
        assert await anna.ask(command) == frames.Ok(command.id)
        seen = await console.next(frames.Event, lambda event: event.kind == "contact")
        assert read(seen.text).contact == "anna@example.org"
        assert not [f for f in await anna.silence() if isinstance(f, frames.Event) and f.kind == "contact"]
    assert [reach.contact for reach in await contacts(running, chat)] == ["anna@example.org"]


async def test_the_owner_puts_it_right_and_the_same_again_is_answered(running: Running) -> None:
    mia = await running.add_agent("mia")
    async with running.customer() as anna, running.agent(mia) as console:
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        await console.next(frames.Event, lambda event: event.kind == "joined")
        for _ in range(2):
            command = frames.GiveContact(new_id(), chat, " anna@example.org\x00 ")
            answer = await console.ask(command)
            assert answer == frames.Ok(command.id) or isinstance(answer, frames.Event)
        refused = await console.ask(frames.GiveContact(new_id(), chat, "anna"))
        assert isinstance(refused, frames.Err)
        assert refused.code == "no_contact"
        assert not [f for f in await anna.silence() if isinstance(f, frames.Event) and f.kind == "contact"]
    assert [reach.contact for reach in await contacts(running, chat)] == ["anna@example.org"]


async def test_a_console_without_the_event_that_tells_it_knows_it_too(running: Running) -> None:
    mia = await running.add_agent("mia")
    async with running.customer(token := new_token()) as anna, running.agent(mia) as console:
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        await anna.ask(frames.GiveContact(new_id(), chat, "anna@example.org", "Anna"))
        told = await console.next(frames.Event, lambda event: event.kind == "contact")
        await anna.ask(frames.Say(new_id(), chat, "Hello?"))
    # As after a restart, when of a long chat only the newest page comes.
    async with running.agent(mia, have={chat: told.seq}) as again, running.customer(token) as back:
        page = await again.next(frames.Chat, lambda frame: frame.chat == chat)
        assert page.first > told.seq
        assert page.head.known == Known("Anna", "anna@example.org", "", "anna@example.org")
        public = await back.next(frames.Chat, lambda frame: frame.chat == chat)
        assert public.head.known == Known(), "customers are told nothing of it, not even of themselves"


@pytest.mark.parametrize("contact", ["4111 1111 1111 1111", "4111111111111111", "anna"])
async def test_a_cards_number_is_not_kept_for_one_to_call(running: Running, contact: str) -> None:
    async with running.customer() as anna:
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        answer = await anna.ask(frames.GiveContact(new_id(), chat, contact))
        assert isinstance(answer, frames.Err)
        assert answer.code == "no_contact"
    assert await contacts(running, chat) == []
