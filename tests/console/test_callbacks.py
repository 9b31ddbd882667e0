"""Callbacks by keyboard: on the list, come up, ticked off, closed; and what the conversation says."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console import callbacks
from supportterm.console.entry import _farewell
from supportterm.console.widgets.listing import Listing
from supportterm.link.chatlog import ChatLog
from supportterm.protocol import kinds, views
from supportterm.protocol.frames import Assign, CloseChat, Gone, Marks, Phoned, Take

from . import team
from .calling import MAIL, PHONE, TEN, asks, comes_up, happens, listed
from .conftest import A, B, Desk, Opened, from_the_list, selected
from .promising import READ, aid, chip
from .server import BO, CUSTOMER, MINUTE, NOON, SANNE, HandServer, say, sent

# --- on the list ----------------------------------------------------------------------------------


async def test_the_list_shows_who_when_how_and_what_became_of_the_mail(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    listed(server)
    async with open_console() as desk:
        await from_the_list(desk, "left")
        assert "4 to answer · ! mails refused: 1" in desk.screen_text
        rows = [row for row in desk.rows() if "Customer" in row or "Eva Mulder" in row]
        assert [row[2:24].rstrip() for row in rows] == [
            "! 4m late",
            "! mail refused",
            "due in 2h",
            "by tomorrow 10:00",
            "✓ mail on its way",
        ]
        assert [
            next(how for how in ("mail", "phone", "message") if f" {how} " in f" {row[38:49]} ")
            for row in rows
        ] == ["mail", "mail", "message", "phone", "mail"]
        assert [next(who for who in ("Bo", "You", "nobody") if who in row) for row in rows] == [
            "Bo",
            "Bo",
            "nobody",
            "You",
            "You",
        ]


async def test_a_refused_mail_is_red_as_well_as_a_word(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    listed(server)
    async with open_console() as desk:
        desk.app.action_page("left")
        await desk.settle()
        styles = {
            span.text.rstrip(): span.style
            for entry in desk.app.screen.query_one(Listing).entries
            for row in entry.rows
            for span in row.spans
        }
        assert styles["! mail refused"] == "bad"
        assert styles["! 4m late"] == "warn"


async def test_the_list_says_whom_and_where(open_console: Opened, server: HandServer) -> None:
    listed(server)
    async with open_console() as desk:
        desk.app.action_page("left")
        await desk.settle()
        assert next(row for row in desk.rows() if PHONE in row).count("Eva Mulder") == 1
        assert sum("jan@example.org" in row for row in desk.rows()) == 1


@pytest.mark.parametrize(
    ("title", "told"), [("agent", "enter takes it"), ("supervisor", "enter shows what you can do")]
)
async def test_the_foot_of_the_list_says_what_enter_does(
    open_console: Opened, server: HandServer, title: str, told: str
) -> None:
    asks(server, A, MAIL)
    listed(server)
    server.title = title
    async with open_console() as desk:
        desk.app.action_page("left")
        await desk.settle()
        assert told in desk.rows()[-1]
        server.view("left", views.Left([views.LeftRow(A, "hof", NOON, TEN, "nl", "a1", how="mail")]))
        await desk.until(lambda: "enter goes there" in desk.rows()[-1])


# --- when it comes up -----------------------------------------------------------------------------


async def test_one_that_comes_up_is_told_and_a_key_goes_there(
    open_console: Opened, server: HandServer, bells: list[int]
) -> None:
    asks(server, B, MAIL, name="Bram")
    asks(server, A, PHONE)
    async with open_console() as desk:
        desk.main.go(B)
        await desk.settle()
        rung = len(bells)
        comes_up(server, A, "phone", NOON + 8 * MINUTE)
        await desk.until(lambda: "☏ Call Eva before 14:08" in desk.screen_text)
        assert "ctrl+d goes there" in desk.screen_text
        assert len(bells) == rung + 1
        assert any(row.startswith(" ☏ Eva") for row in (line[:24] for line in desk.rows()))
        await desk.press("ctrl+d")
        assert selected(desk) == A
        assert "☏ Call" not in desk.screen_text
        assert aid(desk) == f"Call {PHONE} | tab reached · alt+↓ not reached"
        assert "call before 14:08" in desk.bar("head")


@pytest.mark.parametrize(("status", "told"), [("offline", True), ("online", False)])
async def test_one_whose_owner_is_not_there_is_told_to_who_is(
    open_console: Opened, server: HandServer, status: str, told: bool
) -> None:
    asks(server, A, MAIL)
    server.views["left"] = views.Left(
        [views.LeftRow(B, "hof", NOON, NOON + 8 * MINUTE, "nl", "a2", how="phone", owner_name="Bo")]
    )
    bo = views.Colleague("a2", "Bo", "agent", status, True, team.LIGHT)
    server.views["team"] = views.Team([bo], [])
    async with open_console() as desk:
        await desk.until(lambda: desk.app.session.journal.left is not None)
        assert ("☏ Bo is not there and promised an answer before 14:08" in desk.screen_text) is told
        assert ("ctrl+f lists them" in desk.screen_text) is told


async def test_a_supervisor_gives_it_to_somebody_from_the_board(
    open_console: Opened, server: HandServer
) -> None:
    team.supervisor(server)
    key = f"callback_due {team.C}"
    alert = views.Alert(key, "callback_due", NOON + 8 * MINUTE, "a4", "Tom", team.C)
    server.views["alerts"] = views.Alerts([alert])
    async with open_console() as desk:
        await desk.press("f12")
        await desk.until(lambda: "Tom promised Customer" in desk.screen_text)
        await desk.press("enter")
        await desk.type("give")
        await desk.press("enter")
        await desk.type("bo")
        await desk.press("enter")
        assert [(one.chat, one.agent) for one in sent(server.heard, Assign)] == [(team.C, "a2")]


async def test_several_stand_in_one_row(open_console: Opened, server: HandServer) -> None:
    asks(server, A, PHONE)
    asks(server, B, MAIL, name="Bram")
    asks(server, "chatCCCCCCCCCCCCCCCCCC", name="Cor")
    comes_up(server, A, "phone", NOON + 8 * MINUTE)
    comes_up(server, B, "mail", NOON + 5 * MINUTE)
    async with open_console() as desk:
        desk.main.go("chatCCCCCCCCCCCCCCCCCC")
        await desk.settle()
        assert "☏ 2 callbacks, the first before 14:05" in desk.screen_text
        await desk.press("ctrl+d")
        assert selected(desk) == B
        assert "☏ Call Eva before 14:08" in desk.screen_text


async def test_one_key_ticks_that_they_were_reached(open_console: Opened, server: HandServer) -> None:
    asks(server, A, PHONE)
    comes_up(server, A, "phone", NOON + 8 * MINUTE)
    async with open_console() as desk:
        await desk.later(READ)
        await desk.press("tab")
        (frame,) = sent(server.heard, Phoned)
        assert frame.reached
        assert "Noted: reached" in desk.screen_text
        await desk.press("tab")
        assert len(sent(server.heard, Phoned)) == 1, "it is on its way, and the key is not its any more"
        happens(server, A, "phoned", by=SANNE, hidden=True, data=kinds.Phoned(True), id=frame.id)
        happens(server, A, "promise_ended", by=SANNE, data=kinds.PromiseEnded("kept"))
        await desk.until(lambda: "You called: reached" in desk.screen_text)
        assert "Call 06" not in aid(desk)
        assert "welcome" not in aid(desk), "who spoke to them has said hello"
        assert not callbacks.waits(server_log(desk))


def server_log(desk: Desk) -> ChatLog:
    log = desk.app.session.log
    assert log is not None
    return log


async def test_not_reached_keeps_it_open_and_says_when(open_console: Opened, server: HandServer) -> None:
    asks(server, A, PHONE)
    comes_up(server, A, "phone", NOON + 8 * MINUTE)
    async with open_console((118, 30)) as desk:
        await desk.later(READ)
        await desk.press("alt+down")
        (frame,) = sent(server.heard, Phoned)
        assert not frame.reached
        happens(server, A, "phoned", by=SANNE, hidden=True, data=kinds.Phoned(False), id=frame.id)
        await desk.until(lambda: "You called: not reached" in desk.screen_text)
        assert aid(desk) == f"Call {PHONE} · not reached 14:00 | tab reached · alt+↓ not reached"
        await from_the_list(desk, "called back, reached")
        assert [one.reached for one in sent(server.heard, Phoned)] == [False, True]


async def test_a_key_pressed_before_the_line_could_be_read_ticks_nothing(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, PHONE)
    asks(server, B, MAIL)
    comes_up(server, A, "phone", NOON + 8 * MINUTE)
    async with open_console() as desk:
        desk.main.go(B)
        await desk.settle()
        desk.stop_the_clock()
        desk.main.go(A)
        await desk.press("tab")
        assert f"Call {PHONE}" in aid(desk)
        assert sent(server.heard, Phoned) == []
        await desk.later(READ)
        await desk.press("tab")
        assert len(sent(server.heard, Phoned)) == 1


async def test_a_late_one_says_so_on_the_line(open_console: Opened, server: HandServer) -> None:
    asks(server, A, PHONE)
    comes_up(server, A, "phone", NOON - 3 * MINUTE)
    server.heads[A] = msgspec.structs.replace(server.heads[A], promise_due=0, overdue_at=NOON - 3 * MINUTE)
    async with open_console((118, 30)) as desk:
        assert aid(desk).startswith(f"late 3m · Call {PHONE}")
        assert "call 3m late" in desk.bar("head")


async def test_by_mail_it_says_where_the_answer_goes_and_how_far_it_is(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((118, 30)) as desk:
        assert aid(desk) == f"Answer by mail: {MAIL} | write it here"
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        (answer,) = server.accept()
        await desk.until(lambda: aid(desk).startswith("mail on its way"))
        assert "☏" not in "".join(row[:30] for row in desk.rows()), "it needs nobody any more"
        happens(server, A, "mailing", hidden=True, data=kinds.Mailing(answer.pub, 4))
        await desk.until(lambda: "The answer goes out by mail" in desk.screen_text)
        why = "550 No such user \x1b[2J here"
        happens(server, A, "mailed", hidden=True, data=kinds.Mailed(answer.pub, "refused"), text=why)
        await desk.until(lambda: "Mail refused: 550 No such user" in desk.screen_text)
        assert "ctrl+y gives another address or number" in aid(desk)
        assert "\x1b" not in desk.screen_text
        assert any("☏ Eva" in row[:30] for row in desk.rows()), "and now it does again"
        styles = [
            span.style
            for row in desk.main.transcript._rows
            for span in row.spans
            if "Mail refused" in span.text
        ]
        assert styles == ["refused"]


async def test_a_mail_that_came_back_needs_its_owner_again(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((118, 30)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        (answer,) = server.accept()
        letter = happens(server, A, "mailing", hidden=True, data=kinds.Mailing(answer.pub, 4)).seq
        happens(server, A, "mailed", hidden=True, data=kinds.Mailed(answer.pub, "accepted"))
        happens(server, A, "promise_ended", data=kinds.PromiseEnded("kept"))
        await desk.until(lambda: "The mail server took the answer" in desk.screen_text)
        assert not any("☏ Eva" in row[:30] for row in desk.rows())
        due = NOON + 8 * MINUTE
        back = kinds.Bounced(letter, answer.pub, True, "mail", NOON, 3, due)
        happens(server, A, "bounced", hidden=True, data=back, text="550 5.1.1 No such \x1b[2Jmailbox")
        await desk.until(lambda: "Mail came back: 550 5.1.1 No such" in desk.screen_text)
        assert "ctrl+y gives another address or number" in aid(desk)
        assert any("☏ Eva" in row[:30] for row in desk.rows())
        assert "mail before" in desk.bar("head"), "the promise runs again"
        assert "\x1b" not in desk.screen_text


async def test_a_mail_that_is_not_taken_says_so_where_it_was_on_its_way(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((160, 45)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        (answer,) = server.accept()
        happens(server, A, "mailing", hidden=True, data=kinds.Mailing(answer.pub, 4))
        await desk.until(lambda: aid(desk).startswith("mail on its way"))
        row = views.LeftRow(
            A,
            "demo",
            NOON,
            NOON + 8 * MINUTE,
            how="mail",
            mail="waiting",
            tried=3,
            again_at=NOON + 4 * MINUTE,
            why="it cannot be reached: Connection refused",
        )
        server.view("left", views.Left([row]))
        told = "Not accepted yet: tried 3×, next 14:04: it cannot be reached: Connection refused"
        await desk.until(lambda: told in aid(desk))
        desk.app.action_page("left")
        await desk.settle()
        assert "! mail not taken yet" in desk.screen_text
        assert told.partition(": it")[0] in desk.screen_text
        server.view("left", views.Left([msgspec.structs.replace(row, tried=0, again_at=0, why="")]))
        await desk.until(lambda: "✓ mail on its way" in desk.screen_text)


async def test_an_accepted_mail_is_told(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((118, 30)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        (answer,) = server.accept()
        happens(server, A, "mailing", hidden=True, data=kinds.Mailing(answer.pub, 4))
        happens(server, A, "mailed", hidden=True, data=kinds.Mailed(answer.pub, "accepted"))
        happens(server, A, "promise_ended", data=kinds.PromiseEnded("kept"))
        await desk.until(lambda: "The mail server took the answer" in desk.screen_text)
        assert "The promise was kept" in desk.screen_text
        assert "mail" not in chip(desk)


# --- closing and leaving --------------------------------------------------------------------------


async def test_closing_says_that_the_mail_goes_out_all_the_same(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((140, 30)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        server.accept()
        await desk.settle()
        await desk.press("f8")
        assert "mail goes out" in desk.bar("line")
        await desk.later(9_000)
        desk.main._second()
        await desk.settle()
        assert len(sent(server.heard, CloseChat)) == 1


async def test_without_an_answer_closing_says_nothing_of_mail(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((140, 30)) as desk:
        await desk.press("f8")
        assert "closing in" in desk.bar("line")
        assert "mail" not in desk.bar("line")


async def test_who_leaves_is_not_held_for_an_answer_that_is_on_its_way(
    open_console: Opened, server: HandServer, capsys: pytest.CaptureFixture[str]
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console((118, 30)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        server.accept()
        await desk.settle()
        await desk.press("f9")
        await desk.type("offline")
        await desk.press("enter")
        assert "mail on its way · Hof & Linde" in desk.screen_text
        await desk.press("escape", "ctrl+q")
        assert desk.app.return_code == 0
    _farewell(desk.app, demo=False)
    assert "1 on their way by mail: nothing is lost." in capsys.readouterr().out


# --- what the conversation says -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Promised: a call before tomorrow 10:00, the customer need not stay"),
        ("nl", "Beloofd: telefoontje vóór morgen 10:00, de klant hoeft niet te blijven"),
        ("da", "Lovet: opkald inden i morgen 10:00, kunden behøver ikke blive"),
    ],
)
async def test_the_conversation_tells_it_once_in_three_languages(
    open_console: Opened, server: HandServer, language: str, line: str
) -> None:
    asks(server, A, PHONE)
    comes_up(server, A, "phone", TEN)
    async with open_console((160, 45)) as desk:
        desk.app.choose_language(language)
        await desk.settle()
        assert line in desk.screen_text
        assert desk.screen_text.count("10:00") == desk.bar("head").count("10:00") + 1 + side(desk).count(
            "10:00"
        )


def side(desk: Desk) -> str:
    return (
        " ".join(f"{label} {value}" for label, value in desk.main.side.facts)
        if desk.main.side.display
        else ""
    )


async def test_a_contact_an_agent_noted_is_theirs(open_console: Opened, server: HandServer) -> None:
    asks(server, A)
    async with open_console((160, 45)) as desk:
        told = '{"name":"","contact":"0612345678"}'
        happens(server, A, "contact", by=SANNE, hidden=True, text=told)
        happens(server, A, "contact", by=BO, hidden=True, text='{"name":"Eva","contact":"eva@example.nl"}')
        await desk.until(lambda: "You noted: 0612345678" in desk.screen_text)
        assert "Bo noted: Eva · eva@example.nl" in desk.screen_text
        assert "Contact eva@example.nl\n0612345678" in side(desk)


async def test_the_one_that_went_on_the_list_says_that_it_comes_back(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, PHONE)
    async with open_console((118, 30)) as desk:
        happens(server, A, "promised", by=SANNE, data=kinds.Promised(TEN, True))
        happens(server, A, "callback", by=SANNE, data=kinds.Callback(TEN, "phone"))
        happens(server, A, "unassigned", by=SANNE, hidden=True, data=kinds.Unassigned("callback", "a1", True))
        await desk.until(lambda: "On the list, comes up by itself" in desk.bar("line"))
        assert "has it on the list until the answer has arrived" in " ".join(desk.screen_text.split())
        assert "call before tomorrow 10:00 · on the list" in desk.bar("head")
        row = views.LeftRow(A, "hof", NOON, TEN, "nl", "a1", how="phone", owner_name="Sanne")
        server.view("left", views.Left([row]))
        await desk.until(lambda: "◷ Eva" in desk.screen_text)
        await desk.press("f8")
        assert "ctrl+f, “Take it”, and then it can be closed" in desk.bar("status")
        await from_the_list(desk, "chat: take it")
        await desk.until(lambda: sent(server.heard, Take))
        assert [one.chat for one in sent(server.heard, Take)] == [A]


# --- pure -----------------------------------------------------------------------------------------


async def test_who_writes_again_reads_the_answer_where_they_wrote(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    async with open_console() as desk:
        seq = len(server.chats[A]) + 1
        wrote = say(A, seq, NOON, CUSTOMER, "Ik ben er weer", pub=seq)
        server.chats[A].append(wrote)
        server.give(wrote)
        answer = say(A, seq + 1, NOON, SANNE, "Hallo!", pub=seq + 1)
        server.chats[A].append(answer)
        server.give(answer)
        await desk.until(lambda: "Hallo!" in desk.screen_text)
        log = server_log(desk)
        assert callbacks.answered(log)
        assert not callbacks.goes_out(log, desk.app.session.shops.of(log))


async def test_what_was_seen_in_the_widget_needs_no_mail(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    comes_up(server, A, "mail", NOON + 8 * MINUTE)
    seq, pub = len(server.chats[A]) + 1, max(one.pub for one in server.chats[A]) + 1
    server.chats[A].append(say(A, seq, NOON, SANNE, "Uw pakket ligt klaar", pub=pub))
    server.heads[A] = msgspec.structs.replace(server.heads[A], customer_marks=Marks(pub, pub))
    async with open_console() as desk:
        assert callbacks.answered(server_log(desk)) == 0


async def test_an_answer_that_waits_for_its_mail_is_on_the_list_and_in_no_queue(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    happens(server, A, "left", hidden=True, data=kinds.Left(TEN))
    async with open_console((100, 30)) as desk:
        happens(server, A, "message", by=SANNE, text="It is in Utrecht.")
        happens(server, A, "unassigned", by=SANNE, hidden=True, data=kinds.Unassigned("callback", "a1", True))
        server.give(Gone(A))
        await desk.until(lambda: "Answered, and on the list until it has arrived" in desk.bar("line"))
