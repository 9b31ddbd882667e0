"""How the console looks. After a change that is meant: pytest tests/console --snapshot-update, and look."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from server.reports.columns import COLUMNS, columns, definitions
from supportterm.coach.hours import Hours
from supportterm.coach.timetable import week_of
from supportterm.console.app import Console
from supportterm.console.screens import main
from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import views
from supportterm.protocol.drafts import DraftOf, Place
from supportterm.protocol.frames import Because, Err, Marks, ReportOf, TypingOf
from supportterm.protocol.views import Queue

from . import calling, team
from .conftest import Desk, LateLink, build, from_the_list
from .promising import shop as tell_of_shop
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say

A, B, C = "chatAAAAAAAAAAAAAAAAAA", "chatBBBBBBBBBBBBBBBBBB", "chatCCCCCCCCCCCCCCCCCC"


@pytest.fixture
def shop(server: HandServer) -> HandServer:
    """A morning's work: one chat in its middle, one that begins, one that is over."""
    server.add(
        A,
        *beginning(A, NOON - 26 * 60 * MINUTE),
        say(A, 4, NOON - 26 * 60 * MINUTE, CUSTOMER, "Hoi, is de groene jas er nog in maat M?", pub=3),
        say(A, 5, NOON - 25 * 60 * MINUTE, SANNE, "Ja! Morgen heb ik er weer drie.", pub=4),
        say(
            A, 6, NOON - 21 * MINUTE, CUSTOMER, "Gelukt, besteld. Maar nu staat er twee keer betaald?", pub=5
        ),
        say(A, 7, NOON - 20 * MINUTE, SANNE, "Dubbele betaling; boekhouding gebeld (Bo).", kind="note"),
        say(A, 8, NOON - 19 * MINUTE, SANNE, "Dat zoek ik meteen uit, een ogenblik.", pub=6),
        say(
            A,
            9,
            NOON - 18 * MINUTE,
            SANNE,
            "Het is één betaling en één reservering; die vervalt vanzelf.",
            pub=7,
        ),
        say(A, 10, NOON - 4 * MINUTE, CUSTOMER, "O fijn. Wanneer? 🧾", pub=8),
        customer_marks=Marks(got=7, seen=6),
        agent_marks=Marks(got=8, seen=8),
    )
    server.add(
        B,
        *beginning(B, NOON - 9 * MINUTE),
        say(B, 4, NOON - 9 * MINUTE, CUSTOMER, "Hello, where is my order?", pub=3),
        say(B, 5, NOON - 8 * MINUTE, CUSTOMER, "It should have been here on Tuesday.", pub=4),
        lang="en",
        shop="Fjord & Fell",
    )
    server.add(C, *beginning(C, NOON - 90 * MINUTE), state="closed", lang="da", agent_marks=Marks(2, 2))
    server.queue = Queue(size=2, oldest_at=NOON - 3 * MINUTE)
    return server


Shot = Callable[..., Any]


def at_noon(app: Console) -> Console:
    """Its clock stands: pictures are taken whenever the machine comes to it."""
    link = app.session.link
    assert isinstance(link, LateLink)
    link.stands_at = MINUTE  # any moment will do: by the server's clock it is noon
    return app


async def on_first(desk: Desk) -> None:
    await desk.press("f4")


async def writing_a_note(desk: Desk) -> None:
    await desk.press("f4", "ctrl+o")
    await desk.type("belt om 3 uur")


async def closing(desk: Desk) -> None:
    await desk.press("f8")


async def refused_and_typing(desk: Desk) -> None:
    await desk.press("f4")
    await desk.type("Morgen")
    await desk.press("enter")
    desk.server.give(Err("not_allowed", id=desk.server.heard[-1].id))  # type: ignore[union-attr]
    desk.server.give(TypingOf(A, "customer"))
    await desk.until(lambda: "is typing" in desk.bar("line"))


async def help_page(desk: Desk) -> None:
    await desk.press("f1")


async def drafted_by_model(desk: Desk) -> None:
    server = desk.server
    server.view("shops", views.Shops([views.ShopFacts("Fjord & Fell", "Fjord & Fell", "UTC", drafts=True)]))
    desk.main.go(B, write=True)
    await desk.press("ctrl+k")
    await desk.until(lambda: "the model is asked" in desk.screen_text)
    server.give(DraftOf(B, 5, happened=(Place(5, 0, 35),), wants=(Place(4, 7, 24),)))
    await desk.until(lambda: "Draft by the model" in desk.screen_text)


async def palette(desk: Desk) -> None:
    await desk.press("ctrl+p")
    await desk.until(lambda: "chat: Close" in desk.screen_text)


