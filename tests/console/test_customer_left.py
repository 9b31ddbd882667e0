"""The customer left before the time they were given: what the agent reads, and when they come back."""

from __future__ import annotations

from msgspec.structs import replace

from supportterm.protocol import kinds

from .conftest import A, B, Opened
from .promising import SECOND
from .server import CUSTOMER, DESK, MINUTE, NOON, HandServer, event
from .test_promises_shown import give, list_rows

LEFT = kinds.PromiseEnded("withdrawn", gone=True)


def desk_of(server: HandServer) -> None:
    give(server, A, NOON + MINUTE)
    give(server, B, 0, by="Tim")


async def test_the_agent_reads_that_no_promise_runs_any_more_and_that_they_are_back(
    open_console: Opened, server: HandServer, bells: list[int]
) -> None:
    desk_of(server)
    server.heads[A] = replace(server.heads[A], waiting_since=0)
    server.chats[A].append(event(A, 6, NOON, DESK, "page_gone", data=kinds.PageGone()))
    async with open_console() as desk:
        desk.app.session.bell = True
        desk.main.go(A)
        await desk.later(50 * SECOND)
        rung = len(bells)
        server.give(event(A, 7, NOON + MINUTE, DESK, "promise_ended", pub=5, data=LEFT))
        await desk.settle()
        assert "The customer had left: no promise runs now" in desk.screen_text
        assert "Eva left: your promise no longer runs" in desk.bar("status")
        assert "promised" not in desk.bar("head")
        assert "late" not in desk.bar("head")
        assert len(bells) == rung, "there is nothing to do"
        desk.main.go(B)
        desk.app.app_focus = False
        back = event(A, 8, NOON + 2 * MINUTE, CUSTOMER, "page_back", data=kinds.PageBack(waits=True))
        server.give(back)
        await desk.until(lambda: "Eva is back and waits for your answer" in desk.bar("status"))
        assert len(bells) == rung + 1
        inbox = desk.app.session.inbox
        assert inbox.standing(inbox.journal.chats[A]) == "waiting"
        assert any("Eva" in row for row in list_rows(desk))
        desk.main.go(A)
        await desk.settle()
        assert "The customer is back and waits for an answer" in desk.screen_text


async def test_what_was_long_ago_is_no_news(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    server.chats[A] += [
        event(A, 6, NOON, DESK, "promise_ended", pub=5, data=LEFT),
        event(A, 7, NOON, CUSTOMER, "page_back", data=kinds.PageBack(waits=True)),
        event(A, 8, NOON, DESK, "page_gone", data=kinds.PageGone()),
    ]
    async with open_console() as desk:
        await desk.settle()
        assert "your promise no longer runs" not in desk.bar("status")
        assert "waits for your answer" not in desk.bar("status")
