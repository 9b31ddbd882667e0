"""Why a ceiling is lower than the team's, wherever a load is explained: in one clause, and without blame."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportterm.console.load import explained, pace
from supportterm.console.words import Words
from supportterm.protocol import views
from supportterm.protocol.frames import Because

from .conftest import Opened, from_the_list
from .server import HandServer, load
from .team import BUSY, LIGHT, B, colleagues, desk_of, supervisor
from .test_supervisor import to

SLOWER = replace(BUSY, ceiling=220, slower=13)
CLAUSE = "ceiling 2.2: replies take 1.3 × the team's (last 5 days)"


@pytest.mark.parametrize(
    ("language", "clause"),
    [
        ("en", CLAUSE),
        ("nl", "plafond 2,2: antwoorden duren 1,3 × die van het team (5 dagen)"),
        ("da", "loft 2,2: svar tager 1,3 × holdets tid (sidste 5 dage)"),
    ],
)
def test_the_clause(language: str, clause: str) -> None:
    words = Words(language)
    assert pace(words, SLOWER) == clause
    assert pace(words, BUSY) is None
    assert explained(words, SLOWER).endswith(f" · {clause}")
    assert "×" not in explained(words, BUSY)


@pytest.mark.parametrize(("slower", "times"), [(11, "1.1"), (20, "2.0"), (104, "10.4")])
def test_times_have_a_decimal(slower: int, times: str) -> None:
    assert f"take {times} × the" in str(pace(Words("en"), replace(load(50, ceiling=180), slower=slower)))


async def test_the_board_says_it_of_everybody(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    mia = views.Colleague("a9", "Mia", "agent", "online", True, SLOWER)
    server.views["team"] = views.Team([*colleagues(), mia], [])
    async with open_console((80, 40)) as desk:
        await desk.press("f12")
        lines = desk.screen_text.splitlines()
        (said,) = [n for n, line in enumerate(lines) if CLAUSE in line]
        assert "2.2 of 2.2: two waiting 2.0" in lines[said - 1]
        # Where they are shown is where a supervisor can set it otherwise.
        await to(desk, "agent a9")
        await desk.press("enter")
        assert "Set their ceiling for today" in desk.screen_text
        assert "1.3 × the team's" in desk.screen_text


async def test_the_agent_reads_it_beside_their_load(open_console: Opened, server: HandServer) -> None:
    desk_of(server, load=SLOWER)
    async with open_console((160, 40)) as desk:
        beside = " ".join(desk.screen_text.split())
        assert "replies take 1.3 ×" in beside
    async with open_console((80, 24)) as desk:
        assert "1.3 ×" not in desk.screen_text
        await desk.press("f9")
        assert "replies take 1.3 × the team's (last 5 days)" in desk.screen_text


async def test_why_not_me_says_it(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((80, 30)) as desk:
        await from_the_list(desk, "why")
        server.give(
            Because(B, [views.Verdict("a2", "Bo", LIGHT), views.Verdict("a1", "Sanne", SLOWER, "full")])
        )
        await desk.until(lambda: CLAUSE in desk.screen_text)
        assert desk.screen_text.count("× the team's") == 1