@pytest.mark.parametrize(
    ("size", "look", "steps"),
    [
        ((80, 24), "dusk", on_first),
        ((80, 24), "dusk", writing_a_note),
        ((80, 24), "dusk", closing),
        ((80, 24), "dusk", refused_and_typing),
        ((160, 45), "dusk", on_first),
        ((160, 45), "dawn", writing_a_note),
        ((100, 30), "clear", on_first),
        ((80, 36), "dusk", help_page),
        ((80, 30), "dawn", palette),
        ((40, 12), "dusk", on_first),
        ((80, 24), "dusk", drafted_by_model),
        ((160, 45), "dawn", drafted_by_model),
    ],
    ids=lambda value: getattr(
        value, "__name__", "x".join(map(str, value)) if isinstance(value, tuple) else value
    ),
)
def test_look(
    snap_compare: Shot,
    shop: HandServer,
    settings: ConsoleSettings,
    size: tuple[int, int],
    look: str,
    steps: Callable[[Desk], Any],
) -> None:
    app = at_noon(build(shop, msgspec.structs.replace(settings, theme=look), banner=""))

    async def before(pilot: Pilot[int]) -> None:
        desk = Desk(app, pilot, shop)
        await desk.until(lambda: app.session.journal.online and app.session.log is not None)
        await desk.settle()
        await steps(desk)

    assert snap_compare(app, terminal_size=size, run_before=before)


async def offered(desk: Desk) -> None:
    await desk.press("f3", "f3", "f3")


async def board(desk: Desk) -> None:
    await desk.press("f12")


async def acting_on_an_alert(desk: Desk) -> None:
    await desk.press("f12", "enter")


async def choosing_a_status(desk: Desk) -> None:
    await desk.press("f9")


async def before_going(desk: Desk) -> None:
    await desk.press("f9")
    await desk.type("offline")
    await desk.press("enter")


async def over_the_ceiling(desk: Desk) -> None:
    await desk.press("ctrl+l", "enter")


async def handing_on(desk: Desk) -> None:
    await desk.press("f10")


async def writing_a_summary(desk: Desk) -> None:
    await desk.press("f10")
    await desk.type("bo")
    await desk.press("enter")
    await desk.type("second level")
    await desk.press("enter")
    await desk.type("Charged twice")


async def desks_list(desk: Desk) -> None:
    await desk.press("ctrl+f")


async def left(desk: Desk) -> None:
    await from_the_list(desk, "left")


async def today(desk: Desk) -> None:
    await from_the_list(desk, "today")


async def controls(desk: Desk) -> None:
    await from_the_list(desk, "limits")


async def report(desk: Desk) -> None:
    await from_the_list(desk, "report")
    rest = [n * 3.5 for n in range(len(COLUMNS) - 2)]
    table = {
        "columns": [{"id": c.id, "name": c.name, "unit": c.unit} for c in columns("day")],
        "rows": [[f"2026-11-{day}", 40 + day, *rest, None] for day in range(16, 23)],
        "definitions": definitions("day", 60),
    }
    value = msgspec.Raw(msgspec.json.encode(table))
    desk.server.give(ReportOf("service", NOON - 7 * 24 * 60 * MINUTE, NOON, "day", value))
    await desk.settle()


async def why(desk: Desk) -> None:
    await from_the_list(desk, "why")
    verdicts = [
        views.Verdict("a1", "Sanne", team.BUSY, "owner"),
        views.Verdict("a3", "Iben", team.FULL, "full"),
        views.Verdict("a2", "Bo", team.LIGHT),
    ]
    desk.server.give(Because(team.B, verdicts))
    await desk.settle()


def far_away(server: HandServer) -> HandServer:
    """A supervisor's desk on which everything happens; its seconds are too many to be counted down."""
    until = NOON + 10 * MINUTE
    wrap = views.WrapUp(team.L1, until, extended=False, long=False)
    hand = msgspec.structs.replace(team.offer(), until=until)
    team.supervisor(server, offers=[hand], wrap_ups=[wrap])
    team.other(server)
    return server


async def promising_a_time(desk: Desk) -> None:
    await desk.type("Ik ben over 2 minuten terug")


async def promising_after_closing(desk: Desk) -> None:
    await desk.type("Ik kom er om 19:00 op terug")


async def promising_after_the_shift(desk: Desk) -> None:
    await desk.type("Ik kom er om 17:00 op terug")


async def choosing_a_time(desk: Desk) -> None:
    await desk.press("ctrl+y")


async def all_promises(desk: Desk) -> None:
    await from_the_list(desk, "by deadline")


def with_a_shift(server: HandServer) -> HandServer:
    """Until four o'clock, and from nine to five on the next day."""
    server.mine["shift"] = Hours("UTC", week_of({"sun": "9:00-16:00", "mon": "9:00-17:00"}))
    return server


