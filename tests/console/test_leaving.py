"""Finishing and going offline: what was promised and who is open is seen to first, in one go."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportterm.protocol import kinds
from supportterm.protocol.frames import CloseChat, Event, HandOff, Ok, SetStatus

from .conftest import Desk, Opened, top
from .server import BO, DESK, MINUTE, NOON, SANNE, HandServer, event, sent
from .team import A, B, desk_of


async def leaves(desk: Desk, status: str) -> None:
    """Choose to go: the list of what is open comes up."""
    await desk.press("f9")
    await desk.type(status)
    await desk.press("enter")
    await desk.settle()


async def picks(desk: Desk, text: str) -> None:
    """Search for a row and choose it."""
    await desk.type(text)
    await desk.press("enter")
    await desk.settle()


async def all_to(desk: Desk, whom: str) -> None:
    """The first row is everything at once."""
    await desk.press("enter")
    await desk.settle()
    await picks(desk, whom)


async def writes(desk: Desk, why: str, summary: str) -> None:
    await desk.type(why)
    await desk.press("enter")
    await desk.type(summary)
    await desk.press("enter")
    await desk.settle()


def statuses(server: HandServer) -> list[str]:
    return [frame.status for frame in sent(server.heard, SetStatus)]


def answered(server: HandServer) -> None:
    """The desk has the newest status; the next one is sent only then."""
    server.give(Ok(sent(server.heard, SetStatus)[-1].id))


def handed(server: HandServer, frame: HandOff) -> Event:
    """The desk's answer to a handoff; it is remembered as the chat's newest event."""
    seq = server.chats[frame.chat][-1].seq + 1
    data = kinds.Handoff(frame.agent, frame.skill, frame.reason)
    found = event(frame.chat, seq, NOON, SANNE, "handoff", text=frame.text, data=data, id=frame.id)
    server.chats[frame.chat].append(found)
    return found


def follows(server: HandServer, chat: str, *made: tuple[str, object]) -> list[Event]:
    """Events of Bo's after the chat's newest one; "joined" is public."""
    found = []
    for kind, data in made:
        seq = server.chats[chat][-1].seq + 1
        pub = max(each.pub for each in server.chats[chat]) + 1 if kind == "joined" else 0
        server.chats[chat].append(event(chat, seq, NOON, BO, kind, pub=pub, data=data))
        found.append(server.chats[chat][-1])
    return found


async def test_all_chats_go_to_one_colleague_with_one_form(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    server.heads[A] = replace(server.heads[A], promise_due=NOON + 5 * MINUTE)
    async with open_console() as desk:
        await leaves(desk, "finishing")
        assert "Before you finish" in desk.screen_text
        rows = [row.rstrip() for row in desk.rows()]
        kept = [n for n, row in enumerate(rows) if row.endswith(" stays yours")]
        assert "promised in 5m" in rows[kept[0] + 1], "promises come first"
        assert len(kept) == 2
        assert "stay yours: 2" in desk.screen_text
        await all_to(desk, "bo")
        assert sum(row.rstrip().endswith("to Bo") for row in desk.rows()) == 2
        assert "handed over: 2" in desk.screen_text
        assert sent(server.heard, HandOff) == [], "nothing happens before they go on"
        await desk.press("enter")
        await writes(desk, "my day ends", "both wait for the warehouse")
        await desk.until(lambda: statuses(server))
        found = sent(server.heard, HandOff)
        assert [(f.chat, f.agent, f.reason, f.text) for f in found] == [
            (A, "a2", "my day ends", "both wait for the warehouse"),
            (B, "a2", "my day ends", "both wait for the warehouse"),
        ]
        assert statuses(server) == ["finishing"]
        assert top(desk) == "MainScreen"


async def test_each_chat_has_its_own_choice(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "finishing")
        await desk.press("down", "enter")
        await desk.settle()
        assert "What happens with Customer" in desk.screen_text
        assert "waiting 9m" in desk.screen_text, "what is owed is still to be read"
        await picks(desk, "close")
        await desk.press("down", "enter")
        await desk.settle()
        await picks(desk, "knows refunds")
        assert "handed over: 1 · closed: 1" in desk.screen_text
        await desk.press("down", "enter")
        await writes(desk, "", "wants it in green")
        await desk.until(lambda: statuses(server))
        (frame,) = sent(server.heard, HandOff)
        assert (frame.chat, frame.skill, frame.agent) == (A, "refunds", "")
        assert B in desk.app.session.closings
        await desk.press("ctrl+q")
        assert [frame.chat for frame in sent(server.heard, CloseChat)] == [B]


async def test_who_goes_offline_is_there_until_the_last_chat_is_taken(
    open_console: Opened, server: HandServer
) -> None:
    """Offline at once would put the customers back into the queue, past the colleague who was chosen."""
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "offline")
        await all_to(desk, "bo")
        await desk.press("enter")
        await writes(desk, "", "both wait for the warehouse")
        await desk.until(lambda: statuses(server))
        assert statuses(server) == ["finishing"]
        assert "then offline" in desk.bar("status")
        answered(server)
        first, second = sent(server.heard, HandOff)
        server.give(handed(server, first), handed(server, second))
        accepted = ("handoff_ended", kinds.HandoffEnded("accepted", "a2"))
        joined = ("joined", kinds.Joined("Bo", "Sanne"))
        server.give(*follows(server, A, accepted, joined))
        await desk.settle()
        # Between the two events of an acceptance the chat is nobody's to worry about.
        server.give(*follows(server, B, accepted))
        await desk.settle()
        assert statuses(server) == ["finishing"]
        server.give(*follows(server, B, joined))
        await desk.until(lambda: statuses(server) == ["finishing", "offline"])


async def test_what_is_being_handed_on_is_waited_for(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        server.give(*follows(server, A, ("handoff", kinds.Handoff("a2"))))
        await desk.settle()
        await leaves(desk, "offline")
        assert "waits for Bo" in desk.screen_text
        assert "handed on already: 1 · back to the queue: 1" in desk.screen_text
        assert "at once…" not in desk.screen_text, "there is one to choose for"
        await picks(desk, "waits for")
        assert "Before you go" in desk.screen_text
        await desk.press(*["backspace"] * len("waits for"))
        await picks(desk, "go on")
        await desk.until(lambda: statuses(server))
        assert statuses(server) == ["finishing"]
        assert sent(server.heard, HandOff) == []
        answered(server)
        accepted = ("handoff_ended", kinds.HandoffEnded("accepted", "a2"))
        server.give(*follows(server, A, accepted, ("joined", kinds.Joined("Bo", "Sanne"))))
        await desk.until(lambda: statuses(server) == ["finishing", "offline"])


async def test_who_goes_offline_is_there_until_the_last_chat_is_closed(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "offline")
        await all_to(desk, "close")
        await desk.press("enter")
        await desk.until(lambda: statuses(server))
        assert statuses(server) == ["finishing"]
        answered(server)
        desk.app.session.close_due(all_=True)
        await desk.until(lambda: len(sent(server.heard, CloseChat)) == 2)
        for frame in sent(server.heard, CloseChat):
            seq = server.chats[frame.chat][-1].seq + 1
            closed = kinds.Closed("agent")
            server.give(event(frame.chat, seq, NOON, SANNE, "closed", pub=6, data=closed, id=frame.id))
        await desk.until(lambda: statuses(server) == ["finishing", "offline"])


async def test_what_nobody_took_keeps_them_from_going(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "offline")
        await all_to(desk, "bo")
        await desk.press("enter")
        await writes(desk, "", "both wait for the warehouse")
        await desk.until(lambda: statuses(server))
        first, second = sent(server.heard, HandOff)
        server.give(handed(server, first), handed(server, second))
        declined = ("handoff_ended", kinds.HandoffEnded("declined", "a2"))
        accepted = ("handoff_ended", kinds.HandoffEnded("accepted", "a2"))
        server.give(*follows(server, A, declined))
        await desk.settle()
        assert desk.app.session.leaving, "one is still under way"
        server.give(*follows(server, B, accepted, ("joined", kinds.Joined("Bo", "Sanne"))))
        await desk.until(lambda: "You are finishing, not offline" in desk.bar("status"))
        assert statuses(server) == ["finishing"]


async def test_who_stays_after_all_is_not_sent_away_later(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "offline")
        await all_to(desk, "close")
        await desk.press("enter")
        await desk.until(lambda: statuses(server))
        answered(server)
        await leaves(desk, "online")
        assert statuses(server) == ["finishing", "online"]
        assert not desk.app.session.leaving


async def test_with_nothing_under_way_offline_is_at_once(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "offline")
        assert "back to the queue: 2" in desk.screen_text
        await picks(desk, "go on")
        await desk.until(lambda: statuses(server) == ["offline"])
        assert sent(server.heard, HandOff) == []


async def test_a_form_that_is_closed_leads_back_and_keeps_what_was_written(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "finishing")
        await all_to(desk, "bo")
        await desk.press("enter")
        await desk.press("enter")
        await desk.type("half a summary")
        await desk.press("escape")
        await desk.settle()
        assert "Before you finish" in desk.screen_text
        assert sum(row.rstrip().endswith("to Bo") for row in desk.rows()) == 2
        await picks(desk, "go on")
        assert "half a summary" in desk.screen_text
        await desk.press("escape", "escape")
        await desk.settle()
        assert top(desk) == "MainScreen"
        assert sent(server.heard, HandOff) == []
        assert statuses(server) == []


async def test_a_summary_that_a_chat_has_already_goes_along(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        desk.app.session.state.draft(B).summary = "wants a refund"
        await leaves(desk, "finishing")
        await all_to(desk, "bo")
        await desk.press("enter")
        await desk.press("enter")
        text = desk.screen_text
        await desk.type("call them back. ")
        await desk.press("enter")
        await desk.until(lambda: statuses(server))
        texts = {frame.chat: frame.text for frame in sent(server.heard, HandOff)}
        assert "wants a refund" in text or texts[B].startswith("wants a refund\n")
        assert "call them back." in texts[A]
        assert "call them back." in texts[B]


@pytest.mark.parametrize("again", [True, False])
async def test_a_second_handoff_is_asked_once_for_all(
    open_console: Opened, server: HandServer, again: bool
) -> None:
    desk_of(server)
    async with open_console() as desk:
        for chat, seq in ((A, 7), (B, 5)):
            server.give(
                event(chat, seq, NOON, BO, "handoff_ended", data=kinds.HandoffEnded("accepted", "a1"))
            )
            server.give(event(chat, seq + 1, NOON, DESK, "page_gone", data=kinds.PageGone()))
        await desk.settle()
        await leaves(desk, "finishing")
        await all_to(desk, "bo")
        await desk.press("enter")
        await desk.settle()
        assert "handed on before. Again?" in desk.screen_text
        if not again:
            await desk.press("enter")
            await desk.settle()
            assert "Before you finish" in desk.screen_text
            assert sent(server.heard, HandOff) == []
            return
        await desk.press("down", "enter")
        await writes(desk, "", "x")
        await desk.until(lambda: statuses(server))
        assert [frame.sure for frame in sent(server.heard, HandOff)] == [True, True]


async def test_escape_leaves_status_and_chats_as_they_are(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await leaves(desk, "finishing")
        await desk.press("enter", "escape", "escape")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert statuses(server) == []
        assert desk.main.composer.has_focus
