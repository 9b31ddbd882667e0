"""A promise on the rows, in the head, on its page; reminders, the bell, and what happens when it is over."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import msgspec
import pytest

from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES, Words
from supportterm.protocol import kinds, views
from supportterm.protocol.contact import Known
from supportterm.protocol.frames import Say, Watch

from .conftest import A, B, Desk, Opened, selected
from .promising import HOUR, SECOND, aid, chip, promised, shop
from .server import BO, CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, beginning, event, say, sent
from .team import C


def give(server: HandServer, chat: str, due: int, *, given: int = NOON, by: str = "Eva") -> None:
    """A chat in which its agent promised to be back."""
    server.add(
        chat,
        *beginning(chat, NOON - 9 * MINUTE),
        say(chat, 4, NOON - 8 * MINUTE, CUSTOMER, "Waar is het?", pub=3),
        promised(chat, 5, given, due, pub=4),
        promise_due=due,
        promise_at=given,
        known=Known(by),
    )


def list_rows(desk: Desk) -> list[str]:
    return [row[:24].rstrip(" ▕") for row in desk.rows()]


async def test_a_row_counts_minutes_and_the_last_one_in_seconds(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 4 * MINUTE)
    async with open_console() as desk:
        await desk.until(lambda: any("◈ Eva" in row and row.endswith("4m") for row in list_rows(desk)))
        assert "promised in 4m" in desk.bar("head")
        await desk.later(3 * MINUTE + 5 * SECOND)
        await desk.until(lambda: any("◆ Eva" in row and row.endswith("s") for row in list_rows(desk)))


async def test_half_of_a_long_promise_shows_on_its_row_only(
    open_console: Opened, server: HandServer, bells: list[int]
) -> None:
    give(server, A, NOON + 20 * MINUTE)
    give(server, B, 0)
    async with open_console() as desk:
        desk.main.go(B)
        await desk.later(MINUTE)
        assert not any("½" in row for row in list_rows(desk))
        for _ in range(11):
            # Less at a time than a link waits for a server that says nothing.
            await desk.later(50 * SECOND)
        assert any("½ 10m" in row for row in list_rows(desk))
        assert bells == []
        assert "Promise to" not in desk.screen_text


async def test_a_reminder_rings_if_another_chat_is_open_and_never_twice(
    open_console: Opened, server: HandServer, bells: list[int]
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    give(server, B, 0)
    async with open_console() as desk:
        desk.main.go(B)
        await desk.later(50 * SECOND)
        assert bells == []
        await desk.later(45 * SECOND)
        assert "Promise to Eva: " in desk.bar("status")
        assert "ctrl+d goes there" in desk.bar("status")
        assert bells == [1]
        await desk.later(SECOND)
        assert bells == [1]
        await desk.press("ctrl+d")
        assert selected(desk) == A
    # Another visit, at the same moment.
    server.heads[A] = msgspec.structs.replace(server.heads[A], promise_due=NOON + 20 * SECOND)
    async with open_console() as desk:
        desk.main.go(B)
        await desk.later(SECOND)
        assert bells == [1]


async def test_no_bell_where_the_promise_is_before_ones_eyes_or_by_a_setting(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, bells: list[int]
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    async with open_console() as desk:
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        assert "Promise to Eva: " in desk.bar("status")
        assert bells == []
        assert "Your promise: " in aid(desk)
        assert "ctrl+y gives more time" in aid(desk)
    give(server, B, 0)
    quiet = msgspec.structs.replace(settings, bell_promises=False, state_dir=settings.state_dir / "b")
    async with open_console(settings=quiet) as desk:
        desk.main.go(B)
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        assert "Promise to Eva: " in desk.bar("status")
        assert bells == []


async def test_a_broken_promise_marks_its_row_with_a_word(open_console: Opened, server: HandServer) -> None:
    give(server, A, NOON + MINUTE)
    give(server, B, 0)
    async with open_console() as desk:
        desk.main.go(B)
        due = kinds.PromiseEnded("broken")
        server.give(
            event(A, 6, NOON + MINUTE, msgspec.structs.replace(SANNE), "promise_ended", pub=5, data=due)
        )
        await desk.until(lambda: any("◆ Eva" in row and row.endswith("late") for row in list_rows(desk)))
        await desk.press("ctrl+d")
        assert selected(desk) == A
        assert "You promised 14:01" in aid(desk)
        await desk.type("Momentje")
        assert chip(desk).startswith("Late, and this answers nothing yet | alt+↑")
        await desk.press("home", "shift+end", "delete")
        await desk.type("Uw pakket ligt klaar")
        assert chip(desk) == "You promised 14:01: it is over | enter answers"
        await desk.press("escape")
        assert chip(desk) == "", "put away until another promise is broken"
        await desk.press("home", "shift+end", "delete")
        assert desk.main.composer.text == ""
        await desk.press("escape")
        assert "You promised" not in aid(desk)
        await desk.type("Uw pakket")
        assert "You promised" not in aid(desk), "what was put away stays away while one types"


async def test_the_last_call_comes_over_a_text_without_a_time_too(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    async with open_console() as desk:
        await desk.type("Uw pakket ligt")
        assert "Your promise: " not in aid(desk), "there is time"
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        assert "Your promise: " in aid(desk)
        assert "enter answers" in aid(desk)
        await desk.type(" klaar")
        assert desk.main.composer.text == "Uw pakket ligt klaar"
        await desk.type(". Ik ben over 5 minuten terug")
        assert "5 min" in aid(desk), "a time that is written is what enter promises"
        assert "Your promise: " not in aid(desk)


async def test_the_last_call_comes_before_words_that_name_no_time(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    async with open_console((80, 24)) as desk:
        desk.stop_the_clock()
        await desk.type("Ik kijk er zo naar")
        assert chip(desk).startswith("This does not keep your promise | alt+↑")
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        left, owed = chip(desk).split(" | ")
        assert left.startswith("Your promise: ")
        assert owed == "answers nothing yet"
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik kijk er zo naar", "what the line does not offer means nothing"
        await desk.later(5 * SECOND)
        assert chip(desk).split(" | ")[0] not in ("", left), "the seconds count on"
        await desk.press("enter")
        assert [one.promise for one in sent(server.heard, Say)] == [0]


async def test_words_that_were_put_away_hide_no_last_call(open_console: Opened, server: HandServer) -> None:
    give(server, A, NOON + 2 * MINUTE)
    async with open_console((160, 45)) as desk:
        desk.stop_the_clock()
        await desk.type("Ik kijk er zo naar")
        await desk.press("escape")
        assert "keep your promise" not in aid(desk)
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        assert chip(desk).startswith("Your promise: ")
        assert chip(desk).endswith(" left | this answers nothing yet · ctrl+y new time")


async def test_a_late_promise_comes_before_words_that_name_no_time(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, 0)
    server.heads[A] = msgspec.structs.replace(server.heads[A], overdue_at=NOON - 3 * MINUTE)
    async with open_console((160, 45)) as desk:
        await desk.type("Uw pakket ligt klaar. Ik meld me zo")
        assert chip(desk) == "You promised 13:57: 3m late | enter answers · ctrl+y new time"
        await desk.press("escape")
        assert chip(desk).startswith("No time promised | alt+↑")
        await desk.press("escape")
        assert chip(desk) == "", "both are put away"
        await desk.type("!")
        assert chip(desk) == ""


async def test_the_owner_is_warned_before_a_colleague_is_asked(
    open_console: Opened, server: HandServer, bells: list[int]
) -> None:
    give(server, A, 0)
    give(server, B, 0)
    server.heads[A] = msgspec.structs.replace(server.heads[A], overdue_at=NOON - 2 * MINUTE)
    server.mine["rescues"] = [views.Rescue(A, NOON + 30 * SECOND)]
    async with open_console() as desk:
        desk.stop_the_clock()
        server.mine["rescues"] = [views.Rescue(A, desk.app.session.now_ms() + 30 * SECOND)]
        server.tell_views()
        desk.main.go(B)
        await desk.settle()
        await desk.later(19 * SECOND)
        assert "colleague" not in desk.screen_text, "eleven seconds before"
        await desk.later(2 * SECOND)
        assert "Eva: offered to a colleague in " in desk.screen_text
        assert "ctrl+d, then type to keep it" in desk.screen_text
        assert bells == [1]
        desk.main.go(A)
        await desk.settle()
        assert "this chat is offered to a colleague" in desk.screen_text
        assert "then type" not in desk.screen_text
        server.mine["rescues"] = []
        server.tell_views()
        await desk.until(lambda: "colleague" not in desk.screen_text)
        assert bells == [1]


async def test_the_page_lists_all_by_deadline(open_console: Opened, server: HandServer) -> None:
    shop(server)
    give(server, A, NOON + 4 * MINUTE)
    server.views["promises"] = views.Promises(
        [
            views.PromiseRow(B, "hof", NOON - 3 * MINUTE, "a2", "Bo", overdue=True),
            views.PromiseRow(A, "hof", NOON + 4 * MINUTE, "a1", "Sanne"),
            views.PromiseRow(C, "hof", NOON + 20 * HOUR, "", "", extended=True),
        ]
    )
    async with open_console((120, 24)) as desk:
        await desk.press("ctrl+f")
        await desk.type("by deadline")
        await desk.press("enter")
        await desk.until(lambda: "2 running · 1 overdue" in desk.screen_text)
        rows = [row for row in desk.rows() if "Hof & Linde" in row]
        assert [word in row for word, row in zip(("late 3m", "4m", "20h"), rows, strict=True)] == [True] * 3
        assert [name in row for name, row in zip(("Bo", "You", "nobody"), rows, strict=True)] == [True] * 3
        assert "tomorrow 10:00" in rows[2]
        assert "extended" in rows[2]
        await desk.press("down", "enter")
        assert selected(desk) == A
        assert "2 running" not in desk.screen_text


@pytest.mark.parametrize("width", [80, 100, 110, 160])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_says_what_its_columns_are_and_cuts_no_owner(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str, width: int
) -> None:
    shop(server)
    server.views["promises"] = views.Promises(
        [
            views.PromiseRow(A, "hof", NOON + 4 * MINUTE, "a1", "Sanne"),
            views.PromiseRow(C, "hof", NOON + HOUR + 42 * MINUTE, "", "", extended=True),
        ]
    )
    mine = msgspec.structs.replace(settings, language=language)
    async with open_console((width, 24), settings=mine) as desk:
        say = desk.app.session.words.say
        desk.app.action_page("promises")
        await desk.until(lambda: say("promises.head_by") in desk.screen_text)
        heads, near, far = (
            next(row for row in desk.rows() if text in row)
            for text in (say("promises.head_by"), " 4m ", "42 min")
        )
        for name in ("left", "by", "customer", "shop", "agent"):
            assert say(f"promises.head_{name}") in heads
        assert near.index("4m") == heads.index(say("promises.head_left"))
        assert "1 h 42 min" in far or "1 u 42 min" in far or "1 t 42 min" in far, far
        assert far.index("15:42") == heads.index(say("promises.head_by"))
        assert say("left.nobody") in far
        assert say("promises.extended") in far or width < 100


async def test_a_supervisor_reads_along_from_the_page(open_console: Opened, server: HandServer) -> None:
    server.title = "supervisor"
    give(server, A, 0)
    server.views["promises"] = views.Promises(
        [views.PromiseRow(C, "hof", NOON - MINUTE, "a2", "Bo", overdue=True)]
    )
    async with open_console() as desk:
        desk.app.action_page("promises")
        await desk.until(lambda: "1 overdue" in desk.screen_text)
        await desk.press("enter")
        assert [one.chat for one in sent(server.heard, Watch)] == [C]


async def test_the_next_key_goes_round_promises_by_deadline(open_console: Opened, server: HandServer) -> None:
    give(server, A, NOON + 9 * MINUTE)
    give(server, B, NOON + 5 * MINUTE)
    give(server, C, 0)
    async with open_console() as desk:
        desk.main.go(C)
        went: list[Any] = []
        for _ in range(3):
            await desk.press("ctrl+d")
            went.append(selected(desk))
        assert went == [B, A, B]


async def test_without_a_promise_the_next_key_says_so(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.press("ctrl+d")
        assert "You have no running promise" in desk.screen_text


async def test_the_conversation_says_what_became_of_it(open_console: Opened, server: HandServer) -> None:
    give(server, A, NOON + 20 * HOUR)
    async with open_console((120, 30)) as desk:
        assert "Promised: back by tomorrow 10:00" in desk.screen_text
        assert "promised by tomorrow 10:00" in desk.bar("head")
        kept = kinds.PromiseEnded("kept")
        server.give(
            say(A, 6, NOON + MINUTE, SANNE, "Het is er.", pub=5),
            event(A, 7, NOON + MINUTE, SANNE, "promise_ended", pub=6, data=kept),
        )
        await desk.until(lambda: "The promise was kept" in desk.screen_text)
        assert "promised" not in desk.bar("head")


async def test_a_promise_that_somebody_else_gave_is_told_with_their_name(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    theirs = [
        msgspec.structs.replace(one, by=BO) if one.kind == "promised" else one for one in server.chats[A]
    ]
    server.chats[A] = theirs
    async with open_console() as desk:
        await desk.later(50 * SECOND)
        await desk.later(50 * SECOND)
        assert "Promise of Bo: " in aid(desk)
        ended = kinds.PromiseEnded("broken")
        server.give(event(A, 6, NOON + 2 * MINUTE, DESK, "promise_ended", pub=5, data=ended))
        await desk.until(lambda: "Bo promised 14:02" in aid(desk))


async def test_the_conversation_names_who_kept_what_somebody_else_promised(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 2 * MINUTE)
    async with open_console((120, 30)) as desk:
        kept = kinds.PromiseEnded("kept")
        server.give(
            say(A, 6, NOON + MINUTE, BO, "Het is er.", pub=5),
            event(A, 7, NOON + MINUTE, BO, "promise_ended", pub=6, data=kept),
        )
        await desk.until(lambda: "The promise was kept by Bo" in desk.screen_text)


async def test_who_leaves_with_a_promise_running_is_told_once(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, NOON + 4 * MINUTE)
    async with open_console((120, 24)) as desk:
        await desk.press("ctrl+q")
        assert "Promises that still run: 1 · F9 hands them over" in desk.bar("status")
        assert desk.app.is_running
        await desk.press("ctrl+q")
        assert desk.app.return_code == 0


async def test_who_leaves_with_a_promise_that_is_over_is_not_held(
    open_console: Opened, server: HandServer
) -> None:
    give(server, A, 0)
    async with open_console((120, 24)) as desk:
        await desk.press("ctrl+q")
        assert desk.app.return_code == 0


async def test_who_closes_over_a_promise_is_told(open_console: Opened, server: HandServer) -> None:
    give(server, A, NOON + 4 * MINUTE)
    async with open_console() as desk:
        await desk.press("f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert "ctrl+z undoes it · a promise runs" in desk.bar("line")
        await desk.press("ctrl+z")
        assert "a promise runs" not in desk.bar("line")


async def test_a_late_answer_says_which_promise_it_was_late_for(
    open_console: Opened, server: HandServer
) -> None:
    at = NOON - 3 * MINUTE
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        event(A, 4, at - MINUTE, BO, "promised", pub=3, data=kinds.Promised(at)),
        event(A, 5, at, DESK, "promise_ended", pub=4, data=kinds.PromiseEnded("broken")),
        event(A, 6, at + MINUTE, SANNE, "promised", pub=5, data=kinds.Promised(NOON)),
        say(A, 7, NOON - MINUTE, SANNE, "Het ligt klaar.", pub=6),
        event(A, 8, NOON - MINUTE, SANNE, "promise_ended", pub=7, data=kinds.PromiseEnded("kept")),
        event(A, 9, NOON - MINUTE, SANNE, "made_good", pub=8, data=kinds.MadeGood(118_000)),
    )
    async with open_console() as desk:
        await desk.until(lambda: "The promise till 13:57 was answered 2m late" in desk.screen_text)


def test_lateness_is_told_in_one_way() -> None:
    words = Words("en", UTC)
    assert [str(words.late(ms)) for ms in (34_000, 95_000, 99_000, 118_000)] == ["34s", "2m", "2m", "2m"]