def with_promises(server: HandServer) -> HandServer:
    """Far from their last minute, so that no second is counted."""
    tell_of_shop(server)
    server.heads[team.A] = msgspec.structs.replace(
        server.heads[team.A], promise_due=NOON + 14 * MINUTE, promise_at=NOON - 30 * MINUTE
    )
    server.heads[team.B] = msgspec.structs.replace(
        server.heads[team.B], overdue_at=NOON - 3 * MINUTE - 20_000
    )
    server.views["promises"] = views.Promises(
        [
            views.PromiseRow(team.A, "hof", NOON + 14 * MINUTE, "a1", "Sanne"),
            views.PromiseRow(team.B, "hof", NOON - 3 * MINUTE, "a1", "Sanne", overdue=True),
            views.PromiseRow(team.C, "hof", NOON + 20 * 60 * MINUTE, "a2", "Bo", extended=True),
        ]
    )
    return server


async def finding_a_reply(desk: Desk) -> None:
    await desk.type("/ret")


async def choosing_a_reply(desk: Desk) -> None:
    await desk.press("ctrl+x", "down", "down")


async def filling_a_gap(desk: Desk) -> None:
    await desk.type("/where")
    await desk.press("enter")


def with_replies(server: HandServer) -> HandServer:
    """The demo's own, at the chat's shop."""
    tell_of_shop(server)
    head = server.heads[team.A]
    text = resources.files("supportterm.practice").joinpath("canned.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["shop"]["demo"]["reply"]
    replies = [views.Reply(one["id"], one.get("kind", "other"), one["label"], one["text"]) for one in found]
    server.views["replies"] = views.Replies([views.ShopReplies(head.shop, replies)])
    return server


async def callback_when(desk: Desk) -> None:
    await desk.press("ctrl+y")
    await desk.type("phone")
    await desk.press("enter")


async def callback_how(desk: Desk) -> None:
    await desk.type("/callback tomorrow 11:00")
    await desk.later(250)
    await desk.press("enter")


async def callback_crowded(desk: Desk) -> None:
    await desk.type("/callback tomorrow 10:00")
    await desk.later(250)
    await desk.press("enter")


async def callback_in_words(desk: Desk) -> None:
    await desk.type("Ik bel u morgen om tien uur")


async def callback_up(desk: Desk) -> None:
    calling.comes_up(desk.server, team.B, "phone", NOON + 50 * MINUTE)
    await desk.until(lambda: "☏" in desk.screen_text)


async def callback_open(desk: Desk) -> None:
    await callback_up(desk)
    await desk.press("ctrl+d")


async def callbacks_listed(desk: Desk) -> None:
    await from_the_list(desk, "left messages")


def with_callbacks(server: HandServer) -> HandServer:
    """Customers whose addresses and numbers are known, and a list with everything that can be on it."""
    calling.asks(server, team.A, calling.MAIL, calling.PHONE)
    calling.asks(server, team.B, "0031 20 765 4321", name="Bram de Wit")
    calling.listed(server)
    return server


CALLBACKS = [
    callback_when,
    callback_how,
    callback_crowded,
    callback_in_words,
    callback_up,
    callback_open,
    callbacks_listed,
]
PROMISES = [
    promising_a_time,
    promising_after_closing,
    promising_after_the_shift,
    choosing_a_time,
    all_promises,
]
PAGES = [board, acting_on_an_alert, choosing_a_status, before_going, over_the_ceiling, handing_on]
PAGES += [writing_a_summary, desks_list, left, today, controls, report, why, offered, *PROMISES]
REPLIES = [finding_a_reply, choosing_a_reply, filling_a_gap]
PAGES += REPLIES
PAGES += CALLBACKS


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("steps", PAGES, ids=lambda steps: steps.__name__)
def test_look_of_the_desk(
    snap_compare: Shot,
    server: HandServer,
    settings: ConsoleSettings,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    steps: Callable[[Desk], Any],
) -> None:
    # What is said for a moment is gone before the picture is taken, however long that takes.
    monkeypatch.setattr(main, "NOTICE_SECONDS", 0.01)
    shop = far_away(server) if steps is offered else team.supervisor(server)
    if steps in PROMISES:
        with_promises(shop)
    if steps is promising_after_the_shift:
        with_a_shift(shop)
    if steps in REPLIES:
        with_replies(shop)
    if steps in CALLBACKS:
        with_callbacks(shop)
    look = "dusk" if size[0] == 80 else "dawn"
    app = at_noon(build(shop, msgspec.structs.replace(settings, theme=look)))

    async def before(pilot: Pilot[int]) -> None:
        desk = Desk(app, pilot, shop)
        await desk.until(lambda: app.session.journal.online and app.session.log is not None)
        await desk.until(lambda: "▲" in desk.bar("status") and "Iben" not in desk.bar("status"))
        await steps(desk)
        await desk.settle()

    assert snap_compare(app, terminal_size=size, run_before=before)
