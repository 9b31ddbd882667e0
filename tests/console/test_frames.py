"""Every dialog has the same frame: a title in its upper edge, its keys in the lower one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
import pytest

from supportterm.console.screens.dialog import Line
from supportterm.console.screens.framed import Framed
from supportterm.console.screens.palette import Palette
from supportterm.console.settings import ConsoleSettings
from supportterm.console.widgets.bar import Bar
from supportterm.console.widgets.composer import Composer
from supportterm.console.widgets.edge import Edge
from supportterm.console.widgets.field import Field
from supportterm.console.words import LANGUAGES
from supportterm.text import trusted

from . import team
from .conftest import A, Desk, Opened
from .server import CUSTOMER, NOON, HandServer, beginning, say
from .test_snapshots import with_replies

Steps = Callable[[Desk], Awaitable[None]]


def keys(*pressed: str) -> Steps:
    async def steps(desk: Desk) -> None:
        await desk.press(*pressed)

    return steps


def flow(name: str, *pressed: str) -> Steps:
    async def steps(desk: Desk) -> None:
        desk.app.action_flow(name)
        await desk.settle()
        await desk.press(*pressed)

    return steps


async def leaving(desk: Desk) -> None:
    """Who is told of open chats before they go."""
    await desk.press("f9")
    await desk.type("offline")
    await desk.press("enter")


async def over_a_page(desk: Desk) -> None:
    desk.app.action_page("board")
    await desk.settle()
    await desk.press("enter")


#: One of each kind, and every row of keys there is.
DIALOGS: Final[dict[str, Steps]] = {
    "list": keys("ctrl+f"),
    "found nothing": keys("ctrl+f", *"qqq"),
    "status": keys("f9"),
    "leaving": leaving,
    "hand on": flow("hand_off", "down", "enter"),
    "hand on: summary": flow("hand_off", "down", "enter", "x", "enter"),
    "summary": keys("ctrl+k"),
    "summary: empty slot": keys("ctrl+k", "tab"),
    "summary: full slot": keys("ctrl+k", "tab", "down", "down"),
    "summary: left out": keys("ctrl+k", "tab", "down", "down", "enter"),
    "solutions": flow("options"),
    "canned": keys("ctrl+x"),
    "time": keys("ctrl+y"),
    "abuse": flow("abuse"),
    "abuse: block": flow("abuse", "down", "down", "enter"),
    "reach": flow("reach"),
    "where": flow("where"),
    "controls": flow("controls"),
    "page": over_a_page,
    "help": keys("f1"),
    "palette": keys("ctrl+p"),
}


def desk_of(server: HandServer) -> HandServer:
    return with_replies(team.supervisor(server))


async def opens(desk: Desk, steps: Steps) -> tuple[list[str], Edge, Edge]:
    """The rows of the screen, and both edges of what lies on top."""
    await desk.until(lambda: desk.app.session.journal.online and desk.app.session.log is not None)
    await steps(desk)
    await desk.until(lambda: isinstance(desk.app.screen, Framed | Palette))
    await desk.settle()
    screen = desk.app.screen
    return desk.rows(), screen.query_one("#box-title", Edge), screen.query_one("#box-hint", Edge)


@pytest.mark.parametrize("size", [(90, 24), (100, 30), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", DIALOGS)
async def test_a_line_runs_all_around(
    open_console: Opened, server: HandServer, name: str, size: tuple[int, int]
) -> None:
    desk_of(server)
    async with open_console(size) as desk:
        rows, above, below = await opens(desk, DIALOGS[name])
        left, right = above.region.x, above.region.right
        assert (right - left, left - 1 >= 0, right + 1 <= size[0]) == (88, True, True)
        assert (below.region.x, below.region.right) == (left, right)
        assert 0 <= above.region.y < below.region.y < size[1]
        assert rows[above.region.y][left:right].startswith(f"╭─ {above.left} ─")
        assert rows[above.region.y][left:right].endswith("─╮")
        assert rows[below.region.y][left:right].startswith(f"╰─ {below.left} ─")
        assert rows[below.region.y][left:right].endswith("─╯")
        inside = rows[above.region.y + 1 : below.region.y]
        assert inside[-1][left + 1 : right - 1].strip() or name == "help"
        for row in inside:
            assert row[left] == row[right - 1] == "│", row
        for row in rows[above.region.y : below.region.bottom]:
            # What lies below is cut a column before the line.
            assert row[left - 1] == row[right] == " ", row


class Remarking(Line):
    """A dialog that has something to say from the beginning."""

    def on_mount(self) -> None:
        self.remark(trusted("already known"))


async def test_a_dialogs_own_remark_stands_beside_its_title_from_the_beginning(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console() as desk:
        desk.app.push_screen(Remarking(desk.app.session, trusted("Asked"), trusted("hint")))
        await desk.until(lambda: isinstance(desk.app.screen, Remarking) and desk.app.screen.query(Field))
        await desk.settle()
        above = desk.app.screen.query_one("#box-title", Edge)
        assert (above.left, above.right) == ("Asked", "already known")
        assert desk.app.screen.focused is desk.app.screen.query_one(Field), "what it is made of is there, too"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DIALOGS)
async def test_at_80_columns_it_costs_none_and_tells_all_its_keys(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, name: str, language: str
) -> None:
    desk_of(server)
    mine = msgspec.structs.replace(settings, language=language)
    async with open_console((80, 24), settings=mine) as desk:
        rows, above, below = await opens(desk, DIALOGS[name])
        assert rows[above.region.y].startswith(f"─ {above.left} ─")
        assert rows[below.region.y].startswith(f"─ {below.left} ─")
        assert rows[below.region.y].endswith("─")
        # Neither the keys nor the title are cut.
        assert (above.fitted(), below.fitted()) == ((above.left, above.right), (below.left, below.right))
        box = desk.app.screen.query_one("#box-body")
        assert (box.content_size.width, box.content_region.y) == (80, above.region.y + 1)
        assert box.content_region.bottom == below.region.y


@pytest.mark.parametrize("size", [(40, 12), (80, 12), (100, 14)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_it_is_closed_below_however_little_room_there_is(
    open_console: Opened, server: HandServer, size: tuple[int, int]
) -> None:
    desk_of(server)
    async with open_console(size) as desk:
        for name in ("list", "summary", "solutions", "canned"):
            rows, _, below = await opens(desk, DIALOGS[name])
            assert "─ enter " in rows[below.region.y], name
            await desk.press("escape")


@pytest.mark.parametrize("theme", ["dusk", "dawn", "clear"])
async def test_it_is_drawn_in_every_theme_and_without_colours(
    open_console: Opened,
    server: HandServer,
    settings: ConsoleSettings,
    monkeypatch: pytest.MonkeyPatch,
    theme: str,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk_of(server)
    async with open_console((100, 30), settings=msgspec.structs.replace(settings, theme=theme)) as desk:
        rows, above, _ = await opens(desk, DIALOGS["list"])
        assert desk.app.no_color
        assert rows[above.region.y].count("╭") == rows[above.region.y].count("╮") == 1


async def test_a_terminal_that_changes_takes_the_sides_away_and_brings_them_back(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((100, 30)) as desk:
        _, above, _ = await opens(desk, DIALOGS["list"])
        for width, begins in ((89, "─ "), (80, "─ "), (90, "╭─ "), (120, "╭─ ")):
            await desk.pilot.resize_terminal(width, 30)
            await desk.settle()
            row = desk.rows()[above.region.y]
            assert row[above.region.x :].startswith(begins), width
            assert (above.region.width == width) is (begins == "─ ")


async def test_only_what_lies_on_top_tells_its_keys_and_has_a_cursor(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: desk.app.session.log is not None)
        composer = desk.main.query_one(Composer)
        plain = composer.rich_style
        await desk.press("f9")
        covered = composer.get_component_rich_style("text-area--cursor")
        assert covered.bgcolor == plain.bgcolor
        assert not covered.reverse
        await desk.press("escape")
        assert composer.get_component_rich_style("text-area--cursor").bgcolor != plain.bgcolor

        desk.app.action_page("board")
        await desk.settle()
        page = desk.app.screen
        hint = page.query_one("#page-hint", Bar)
        assert hint.left in desk.screen_text
        await desk.press("enter")
        assert hint.left not in desk.screen_text
        await desk.press("escape")
        assert desk.app.screen is page
        assert hint.left in desk.screen_text


async def test_the_focus_is_seen_without_colours_and_moves_no_text(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((80, 24)) as desk:
        await opens(desk, DIALOGS["summary"])
        before = desk.rows()
        await desk.press("tab")
        after = desk.rows()
        assert any(row.startswith("▹ ") for row in before)
        assert any("▌" in row for row in before)
        assert any(row.startswith("▸ ") for row in after)
        assert not any("▌" in row for row in after)
        marks = str.maketrans("▹▌▏", "▸  ")
        sentence = [row.translate(marks) for row in before if "▌" in row]
        assert sentence == [row.translate(marks) for row in after if " ▏" in row]


async def test_a_text_is_never_cut_by_the_frame(open_console: Opened, server: HandServer) -> None:
    told = "Ik heb vorige week een zwarte lamp besteld (48213) maar ik heb een witte gekregen."
    asked = "Ik wil graag de zwarte, voor vrijdag."
    server.add(
        A,
        *beginning(A, NOON),
        say(A, 4, NOON, CUSTOMER, told, pub=3),
        say(A, 5, NOON, CUSTOMER, asked, pub=4),
    )
    async with open_console((100, 30)) as desk:
        await opens(desk, DIALOGS["summary"])
        text = desk.app.screen.query_one("#sentence", Field).text
        assert len(text) > 90
        for width in (None, 90, 91, 100, 84, 80, 160):
            if width is not None:
                await desk.pilot.resize_terminal(width, 30)
                await desk.settle()
            written = [row.partition("▌")[2].partition("│")[0] for row in desk.rows() if "▌" in row]
            assert " ".join(written).split() == text.split(), width
