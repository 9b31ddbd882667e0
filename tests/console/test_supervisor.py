"""The supervisor's board and what is done from it; every flow by keyboard."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.screens import main
from supportterm.console.widgets.listing import Listing
from supportterm.protocol import views
from supportterm.protocol.frames import (
    Assign,
    Chat,
    Control,
    Note,
    Ok,
    SetAgent,
    Unblock,
    Watch,
)

from .conftest import Desk, Opened, from_the_list, selected, top
from .server import CUSTOMER, MINUTE, NOON, HandServer, beginning, say, sent
from .team import BUSY, LIGHT, Q1, B, C, colleagues, supervisor


async def to(desk: Desk, id: str) -> None:
    """Walk down a page to a row."""
    listing = desk.app.screen.query_one(Listing)
    for _ in range(40):
        if listing.selected == id:
            return
        await desk.press("down")
    raise AssertionError(f"there is no row {id}")


async def test_the_board_shows_everybody_the_queue_and_alerts(
    open_console: Opened, server: HandServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(server)
    monkeypatch.setattr(main, "NOTICE_SECONDS", 0.01)
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: "▲ alerts 1" in desk.bar("status"))
        await desk.press("f12")
        text = desk.screen_text
        assert "▲ Iben has more than they can carry" in text
        assert "Give Customer F0D9 to Bo: Iben 3.2 → 2.2, Bo 0.5 → 1.5" in text
        assert "away: lunch 12m" in text
        assert "! 1 overdue · oldest waits 7m · 2 promised" in text
        assert "████████████!  3.2 of 2.5: three waiting 3.0" in text
        assert "no new chat · ceiling today" in text
        assert "da refunds" in text
        assert "2 of 4 online" in text


async def test_the_board_sums_up_the_whole_queue_and_who_of_it_is_there(
    open_console: Opened, server: HandServer
) -> None:
    """Of a long queue only fifty rows are sent, and their sum would be a small part of it."""
    supervisor(server)
    rows = [views.Waiting(Q1, "Hof & Linde", NOON - 9 * MINUTE, "nl", gone=True)] * 50
    lines = [
        views.QueueLine("nl", "", 70, NOON - 8 * MINUTE, gone=3),
        views.QueueLine("da", "refunds", 0, NOON - 2 * MINUTE, gone=1),
        views.QueueLine("en", "", 10, NOON - MINUTE),
    ]
    server.queue = views.Queue(89, NOON - 8 * MINUTE, rows, 4, lines)
    server.views["alerts"] = views.Alerts([views.Alert("queue", "queue", NOON - 8 * MINUTE, n=80, gone=4)])
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        shown = [" ".join(line.split()) for line in desk.screen_text.splitlines()]
        assert any("queue 85 · oldest 8m · 4 left the page" in line for line in shown)
        assert any("nl 70 waiting waits 8m · 3 left the page" in line for line in shown)
        assert any("da refunds 0 waiting 1 left the page" in line for line in shown)
        assert any("en 10 waiting waits 1m" in line for line in shown)
        assert any("and 5 more" in line for line in shown)
        assert any("▲ 80 wait in the queue, besides 4 who left the page" in line for line in shown)
        await to(desk, "queue nl ")
        await desk.press("enter")
        assert "has left the page" in desk.screen_text


async def test_only_rows_that_changed_are_drawn_again(
    open_console: Opened, server: HandServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        listing = desk.app.screen.query_one(Listing)
        drawn: list[int] = []
        refresh_lines = listing.refresh_lines

        def counted(y: int, count: int = 1) -> None:
            drawn.append(y)
            refresh_lines(y, count)

        monkeypatch.setattr(listing, "refresh_lines", counted)
        server.tell_views()
        await desk.settle()
        assert drawn == []
        team = colleagues()
        team[1] = msgspec.structs.replace(team[1], load=BUSY)
        server.views["team"] = views.Team(team, [])
        server.tell_views()
        await desk.until(lambda: drawn)
        rows = [text.plain for _, text, _ in listing._rows]
        assert len(drawn) <= 4, "Bo's two rows, and the one that changed places with them"
        assert any("2.2 of 2.5" in rows[y] for y in drawn)


@pytest.mark.parametrize("bell", [True, False])
async def test_a_new_alert_rings_once_and_only_where_the_bell_is_on(
    open_console: Opened, server: HandServer, monkeypatch: pytest.MonkeyPatch, bell: bool
) -> None:
    supervisor(server)
    server.views["alerts"] = views.Alerts([])
    async with open_console((110, 24)) as desk:
        desk.app.session.bell = bell
        rung: list[int] = []
        monkeypatch.setattr(desk.app, "bell", lambda: rung.append(1))
        alert = views.Alert("absent:a3", "absent", NOON, "a3", "Iben", n=2)
        for _ in range(3):
            server.views["alerts"] = views.Alerts([alert])
            server.tell_views()
            await desk.settle()
        assert rung == [1] * bell
        assert "▲ Iben is gone, 2 chats are affected" in desk.bar("status")
        server.views["alerts"] = views.Alerts([alert, views.Alert("queue", "queue", NOON, n=9)])
        server.tell_views()
        await desk.settle()
        assert rung == [1, 1] * bell


async def test_nobody_is_rung_to_the_board_they_look_at(
    open_console: Opened, server: HandServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor(server)
    server.views["alerts"] = views.Alerts([])
    async with open_console((110, 24)) as desk:
        desk.app.session.bell = True
        rung: list[int] = []
        monkeypatch.setattr(desk.app, "bell", lambda: rung.append(1))
        await desk.press("f12", "down")
        alert = views.Alert("absent:a3", "absent", NOON, "a3", "Iben", n=2)
        server.views["alerts"] = views.Alerts([alert])
        server.tell_views()
        await desk.until(lambda: "▲ Iben is gone, 2 chats are affected" in desk.screen_text)
        assert rung == []
        desk.app.app_focus = False
        server.views["alerts"] = views.Alerts([alert, views.Alert("queue", "queue", NOON, n=9)])
        server.tell_views()
        await desk.until(lambda: rung)
        assert rung == [1], "the terminal is behind another window"


async def test_a_chat_is_read_along_and_whispered_in(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        await to(desk, "agent a2")
        await desk.press("enter", "enter")
        await desk.settle()
        assert sent(server.heard, Watch) == [Watch(chat=C)]
        assert "Fetching the chat…" in desk.screen_text or top(desk) == "MainScreen"
        events = [*beginning(C, NOON - 9 * MINUTE), say(C, 4, NOON, CUSTOMER, "psst", pub=3)]
        server.add(C, *events, owner="a2", agent="Bo")
        server.chats.pop(C)
        server.give(Chat(C, 1, 4, server.heads[C]), *events)
        await desk.until(lambda: top(desk) == "MainScreen" and selected(desk) == C)
        assert "READING ALONG: notes only · F8 stops" in desk.bar("line")
        assert "Bo has it" in desk.bar("head")
        await desk.type("ask for the receipt")
        await desk.press("enter")
        assert [(f.chat, f.text) for f in sent(server.heard, Note)] == [(C, "ask for the receipt")]
        await desk.press("f8")
        assert sent(server.heard, Watch)[-1] == Watch(chat=C, on=False)
        await desk.press("ctrl+n")
        assert C not in [line.chat for line in desk.main.chats.lines]


async def test_reading_along_goes_on_after_the_line_broke(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        desk.app.watch_chat(C)
        await desk.settle()
        assert server.socket is not None
        server.socket.cut()
        await desk.until(lambda: not desk.app.session.journal.online)
        desk.app.session.link.hurry()
        await desk.until(lambda: len(sent(server.heard, Watch)) == 2)


async def test_a_suggested_move_is_made(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await desk.press("f12", "enter", "enter")
        await desk.settle()
        assert sent(server.heard, Assign) == []
        await desk.press("down", "enter")
        await desk.until(lambda: sent(server.heard, Assign))
        (frame,) = sent(server.heard, Assign)
        assert (frame.chat, frame.agent) == (C, "a2")


async def test_a_chat_is_given_to_somebody_whose_load_is_shown_first(
    open_console: Opened, server: HandServer
) -> None:
    supervisor(server)
    async with open_console((100, 30)) as desk:
        await from_the_list(desk, "give")
        assert "0.5 of 2.5 → 1.5" in desk.screen_text
        assert "3.2 of 2.5 → 4.2" in desk.screen_text
        await desk.press("enter")
        assert [(f.chat, f.agent) for f in sent(server.heard, Assign)] == [(B, "a2")]


async def test_a_waiting_chat_is_given_or_taken_or_read(open_console: Opened, server: HandServer) -> None:
    supervisor(server, load=LIGHT)
    async with open_console((100, 30)) as desk:
        await desk.press("ctrl+l", "enter")
        await desk.settle()
        await desk.type("give")
        await desk.press("enter")
        await desk.settle()
        assert "Take it over yourself" in desk.screen_text
        await desk.press("enter")
        assert [(f.chat, f.agent) for f in sent(server.heard, Assign)] == [(Q1, "a1")]


async def test_status_and_ceiling_are_set(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        await to(desk, "agent a3")
        await desk.press("enter")
        await desk.type("ceiling")
        await desk.press("enter")
        await desk.settle()
        await desk.type("2,25")
        await desk.press("enter")
        (ceiling,) = sent(server.heard, SetAgent)
        assert (ceiling.agent, ceiling.ceiling, ceiling.status) == ("a3", 225, None)
        server.give(Ok(ceiling.id))
        await desk.press("enter")
        await desk.type("status")
        await desk.press("enter")
        await desk.settle()
        await desk.type("finish")
        await desk.press("enter")
        await desk.until(lambda: len(sent(server.heard, SetAgent)) == 2)
        status = sent(server.heard, SetAgent)[1]
        assert (status.agent, status.status, status.ceiling) == ("a3", "finishing", None)


async def test_a_block_is_ended(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        await to(desk, "block b1")
        await desk.press("enter", "down", "enter")
        await desk.settle()
        assert [frame.block for frame in sent(server.heard, Unblock)] == ["b1"]


async def test_an_alert_that_nobody_can_help_with_says_so(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    alert = views.Alert("over:a1", "over_ceiling", NOON, "a1", "Sanne")
    server.views["alerts"] = views.Alerts([alert])
    async with open_console((100, 40)) as desk:
        await desk.press("f12", "enter")
        assert "No colleague has room for one of these chats now." in desk.screen_text
        await desk.press("enter")
        await desk.settle()
        assert "Open: Customer 5F9F" in desk.screen_text, "nobody reads along in their own chat"


async def test_a_banner_is_put_up_until_a_typed_time(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await from_the_list(desk, "banner")
        await desk.type("put up")
        await desk.press("enter")
        await desk.settle()
        await desk.type("fjord")
        await desk.press("enter")
        await desk.settle()
        await desk.type("strike")
        await desk.press("enter")
        await desk.settle()
        await desk.type("22:00")
        assert "until 22:00" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: sent(server.heard, Control))
        (frame,) = sent(server.heard, Control)
        assert (frame.what, frame.shop, frame.text) == ("banner", "fjord", "strike")
        assert frame.until == NOON + 8 * 60 * MINUTE


@pytest.mark.parametrize(("typed", "value"), [("5", 5), ("0", 0), ("many", None), ("", None)])
async def test_the_queue_is_limited(
    open_console: Opened, server: HandServer, typed: str, value: int | None
) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await from_the_list(desk, "limits")
        await desk.type("limit")
        await desk.press("enter", "enter")
        await desk.settle()
        await desk.type(typed)
        await desk.press("enter")
        await desk.settle()
        if value is None:
            assert top(desk) == "MainScreen"
            assert sent(server.heard, Control) == []
            return
        await desk.press("enter")
        await desk.until(lambda: sent(server.heard, Control))
        (frame,) = sent(server.heard, Control)
        assert (frame.what, frame.value, frame.shop) == ("queue", value, "")
        assert frame.until - NOON in range(29 * MINUTE, 31 * MINUTE)


async def test_what_holds_is_ended(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 40)) as desk:
        await from_the_list(desk, "banner")
        await desk.type("end now")
        await desk.press("enter")
        await desk.settle()
        assert [(f.what, f.until, f.shop) for f in sent(server.heard, Control)] == [("banner", 0, "")]


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (59, 17), (200, 60)])
async def test_every_page_holds_at_every_size(
    open_console: Opened, server: HandServer, size: tuple[int, int]
) -> None:
    supervisor(server)
    async with open_console(size) as desk:
        for keys in (["f12"], ["ctrl+l"], ["f9"], ["f10"], ["ctrl+f"]):
            await desk.press(*keys, "down", "down", "up", "right", "pagedown", "pageup")
            await desk.pilot.resize_terminal(64, 20)
            await desk.settle()
            await desk.pilot.resize_terminal(*size)
            await desk.press("escape")
            await desk.settle()
            assert top(desk) == "MainScreen"
        assert selected(desk) == B


async def test_names_from_colleagues_are_made_safe(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    team = colleagues()
    team[1] = msgspec.structs.replace(team[1], name="Bo\x1b]0;x\x07[/b]", reason="\x9b2J")
    server.views["team"] = views.Team(team, ["re\x1bfunds"])
    async with open_console((100, 40)) as desk:
        await desk.press("f12")
        assert "[/b]" in desk.screen_text
        await desk.press("escape", "f10")
        await desk.settle()
        assert not any(ord(char) < 32 and char != "\n" for char in desk.screen_text)
