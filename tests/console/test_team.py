"""The agent among colleagues: status, offers, queue, handoff, consult, abuse; every flow by keyboard."""

from __future__ import annotations

from msgspec.structs import replace

from supportterm.protocol import kinds, views
from supportterm.protocol.frames import (
    Abuse,
    Accept,
    Active,
    Because,
    Breather,
    CloseChat,
    Decline,
    Err,
    HandOff,
    Invite,
    Note,
    Ok,
    Recall,
    Say,
    SetStatus,
    Take,
    Uninvite,
    Why,
)

from .conftest import Desk, Opened, selected
from .server import BO, CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, event, load, say, sent
from .team import BUSY, L1, LIGHT, Q1, A, B, C, desk_of, offer, other


def top(desk: Desk) -> str:
    """What lies on top."""
    return type(desk.app.screen).__name__


async def test_my_load_stands_in_the_status_as_bar_and_sentence(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((160, 45)) as desk:
        sentence = "2.2 of 2.5: two waiting 2.0, one quiet 0.2 · no new chat"
        assert "█████░ " + sentence in desk.bar("status")
        assert "███████████░" in desk.screen_text
        assert "queue 2 · oldest 4m" in desk.bar("status")
        server.mine["load"] = load(320, views.Part("due", 1, 100), views.Part("waiting", 2, 200))
        server.tell_views()
        await desk.until(lambda: "██████! 3.2 of 2.5: one promise due 1.0" in desk.bar("status"))
    async with open_console((80, 24)) as desk:
        assert "3.2 of 2.5 · you are online" in desk.bar("status")


# --- status ---------------------------------------------------------------------------------------


async def test_a_status_is_chosen_by_typing_a_part_of_it(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f9")
        assert "Finishing" in desk.screen_text
        await desk.type("lun")
        await desk.press("enter")
        (frame,) = sent(server.heard, SetStatus)
        assert (frame.status, frame.reason) == ("away", "lunch")
        assert "you are away: lunch" in desk.bar("status")
        server.give(Ok(frame.id))
        await desk.press("f9")
        await desk.type("dentist")
        assert "Away: dentist" in desk.screen_text
        await desk.press("enter")
        assert sent(server.heard, SetStatus)[-1].reason == "dentist"


async def test_going_offline_first_asks_what_becomes_of_promises_and_chats(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    server.heads[A] = replace(server.heads[A], promise_due=NOON + 5 * MINUTE)
    async with open_console() as desk:
        await desk.press("f9")
        await desk.type("offline")
        await desk.press("enter")
        await desk.until(lambda: "Before you go" in desk.screen_text)
        assert "promised in 5m" in desk.screen_text
        rows = [row for row in desk.rows() if "Customer" in row and "keep" in row]
        assert len(rows) == 2
        await desk.press("enter", "down", "enter", "enter")
        assert sum("hand over" in row for row in desk.rows()) >= 1
        assert any(row.rstrip().endswith("close") for row in desk.rows())
        assert sent(server.heard, SetStatus) == []
        await desk.press("down", "enter")
        await desk.until(lambda: "Hand Customer" in desk.screen_text)
        await desk.type("bo")
        await desk.press("enter")
        await desk.type("leaving")
        await desk.press("enter")
        await desk.type("parcel lost")
        await desk.press("enter")
        await desk.until(lambda: sent(server.heard, SetStatus))
        (handoff,) = sent(server.heard, HandOff)
        assert (handoff.chat, handoff.agent, handoff.reason, handoff.text) == (
            A,
            "a2",
            "leaving",
            "parcel lost",
        )
        assert [frame.status for frame in sent(server.heard, SetStatus)] == ["offline"]
        assert desk.app.session.closings.seconds_left(B, desk.app.session.link.now_ms())
        await desk.press("ctrl+q")
        assert [frame.chat for frame in sent(server.heard, CloseChat)] == [B]


async def test_escape_leaves_status_and_chats_as_they_are(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f9")
        await desk.type("finishing")
        await desk.press("enter", "enter", "escape")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert sent(server.heard, SetStatus) == []
        assert desk.main.composer.has_focus


async def test_who_was_silent_reads_why_and_comes_back_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((110, 24)) as desk:
        server.give(
            event(B, 5, NOON - 8 * MINUTE, DESK, "unassigned", data=kinds.Unassigned("silent", "a1")),
        )
        server.status, server.mine["silent"] = "away", B
        server.tell_views()
        await desk.until(lambda: "You did not react to Customer" in desk.screen_text)
        assert "for 60 s" in desk.screen_text
        assert "F9 puts you online again" in desk.screen_text
        await desk.press("f9")
        assert [frame.status for frame in sent(server.heard, SetStatus)] == ["online"]
        assert top(desk) == "MainScreen"


async def test_keys_tell_the_desk_that_somebody_is_there(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.type("hello")
        await desk.press("f9", "escape")
        assert len(sent(server.signs, Active)) == 1


# --- offers ---------------------------------------------------------------------------------------


async def test_an_offer_is_read_first_then_taken_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, offers=[offer()])
    other(server)
    async with open_console((110, 30)) as desk:
        assert "▶ Bo hands you Customer" in desk.screen_text
        assert "s: second level" in desk.screen_text
        assert "F6 takes it, F7 does not" in desk.screen_text
        await desk.press("f3", "f3", "f3")
        assert selected(desk) == C
        assert "Charged twice; receipt 4711 checked." in desk.screen_text
        assert "Offered to you" in desk.bar("line")
        await desk.type("x")
        assert desk.main.composer.text == ""
        await desk.press("f6")
        (frame,) = sent(server.heard, Accept)
        assert frame.chat == C
        server.give(
            event(C, 6, NOON, SANNE, "handoff_ended", data=kinds.HandoffEnded("accepted", "a1")),
            event(C, 7, NOON, SANNE, "joined", pub=4, data=kinds.Joined("Sanne", "Bo"), id=frame.id),
        )
        server.mine["offers"] = []
        server.tell_views()
        await desk.until(lambda: "Message to" in desk.bar("line"))
        assert "hands you" not in desk.screen_text
        assert "Sanne joined instead of Bo" in desk.screen_text


async def test_an_offer_is_declined_with_one_key(open_console: Opened, server: HandServer) -> None:
    desk_of(server, offers=[offer(kind="offer")])
    async with open_console() as desk:
        assert "is offered to you" in desk.screen_text
        await desk.press("f7")
        assert [frame.chat for frame in sent(server.heard, Decline)] == [C]
        server.mine["offers"] = []
        server.tell_views()
        await desk.until(lambda: "is offered to you" not in desk.screen_text)
        await desk.press("f6")
        assert "Nothing is offered to you" in desk.bar("status")
        assert sent(server.heard, Accept) == []


# --- queue and left messages ----------------------------------------------------------------------


async def test_the_queue_is_read_and_a_chat_taken_by_hand(open_console: Opened, server: HandServer) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l")
        assert "da refunds" in desk.screen_text
        assert "had an agent before" in desk.screen_text
        assert "priority 1 · offered to Bo" in desk.screen_text
        await desk.press("down", "up", "enter")
        (frame,) = sent(server.heard, Take)
        assert (frame.chat, frame.sure) == (Q1, False)
        server.give(Err("taken", id=frame.id, who="Bo"))
        await desk.until(lambda: "Refused: Bo has this chat" in desk.screen_text)
        await desk.press("escape")
        assert desk.main.composer.has_focus


async def test_over_the_ceiling_it_is_asked_once(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        assert "That makes 3.2 of 2.5: take it anyway?" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "QueuePage")
        assert sent(server.heard, Take) == [], "the safe answer is the one under enter"
        await desk.press("enter", "down", "enter")
        assert [(frame.chat, frame.sure) for frame in sent(server.heard, Take)] == [(Q1, True)]


async def test_a_refusal_over_the_ceiling_asks_and_sends_it_again_with_sure(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        (frame,) = sent(server.heard, Take)
        server.mine["load"] = BUSY
        server.tell_views()
        server.give(Err("over_ceiling", id=frame.id))
        await desk.until(lambda: "That makes 3.2 of 2.5" in desk.screen_text)
        await desk.press("down", "enter")
        assert [frame.sure for frame in sent(server.heard, Take)] == [False, True]


async def test_a_chat_that_was_taken_is_opened_unless_somebody_writes(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        (frame,) = sent(server.heard, Take)
        server.come(
            Q1,
            event(Q1, 1, NOON, CUSTOMER, "opened", pub=1, data=kinds.Opened("hof", "da")),
            event(Q1, 2, NOON, SANNE, "joined", pub=2, data=kinds.Joined("Sanne"), id=frame.id),
        )
        await desk.until(lambda: top(desk) == "MainScreen")
        assert selected(desk) == Q1


async def test_left_messages_say_whose_and_how_they_stand(open_console: Opened, server: HandServer) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+f")
        await desk.type("left")
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "LeftPage")
        assert "! 5m late" in desk.screen_text
        assert "✓✓ read" in desk.screen_text
        await desk.press("enter")
        assert [frame.chat for frame in sent(server.heard, Take)] == [L1]


# --- handoff and consult --------------------------------------------------------------------------


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
        await desk.press("ctrl+f")
        await desk.type("invite")
        await desk.press("enter")
        await desk.until(lambda: "Whom to invite?" in desk.screen_text)
        await desk.type("iben")
        await desk.press("enter")
        (frame,) = sent(server.heard, Invite)
        assert (frame.chat, frame.agent) == (B, "a3")
        server.give(event(B, 5, NOON, SANNE, "invited", data=kinds.Invited("a3", "Iben"), id=frame.id))
        await desk.until(lambda: "Iben was invited to read along" in desk.screen_text)
        await desk.press("ctrl+f")
        await desk.type("invite")
        await desk.press("enter")
        await desk.until(lambda: "Iben is done here" in desk.screen_text)
        await desk.press("enter")
        assert [(f.chat, f.agent) for f in sent(server.heard, Uninvite)] == [(B, "a3")]


async def test_a_guest_writes_notes_only_and_stays_with_them(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, guest_in=[C])
    other(server)
    async with open_console() as desk:
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


# --- after closing, abuse, why --------------------------------------------------------------------


async def test_the_breather_counts_down_and_ends_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, wrap_ups=[views.WrapUp(C, NOON + 25_000, extended=False, long=False)])
    async with open_console((100, 24)) as desk:
        assert "After Customer" in desk.screen_text
        assert "F11 ends it · more time: ctrl+f" in desk.screen_text
        await desk.press("f11")
        await desk.press("ctrl+f")
        await desk.type("more time")
        await desk.press("enter")
        first = sent(server.heard, Breather)[0]
        assert (first.chat, first.act) == (C, "end")
        server.give(Ok(first.id))
        await desk.until(lambda: len(sent(server.heard, Breather)) == 2)
        assert sent(server.heard, Breather)[1].act == "extend"


async def test_abuse_is_answered_step_by_step(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((80, 30)) as desk:
        await desk.press("ctrl+f")
        await desk.type("abuse")
        await desk.press("enter")
        await desk.until(lambda: "The customer reads one calm line" in desk.screen_text)
        await desk.type("day")
        await desk.press("enter")
        assert "End this chat and block the customer?" in desk.screen_text
        await desk.press("enter")
        assert sent(server.heard, Abuse) == []
        await desk.press("ctrl+f")
        await desk.type("abuse")
        await desk.press("enter")
        await desk.type("day")
        await desk.press("enter", "down", "enter")
        assert [(f.chat, f.act, f.minutes) for f in sent(server.heard, Abuse)] == [(B, "block", 1440)]


async def test_why_me_and_why_not_the_others(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((100, 30)) as desk:
        server.give(
            event(
                B,
                5,
                NOON - 8 * MINUTE,
                DESK,
                "routed",
                data=kinds.Routed("a1", "load", 50, 250, 1, 5, [views.Part("answered", 1, 50)]),
            )
        )
        await desk.press("ctrl+f")
        await desk.type("why")
        await desk.press("enter")
        await desk.until(lambda: sent(server.heard, Why))
        assert "One moment…" in desk.screen_text
        server.give(
            Because(
                B,
                [
                    views.Verdict("a1", "Sanne", BUSY, "owner"),
                    views.Verdict("a3", "Iben", BUSY, "language"),
                    views.Verdict("a2", "Bo", LIGHT),
                ],
            )
        )
        await desk.until(lambda: "not asked: does not speak the language" in desk.screen_text)
        assert "has this chat" in desk.screen_text
        assert "may get it next" in desk.screen_text
        assert "To Sanne, who had the most room (0.5 of 2.5)" in desk.screen_text
        await desk.press("escape")
        assert desk.main.composer.has_focus


async def test_many_decisions_in_a_row_are_one_line(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((110, 30)) as desk:
        names = ["a2", "a3", "a2", "a3"]
        server.give(
            *(event(B, 5 + n, NOON, DESK, "offered", data=kinds.Offered(a)) for n, a in enumerate(names)),
            event(B, 9, NOON, DESK, "offer_ended", data=kinds.OfferEnded("a3", "expired")),
        )
        await desk.until(lambda: "Iben did not answer the offer · 4 steps before" in desk.screen_text)
        assert "Offered to" not in desk.screen_text
        server.give(say(B, 10, NOON, CUSTOMER, "hello?", pub=4))
        server.give(event(B, 11, NOON, DESK, "offered", data=kinds.Offered("a2")))
        await desk.until(lambda: "Offered to Bo" in desk.screen_text)


async def test_today_is_for_everybody(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        assert "Delivery strike until 22:00" in desk.screen_text
        await desk.press("ctrl+f")
        await desk.type("today")
        await desk.press("enter")
        await desk.until(lambda: "banner: Delivery strike" in desk.screen_text)
        assert "closes at 17:00" in desk.screen_text
        assert "opens Monday 23 November at 10:00" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: selected(desk) == A)


async def test_the_board_is_not_for_everybody(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f12")
        assert "This page is for supervisors." in desk.screen_text
        await desk.press("escape", "ctrl+f")
        assert "Board" not in desk.screen_text
