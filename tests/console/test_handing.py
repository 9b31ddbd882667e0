"""A chat among colleagues: handed on with a summary, or with a guest in it."""

from __future__ import annotations

from supportterm.protocol import kinds, views
from supportterm.protocol.frames import (
    Err,
    HandOff,
    Invite,
    Note,
    Recall,
    Say,
    Uninvite,
)

from .conftest import Desk, Opened, from_the_list, top
from .server import BO, CUSTOMER, MINUTE, NOON, SANNE, HandServer, event, say, sent
from .team import B, C, desk_of, other


async def hand_on(desk: Desk, whom: str, why: str, summary: str) -> None:
    await desk.press("f10")
    await desk.type(whom)
    await desk.press("enter")
    await desk.type(why)
    await desk.press("enter")
    await desk.type(summary)
    await desk.press("enter")


async def test_a_chat_is_handed_on_with_reason_and_summary(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((120, 30)) as desk:
        await desk.press("f10")
        assert "Tom" in desk.screen_text
        assert "not there" in desk.screen_text
        await desk.type("tom")
        await desk.press("enter")
        assert top(desk) == "Pick", "who is not there cannot be chosen"
        await desk.press("escape")
        await hand_on(desk, "knows refunds", "money", "charged twice")
        (frame,) = sent(server.heard, HandOff)
        assert (frame.chat, frame.agent, frame.skill) == (B, "", "refunds")
        assert (frame.reason, frame.text, frame.sure) == ("money", "charged twice", False)
        assert sent(server.heard, Say) == []
        server.give(
            event(
                B,
                5,
                NOON,
                SANNE,
                "handoff",
                text=frame.text,
                data=kinds.Handoff(skill="refunds", reason="money"),
                id=frame.id,
            )
        )
        await desk.until(lambda: "Sanne hands it to whoever knows refunds: money" in desk.screen_text)
        assert desk.app.session.state.draft(B).summary == ""
        await desk.press("f10")
        assert "Take the chat back?" in desk.screen_text
        await desk.press("down", "enter")
        assert [frame.chat for frame in sent(server.heard, Recall)] == [B]


async def test_a_summary_outlives_the_form_and_a_refusal(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f10")
        await desk.type("bo")
        await desk.press("enter", "enter", "enter")
        assert "Write a summary" in desk.screen_text
        await desk.type("charged twice")
        await desk.press("escape")
        await hand_on(desk, "bo", "", "")
        (frame,) = sent(server.heard, HandOff)
        assert frame.text == "charged twice"
        server.give(Err("agent_offline", id=frame.id, who="Bo"))
        await desk.until(lambda: "Not handed on: Bo is not there" in desk.bar("status"))
        assert desk.app.session.state.draft(B).summary == "charged twice"
        await desk.press("ctrl+q")
    async with open_console() as desk:
        assert desk.app.session.state.draft(B).summary == "charged twice"


async def test_the_reason_outlives_a_refusal_too(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await hand_on(desk, "bo", "Bo knows payments", "charged twice")
        (frame,) = sent(server.heard, HandOff)
        server.give(Err("agent_offline", id=frame.id, who="Bo"))
        await desk.until(lambda: "Not handed on" in desk.bar("status"))
        await desk.press("f10")
        await desk.type("bo")
        await desk.press("enter")
        assert "Bo knows payments" in desk.screen_text
        await desk.press("enter", "enter")
        again = sent(server.heard, HandOff)[-1]
        assert (again.reason, again.text) == ("Bo knows payments", "charged twice")
        data = kinds.Handoff("a2", "", again.reason)
        server.give(event(B, 5, NOON, SANNE, "handoff", text=again.text, data=data, id=again.id))
        await desk.until(lambda: desk.app.session.state.draft(B).empty)


def wants_a_summary(server: HandServer) -> None:
    """The shop of the open chat lets nothing be handed on before, once its customer told something."""
    told = "My helmet came in red. I ordered the green one, and that is what I want."
    server.chats[B][3] = say(B, 4, NOON - 9 * MINUTE, CUSTOMER, told, pub=3)
    wants = views.ShopFacts(
        "Hof & Linde", "Hof & Linde", "UTC", summary_messages=1, summary_chars=5, summary_required="handoff"
    )
    server.views["shops"] = views.Shops([wants])


async def test_where_a_summary_is_required_the_colleague_is_asked_after_it(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    wants_a_summary(server)
    async with open_console() as desk:
        await desk.press("f10")
        assert "This shop wants that before a handoff" in desk.screen_text
        await desk.type("bo")
        await desk.press("enter")
        await desk.until(lambda: "How you understood" in desk.screen_text)
        await desk.press("escape")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert sent(server.heard, HandOff) == []
        await desk.press("f10")
        await desk.type("bo")
        await desk.press("enter")
        await desk.until(lambda: "How you understood" in desk.screen_text)
        await desk.type("You want it in green, right?")
        await desk.press("enter")
        await desk.until(lambda: "→ Bo" in desk.screen_text)
        await desk.type("knows greens")
        await desk.press("enter")
        await desk.type("wants it in green")
        await desk.press("enter")
        (said,) = sent(server.heard, Say)
        assert said.summary
        assert sent(server.heard, HandOff) == [], "it follows the summary"
        server.accept()
        await desk.until(lambda: sent(server.heard, HandOff))
        (frame,) = sent(server.heard, HandOff)
        assert (frame.agent, frame.text) == ("a2", "wants it in green")


async def test_no_summary_is_required_once_it_was_sent(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    wants_a_summary(server)
    said = event(B, 5, NOON, SANNE, "message", pub=4, text="Green?", data=kinds.Message(summary=True))
    server.chats[B].append(said)
    async with open_console() as desk:
        await hand_on(desk, "bo", "", "wants it in green")
        await desk.until(lambda: sent(server.heard, HandOff))
        assert sent(server.heard, Say) == []


async def test_a_supervisor_is_asked_for_no_summary(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    wants_a_summary(server)
    server.title = "supervisor"
    async with open_console() as desk:
        await hand_on(desk, "bo", "", "wants it in green")
        await desk.until(lambda: sent(server.heard, HandOff))
        assert sent(server.heard, Say) == []


async def test_a_second_handoff_is_asked_once(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        server.give(event(B, 5, NOON, BO, "handoff_ended", data=kinds.HandoffEnded("accepted", "a1")))
        await desk.settle()
        await desk.press("f10")
        assert "This customer was handed on before. Again?" in desk.screen_text
        await desk.press("down", "enter")
        await desk.type("bo")
        await desk.press("enter", "enter")
        await desk.type("x")
        await desk.press("enter")
        assert [frame.sure for frame in sent(server.heard, HandOff)] == [True]


async def test_keys_typed_ahead_of_a_dialog_never_reach_the_customer(
    open_console: Opened, server: HandServer
) -> None:
    from textual import events

    desk_of(server)
    async with open_console() as desk:
        for key in ["f10", *"bo", "enter", *"why", "enter", *"what", "enter", "f9", "tab", *"ab", "enter"]:
            desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(20):
            await desk.settle()
        assert sent(server.heard, Say) == []
        assert desk.main.composer.text == ""


async def test_a_colleague_is_invited_and_let_go(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await from_the_list(desk, "invite")
        await desk.until(lambda: "Whom to invite?" in desk.screen_text)
        await desk.type("iben")
        await desk.press("enter")
        assert sent(server.heard, Invite) == [], "who is away cannot help now"
        await desk.press(*["backspace"] * 4)
        await desk.type("bo")
        await desk.press("enter")
        (frame,) = sent(server.heard, Invite)
        assert (frame.chat, frame.agent) == (B, "a2")
        server.give(event(B, 5, NOON, SANNE, "invited", data=kinds.Invited("a2", "Bo"), id=frame.id))
        await desk.until(lambda: "Bo was invited to read along" in desk.screen_text)
        await from_the_list(desk, "invite")
        await desk.until(lambda: "Bo is done here" in desk.screen_text)
        await desk.press("enter")
        assert [(f.chat, f.agent) for f in sent(server.heard, Uninvite)] == [(B, "a2")]


async def test_a_guest_writes_notes_only_and_stays_with_them(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console() as desk:
        server.mine["guest_in"] = [C]
        other(server)
        server.come(C, *server.chats[C], owner="a2", agent="Bo")
        await desk.until(lambda: "You are invited into Customer" in desk.bar("status"))
        desk.main.go(C, write=True)
        await desk.settle()
        assert "GUEST: notes only" in desk.bar("line")
        await desk.press("ctrl+o")
        assert "GUEST" in desk.bar("line")
        await desk.type("ask for the receipt")
        await desk.press("enter")
        assert [(f.chat, f.text) for f in sent(server.heard, Note)] == [(C, "ask for the receipt")]
        assert sent(server.heard, Say) == []
        await desk.type("half a")
        server.accept()
        server.mine["guest_in"] = []
        server.give(event(C, 7, NOON, SANNE, "joined", pub=4, data=kinds.Joined("Sanne", "Bo")))
        server.tell_views()
        await desk.until(lambda: "GUEST" not in desk.bar("line"))
        assert "NOTE" in desk.bar("line"), "what began as a note must not become a message"
        assert desk.main.composer.text == "half a"
