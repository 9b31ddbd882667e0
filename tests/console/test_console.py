"""The console by keyboard, over a wire held in the hand."""

from __future__ import annotations

from supportterm.protocol import kinds
from supportterm.protocol.frames import (
    CloseChat,
    Err,
    Gone,
    Mark,
    MarksOf,
    More,
    Note,
    Page,
    Reopen,
    Say,
    Typing,
    TypingOf,
)

from .conftest import A, B, Opened, selected
from .server import BO, CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, beginning, event, say, sent


async def test_it_opens_on_who_waited_longest_and_walks_on(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        assert selected(desk) == B
        assert "Do you have this in green?" in desk.screen_text
        assert "2 waiting" in desk.bar("title")
        await desk.press("ctrl+n")
        assert selected(desk) == A
        await desk.press("f4")
        assert selected(desk) == A
        await desk.press("f3")
        assert selected(desk) == B


async def test_going_to_a_chat_that_looks_as_long_shows_its_own_words(
    open_console: Opened, server: HandServer
) -> None:
    words = {A: "Where is my parcel?", B: "Do you have green?"}
    for chat, text in words.items():
        server.add(chat, *beginning(chat, NOON - 9 * MINUTE), say(chat, 4, NOON, CUSTOMER, text, pub=3))
    async with open_console() as desk:
        for key in ("ctrl+n", "ctrl+n", "f3", "f4"):
            await desk.press(key)
            here = selected(desk)
            shown = "\n".join(row[24:] for row in desk.rows())
            assert [chat for chat, text in words.items() if text in shown] == [here]


async def test_a_wide_terminal_that_becomes_narrow_at_once(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        for width in range(57, 64):
            for size in ((width, 15), (160, 45), (20, 6), (160, 45)):
                await desk.pilot.resize_terminal(*size)
                await desk.settle()
        assert "Do you have this in green?" in desk.screen_text


async def test_the_newest_stays_in_sight_when_the_terminal_becomes_smaller(
    open_console: Opened, server: HandServer
) -> None:
    texts = [
        f"Line {number} about a lamp that does not want to shine at all in the evening"
        for number in range(40)
    ]
    server.add(
        A,
        *beginning(A, NOON - 60 * MINUTE),
        *(say(A, 4 + n, NOON, CUSTOMER, text, pub=3 + n) for n, text in enumerate(texts)),
    )
    async with open_console((160, 45)) as desk:
        transcript = desk.main.transcript
        assert transcript.at_end
        for size in ((80, 24), (160, 45), (160, 20), (60, 45)):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            assert transcript.at_end
            assert "new ↓" not in desk.screen_text
        await desk.press("pageup", "pageup")
        await desk.pilot.resize_terminal(80, 24)
        await desk.settle()
        assert not transcript.at_end, "who reads back is left where they are"


async def test_a_message_is_written_answered_and_ticked(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.type("Yes, moss")
        assert [frame.on for frame in sent(two_chats.signs, Typing)] == [True]
        await desk.press("enter")
        (frame,) = sent(two_chats.heard, Say)
        assert (frame.chat, frame.text) == (B, "Yes, moss")
        assert desk.main.composer.text == ""
        assert any("Yes, moss" in row and "…" in row for row in desk.rows())
        two_chats.accept()
        await desk.until(lambda: any("Yes, moss" in row and "✓" in row for row in desk.rows()))
        two_chats.give(MarksOf(B, "customer", got=4))
        await desk.until(lambda: any("Yes, moss" in row and "✓✓" in row for row in desk.rows()))
        two_chats.give(MarksOf(B, "customer", got=4, seen=4))
        await desk.until(lambda: any("Yes, moss" in row and "✓✓ read" in row for row in desk.rows()))


async def test_enter_sends_and_ctrl_j_breaks_the_line(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.type("one")
        await desk.press("ctrl+j")
        await desk.type("two")
        await desk.press("enter")
        assert [frame.text for frame in sent(two_chats.heard, Say)] == ["one\ntwo"]
        await desk.press("enter", "space", "enter")
        assert len(sent(two_chats.heard, Say)) == 1


async def test_a_note_looks_like_nothing_else_and_has_its_own_draft(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.type("to you")
        await desk.press("ctrl+o")
        assert "NOTE · the customer never sees this" in desk.bar("line")
        assert desk.main.composer.has_class("-note")
        assert desk.main.composer.text == ""
        typing_before = len(sent(two_chats.signs, Typing))
        await desk.type("vip")
        assert [f for f in sent(two_chats.signs, Typing)[typing_before:] if f.on] == []
        await desk.press("ctrl+o")
        assert desk.main.composer.text == "to you"
        assert not desk.main.composer.has_class("-note")
        await desk.press("ctrl+o", "enter")
        assert [frame.text for frame in sent(two_chats.heard, Note)] == ["vip"]
        assert sent(two_chats.heard, Say) == []
        two_chats.accept()
        await desk.until(lambda: "NOTE · the customer never sees this  You" in desk.screen_text)
        assert "NOTE" in desk.bar("line"), "it stays a note until it is told otherwise"


async def test_drafts_stay_with_their_chat_and_survive_the_console(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.type("for b")
        await desk.press("f4")
        assert desk.main.composer.text == ""
        await desk.type("for a")
        await desk.press("f3")
        assert desk.main.composer.text == "for b"
        await desk.press("ctrl+q")
    async with open_console() as desk:
        assert selected(desk) == B
        assert desk.main.composer.text == "for b"
        assert "draft" in desk.screen_text
        await desk.press("f4")
        assert desk.main.composer.text == "for a"


async def test_unread_is_counted_and_reading_is_told(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        assert any("+2" in row for row in desk.rows())
        await desk.until(
            lambda: [f.seen for f in sent(two_chats.signs, Mark) if f.chat == B and f.seen] == [3]
        )
        assert not any(f.seen for f in sent(two_chats.signs, Mark) if f.chat == A)
        await desk.press("ctrl+n")
        assert not any("+2" in row for row in desk.rows())
        assert "new" in desk.screen_text
        await desk.until(lambda: (A, 5) in [(f.chat, f.seen) for f in sent(two_chats.signs, Mark)])


async def test_the_customers_typing_shows_and_ends_with_the_message(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        two_chats.give(TypingOf(B, "customer"))
        await desk.until(lambda: "is typing…" in desk.bar("line"))
        two_chats.give(say(B, 5, NOON, CUSTOMER, "or blue?", pub=4))
        await desk.until(lambda: "or blue?" in desk.screen_text)
        assert "is typing" not in desk.bar("line")


async def test_a_refused_message_is_shown_tried_again_and_taken_back(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.type("hello")
        await desk.press("enter")
        two_chats.give(Err("not_allowed", id=two_chats.heard[-1].id))  # type: ignore[union-attr]
        await desk.until(lambda: "not sent: your role does not allow this" in desk.screen_text)
        assert "ctrl+r tries again · F5 takes it back" in desk.screen_text
        assert "1 not sent yet" in desk.bar("status")
        await desk.press("ctrl+r")
        first, second = sent(two_chats.heard, Say)
        assert (first.text, second.text) == ("hello", "hello")
        assert first.id != second.id
        two_chats.give(Err("not_allowed", id=second.id))
        await desk.until(lambda: "not sent:" in desk.screen_text)
        await desk.press("f5")
        assert desk.main.composer.text == "hello"
        assert "not sent:" not in desk.screen_text
        await desk.press("f5")
        assert "The composer is not empty" in desk.bar("status")


async def test_offline_is_told_and_what_is_sent_is_kept(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console((100, 24)) as desk:
        two_chats.reachable = False
        assert two_chats.socket is not None
        two_chats.socket.cut()
        await desk.until(lambda: "no connection · trying again" in desk.bar("status"))
        assert "what you send is kept" in desk.bar("status")
        assert "you are online" not in desk.bar("status"), "nobody knows it now"
        await desk.type("still here")
        await desk.press("enter")
        assert "kept, goes out when the connection is back" in desk.screen_text
        await desk.press("ctrl+p")
        await desk.type("reconnect")
        two_chats.reachable = True
        await desk.press("enter")
        await desk.until(lambda: sent(two_chats.heard, Say))
        two_chats.accept()
        await desk.until(lambda: "kept, goes out" not in desk.screen_text)
        assert "● connected" in desk.bar("status")


async def test_what_is_unsent_goes_out_at_the_next_visit(open_console: Opened, two_chats: HandServer) -> None:
    two_chats.reachable = False
    async with open_console() as desk:
        desk.app.session.inbox.selected = ""
        await desk.press("ctrl+q")
    two_chats.reachable = True
    async with open_console() as desk:
        await desk.type("first")
        two_chats.reachable = False
        assert two_chats.socket is not None
        two_chats.socket.cut()
        await desk.until(lambda: not desk.app.session.journal.online)
        await desk.press("enter", "ctrl+q")
    two_chats.reachable = True
    async with open_console() as desk:
        await desk.until(lambda: sent(two_chats.heard, Say))
        assert [frame.text for frame in sent(two_chats.heard, Say)] == ["first"]


async def test_closing_waits_visibly_and_can_be_undone(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        await desk.press("f8")
        assert "closing in 8 s · ctrl+z undoes it" in desk.bar("line")
        await desk.press("ctrl+z")
        assert "closing" not in desk.bar("line")
        assert "Not closed" in desk.bar("status")
        await desk.press("f8")
        assert "closing in" in desk.bar("line")
        assert "Not closed" not in desk.bar("status"), "it does not hold any more"
        await desk.press("ctrl+z")
        await desk.type("ab")
        await desk.press("ctrl+z")
        assert desk.main.composer.text != "ab", "without a closing it undoes typing"
        assert sent(two_chats.heard, CloseChat) == []


async def test_leaving_closes_what_was_meant_to_close(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.press("f8", "ctrl+q")
        await desk.until(lambda: sent(two_chats.heard, CloseChat))
        (frame,) = sent(two_chats.heard, CloseChat)
        assert frame.chat == B
        two_chats.give(event(B, 5, NOON, SANNE, "closed", pub=4, data=kinds.Closed("agent"), id=frame.id))


async def test_a_closed_chat_is_reopened_with_the_same_key(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        two_chats.give(event(B, 5, NOON, CUSTOMER, "closed", pub=4, data=kinds.Closed("customer")))
        await desk.until(lambda: "This chat is closed · F8 reopens it" in desk.bar("line"))
        assert "The customer closed the chat" in desk.screen_text
        assert desk.main.composer.read_only
        await desk.press("f8")
        (frame,) = sent(two_chats.heard, Reopen)
        two_chats.give(event(B, 6, NOON, SANNE, "reopened", pub=5, data=kinds.Reopened(), id=frame.id))
        await desk.until(lambda: not desk.main.composer.read_only)
        assert "The chat goes on" in desk.screen_text


async def test_a_note_can_still_be_written_in_a_closed_chat(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        two_chats.give(event(B, 5, NOON, CUSTOMER, "closed", pub=4, data=kinds.Closed("customer")))
        await desk.until(lambda: desk.main.composer.read_only)
        await desk.press("ctrl+o")
        await desk.type("rude")
        await desk.press("enter")
        assert [frame.text for frame in sent(two_chats.heard, Note)] == ["rude"]


async def test_only_one_console_writes_and_the_other_can_take_over(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.writing = False
    async with open_console() as desk:
        assert "You signed in elsewhere · ctrl+t takes over here" in desk.bar("line")
        await desk.type("nobody hears this")
        assert desk.main.composer.text == ""
        await desk.press("ctrl+t")
        await desk.until(lambda: len(two_chats.hellos) == 2 and not desk.main.composer.read_only)
        assert two_chats.hellos[1].takeover


async def test_older_events_come_by_scrolling_to_the_top_and_the_view_stays(
    open_console: Opened, server: HandServer
) -> None:
    events = [say(A, n, NOON - (400 - n) * 1000, CUSTOMER, f"line {n}", pub=n) for n in range(1, 301)]
    server.add(A, *events)
    server.firsts[A] = 201
    async with open_console() as desk:
        assert "line 300" in desk.screen_text
        for _ in range(12):
            await desk.press("pageup")
        await desk.until(lambda: sent(server.heard, More))
        (more,) = sent(server.heard, More)
        assert more.before == 201
        assert "fetching older messages…" in desk.screen_text
        assert "line 201" in desk.screen_text
        server.give(Page(A, events[100:200], more=True))
        await desk.until(lambda: len(desk.app.session.journal.chats[A].events) == 200)
        assert "line 201" in desk.screen_text, "what was read stays where it was"
        await desk.press("pageup")
        assert "line 197" in desk.screen_text


async def test_the_view_follows_only_near_the_end(open_console: Opened, server: HandServer) -> None:
    server.add(A, *[say(A, n, NOON - 9000, CUSTOMER, f"line {n}", pub=n) for n in range(1, 81)])
    async with open_console() as desk:
        server.give(say(A, 81, NOON, CUSTOMER, "line 81", pub=81))
        await desk.until(lambda: "line 81" in desk.screen_text)
        await desk.press("pageup", "pageup")
        server.give(say(A, 82, NOON, CUSTOMER, "line 82", pub=82), say(A, 83, NOON, CUSTOMER, "x", pub=83))
        await desk.until(lambda: "2 new ↓" in desk.bar("line"))
        assert "line 82" not in desk.screen_text
        seen = max(f.seen for f in sent(server.signs, Mark))
        assert seen <= 81, "what is out of sight was not seen"
        await desk.press("ctrl+end")
        assert "line 82" in desk.screen_text
        assert "new ↓" not in desk.bar("line")


async def test_a_chat_that_comes_is_opened_when_nothing_else_is(
    open_console: Opened, server: HandServer
) -> None:
    async with open_console() as desk:
        assert "No chats yet" in desk.screen_text
        assert "No chat is open" in desk.screen_text
        server.come(A, *beginning(A, NOON), say(A, 4, NOON, CUSTOMER, "hello", pub=3))
        await desk.until(lambda: selected(desk) == A)
        assert "hello" in desk.screen_text


async def test_a_chat_given_to_somebody_else_is_told(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.type("kept")
        two_chats.give(Gone(B))
        await desk.until(lambda: "Somebody else has this chat now" in desk.bar("line"))
        assert desk.main.composer.text == "kept"
        await desk.press("ctrl+n")
        assert selected(desk) == A


async def test_who_has_a_chat_that_went_away_is_said_by_name_and_its_promise_no_more(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        promised = event(B, 5, NOON, SANNE, "promised", pub=4, data=kinds.Promised(NOON + 9 * MINUTE))
        two_chats.give(promised)
        await desk.until(lambda: "promised in" in desk.bar("head"))
        two_chats.give(event(B, 6, NOON, BO, "joined", pub=5, data=kinds.Joined("Bo", "Sanne")))
        two_chats.give(Gone(B))
        await desk.until(lambda: "Bo has this chat now" in desk.bar("line"))
        assert "Bo has it" in desk.bar("head")
        assert "promised" not in desk.bar("head")


async def test_erased_texts_leave_the_screen_and_the_drafts(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.type("Dear Mr Green")
        two_chats.give(event(B, 5, NOON, DESK, "erased", pub=4, data=kinds.Erased()))
        await desk.until(lambda: "removed for privacy" in desk.screen_text)
        assert "in green?" not in desk.screen_text
        assert desk.main.composer.text == ""
        await desk.press("ctrl+q")
    state = next(desk.app.session.settings.state_dir.glob("state.json"))
    assert "Green" not in state.read_text()


async def test_another_epoch_starts_the_transcripts_anew(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.type("draft stays")
        two_chats.epoch = "e2"
        two_chats.chats[B] = two_chats.chats[B][:3]
        assert two_chats.socket is not None
        two_chats.socket.cut()
        await desk.until(lambda: not desk.app.session.journal.online)
        desk.app.session.link.hurry()
        await desk.until(lambda: desk.app.session.journal.epoch == "e2" and "green" not in desk.screen_text)
        assert desk.main.composer.text == "draft stays"


async def test_too_long_a_text_is_not_sent_and_says_by_how_much(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        desk.main.composer.add("x" * 4003)
        await desk.settle()
        assert "3 characters too many" in desk.bar("line")
        await desk.press("enter")
        assert sent(two_chats.heard, Say) == []
        assert len(desk.main.composer.text) == 4003


async def test_the_list_by_keyboard_and_mouse(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        desk.main.chats.focus()
        await desk.press("down")
        assert selected(desk) == A
        assert desk.main.chats.has_focus
        await desk.press("enter")
        assert desk.main.composer.has_focus
        await desk.pilot.click("#chats", offset=(5, 1))
        await desk.settle()
        assert selected(desk) == B
        await desk.press("shift+tab")
        assert desk.main.transcript.has_focus
        await desk.press("escape")
        assert desk.main.composer.has_focus


async def test_who_writes_again_while_closing_is_not_closed(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.press("f8")
        two_chats.give(say(B, 5, NOON, CUSTOMER, "one more thing", pub=4))
        await desk.until(lambda: "one more thing" in desk.screen_text)
        assert "The customer wrote again: not closed" in desk.bar("status")
        assert "closing" not in desk.bar("line")
        await desk.press("ctrl+q")
        assert sent(two_chats.heard, CloseChat) == []
