"""The line at the bottom keeps load and status; what was left stands below the list, while there is any."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from supportterm.console import post
from supportterm.console.screens.wording import Wording
from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES, Words
from supportterm.link.state import LinkState
from supportterm.protocol import views
from supportterm.protocol.codes import Close
from supportterm.text import trusted

from .calling import listed
from .conftest import Opened
from .server import MINUTE, NOON, HandServer
from .team import desk_of, supervisor
from .test_aids import desk

KEY = trusted("ctrl+f")
NOTHING = trusted("")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 160])
async def test_load_and_status_stay_whatever_else_there_is_to_say(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str, width: int
) -> None:
    supervisor(server)
    listed(server)
    server.practice = True
    server.queue = views.Queue(14, NOON - 83 * MINUTE)
    words = Words(language)
    load = words.say("load.of", points=words.points(220), ceiling=words.points(250))
    async with open_console((width, 24), settings=replace(settings, language=language)) as desk:
        # That there is an alert was said; now it is counted.
        desk.main.notice(NOTHING)
        await desk.settle()
        row = desk.rows()[-1]
        assert f"█████░ {load}" in row
        assert words.status("online", "") in row
        assert "▲" in row
        assert words.say("status.queue_short", n=14) in row
        # A mail that was refused is told by nothing else.
        assert words.say("left.n_refused", n=1) in row if width == 160 else "!✉ 1" in row
        assert (words.say("status.online") in row) == (width == 160)


async def test_the_least_important_goes_first_at_every_width(
    open_console: Opened, server: HandServer
) -> None:
    supervisor(server)
    listed(server)
    server.practice = True
    async with open_console() as desk:
        order = [
            "two waiting",
            "help",
            "you are",
            "connected",
            "mails",
            "alerts",
            "oldest",
            "PRACTICE",
            "queue",
        ]
        seen: list[str] = []
        for width in range(220, 29, -1):
            ends = desk.main.wording.status(NOTHING, width)
            assert "2.2 of 2.5" in ends.right
            assert "online" in ends.right
            assert cell_len(ends.left) + cell_len(ends.right) + 4 <= width
            line = f"{ends.left} {ends.right}"
            seen += [word for word in order if word not in line and word not in seen]
        assert seen == order


async def test_a_notice_is_read_whole(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        said = desk.main.wording.status
        assert "2.2 of 2.5" in said(trusted("x" * 40), 80).right
        for length in (60, 76, 90):
            ends = said(trusted("x" * length), 80)
            assert ends.left == "x" * length
            assert not ends.right or cell_len(ends.right) + length + 4 <= 80


# --- messages that were left ------------------------------------------------------------------------


def left(n: int, due: int, **more: object) -> views.LeftRow:
    return views.LeftRow(f"l{n}" * 11, "hof", NOON - 90 * MINUTE, due, "nl", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (50, 14)])
async def test_the_list_says_that_messages_wait_and_where(
    open_console: Opened, server: HandServer, size: tuple[int, int]
) -> None:
    desk_of(server)
    server.views["left"] = views.Left([])
    async with open_console(size) as desk:
        assert "✉" not in desk.screen_text
        height = desk.main.chats.size.height
        server.views["left"] = views.Left([left(1, NOON - MINUTE), left(2, NOON + 40 * MINUTE)])
        server.tell_views()
        await desk.until(lambda: "✉" in desk.screen_text)
        (row,) = (row for row in desk.rows() if "✉" in row)
        said = row.split("▕")[0].split()
        assert said == [*("✉ 2 !" if size[0] == 50 else "✉ 2 · 1 late").split(), *["ctrl+f"][: size[0] != 50]]
        assert desk.main.post_bar.has_class("-waiting")
        assert desk.main.chats.size.height == height - 1
        assert desk.main.transcript.size.height > 0
        server.views["left"] = views.Left([left(1, NOON - MINUTE, answered_at=NOON)])
        server.tell_views()
        await desk.until(lambda: "✉" not in desk.screen_text)
        assert desk.main.chats.size.height == height


def test_what_counts_as_waiting() -> None:
    mine = left(1, NOON)
    rows = [
        mine,
        left(2, NOON, owner="a2"),
        left(3, NOON, how="mail", owner="a1"),
        left(4, NOON, answered_at=NOON),
        left(5, NOON, mail="waiting"),
    ]
    refused = left(6, NOON, answered_at=NOON, mail="refused")
    assert post.waiting(views.Left([*rows, refused])) == [mine, refused]
    assert post.waiting(None) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_urgent_ones_are_said_as_long_as_there_is_room(language: str) -> None:
    words = Words(language)
    rows = [left(n, NOON + (n - 2) * 50 * MINUTE) for n in range(5)]
    late = words.say("post.late", n=2)
    for width in range(60, 2, -1):
        text, key, urgent = post.hint(words, rows, NOON, KEY, width)
        assert cell_len(text) + (cell_len(key) + 2 if key else 0) <= max(width, 5)
        assert urgent
        assert late in text or "!" in text
    # What stands beside the chats at 80 columns.
    assert post.hint(words, rows, NOON, KEY, 21)[:2] == (f"✉ 5 · {late}", KEY)
    text, key, urgent = post.hint(words, [left(1, NOON + 180 * MINUTE)], NOON, KEY, 27)
    assert (text, key, urgent) == ("✉ " + words.say("post.left", n=1), KEY, False)
    assert post.hint(words, [], NOON, KEY, 21) == (NOTHING, NOTHING, False)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (Close.BAD_TOKEN, "✕ Not signed in any more · run: supportterm login ws://127.0.0.1:8700"),
        (Close.SIGNED_OUT, "✕ Not signed in any more · run: supportterm login ws://127.0.0.1:8700"),
        (Close.VERSION, "✕ Update the client"),
    ],
)
def test_who_is_signed_out_reads_what_to_run_and_nothing_that_is_untrue(code: int, told: str) -> None:
    wire, session, _ = desk()
    wire.state = LinkState("stopped", "Update the client", code=code)
    wording = Wording(session)
    assert wording.status(NOTHING, 120)[:2] == (told, "")
    assert "by themselves" not in "".join(wording.empty())
    assert "by itself" not in "".join(wording.list_empty(30))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unsent", [0, 12])
async def test_a_lost_connection_comes_before_everything(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str, unsent: int
) -> None:
    supervisor(server)
    listed(server)
    server.practice = True
    say = Words(language).say
    async with open_console(settings=replace(settings, language=language)) as desk:
        server.reachable = False
        assert server.socket is not None
        server.socket.cut()
        await desk.until(lambda: desk.app.session.link.state.kind == "waiting")
        for _ in range(unsent):
            await desk.type("x")
            await desk.press("enter")
        desk.main.below.over()
        await desk.settle()
        row = desk.rows()[-1]
        lost = say("status.none")
        assert "…" not in row
        assert f"○ {lost} · {say('status.again_in', n=1)[:6]}" in row
        assert (say("status.unsent_kept", n=unsent) if unsent else say("status.kept")) in row
        for width in range(220, 29, -1):
            ends = desk.main.wording.status(NOTHING, width)
            assert ends.left.startswith(f"○ {lost}")
            assert cell_len(ends.left) + cell_len(ends.right) + (4 if ends.right else 3) <= max(width, 44)
        # A notice is read whole, and does not hide it.
        for length in (20, 50, 75, 90):
            left, right = desk.main.wording.status(trusted("x" * length), 80)[:2]
            told = f"○ {lost} · " if length < 60 else "○ "
            assert left == told + "x" * length
            assert not right or cell_len(left) + cell_len(right) + 4 <= 80


def test_who_is_signed_out_reads_it_before_a_notice() -> None:
    wire, session, _ = desk()
    wire.state = LinkState("stopped", code=Close.SIGNED_OUT)
    ends = Wording(session).status(trusted("Kept"), 80)
    assert ends.left == "✕ no connection · Kept"
    assert ends.left_wins
