"""At 80 columns nothing is cut that says which key does what, in three languages."""

from __future__ import annotations

from typing import Final

import msgspec
import pytest

from supportterm.coach.hours import Hours
from supportterm.coach.tone import KINDS
from supportterm.console.aids.aid import Aid
from supportterm.console.aids.fitting import fitted
from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES, Words, sentences
from supportterm.text import safe_line, trusted

from .conftest import A, Desk, Opened
from .promising import shop
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say

#: Beside the list of chats at 80 columns.
WIDTH: Final = 54
#: Without a list: strips and the status.
SCREEN: Final = 80
#: The longest that is plausible, by place and language.
DATES: Final = {
    "en": "Wednesday 25 September 15:00 there",
    "nl": "donderdag 25 september 15:00 daar",
    "da": "torsdag 25. september 15:00 dér",
}
NAME: Final = "Anneke de Vries"
VALUES: Final[dict[str, object]] = {
    **{"n": 12, "all": 12, "name": NAME, "text": "x" * 20, "phrase": "x" * 12, "number": "+31 20 123 4567"},
    **{"key": "enter", "fill": "tab", "away": "esc", "dismiss": "esc", "send": "enter", "enter": "enter"},
    **{"back": "esc", "longer": "alt+↑", "shorter": "alt+↓", "plain": "alt+enter", "yes": "ctrl+a"},
    **{"no": "ctrl+t", "reached": "tab", "not_reached": "alt+↓", "where": "eva@example.org", "late": "23h"},
    **{"time": "1 h 30 min", "due": "16:30", "what": "order number"},
}
#: Where the key or the time is another than that.
OTHERWISE: Final[dict[tuple[str, ...], dict[str, object]]] = {
    ("chip.new_time_brief", "chip.more_time", "chip.answers_brief"): {"key": "ctrl+y"},
    ("callback.refused_act_brief",): {"key": "ctrl+y"},
    ("strip.go",): {"key": "ctrl+d"},
    ("summary.draft_brief",): {"key": "ctrl+k"},
    ("compose.left", "compose.callback", "strip.list"): {"key": "ctrl+f"},
    ("compose.closing", "compose.closing_mail", "compose.closing_promised"): {"key": "ctrl+z", "n": 6},
    ("compose.closed", "compose.watch"): {"key": "F8"},
    ("compose.elsewhere",): {"key": "ctrl+t"},
    ("compose.placeholder",): {"line": "ctrl+j"},
    ("strip.back",): {"key": "F9"},
    ("strip.keep_there",): {"key": "F3"},
    ("chip.vague_brief", "chip.left"): {"time": "10 min"},
    ("chip.refused_brief",): {"time": "1 h"},
    ("chip.overdue", "chip.overdue_now", "callback.trying_brief"): {"time": "13:57"},
}

#: What the line says where there is least room, and the keys beside it.
SHORTEST: Final = [
    ("guard.typing_brief", "guard.act_brief"),
    ("guard.new", "guard.act_brief"),
    ("greeting.what", "greeting.act_brief"),
    ("summary.said_enough", "summary.draft_brief"),
    ("summary.said_enough_again", "summary.draft_brief"),
    ("summary.before_close_again", "summary.draft_brief"),
    ("summary.before_solution_again", "summary.draft_brief"),
    ("summary.corrected", "summary.draft_brief"),
    ("summary.before_close", "summary.draft_brief"),
    ("summary.before_solution", "summary.draft_brief"),
    ("summary.required", "summary.draft_brief"),
    ("summary.read_yes", "summary.read_brief"),
    ("summary.read_no", "summary.read_brief"),
    ("summary.chose", "summary.chose_act"),
    ("chip.promise_brief", "gap.plain"),
    ("chip.promise_by_brief", ""),
    ("chip.extend_brief", "gap.plain"),
    ("chip.extend_by_brief", ""),
    ("chip.sooner_brief", ""),
    ("chip.vague", "chip.vague_brief"),
    ("chip.vague_running", "chip.vague_brief"),
    ("chip.vague_late", "chip.vague_brief"),
    ("chip.weekday_brief", "gap.plain"),
    ("chip.too_short_brief", "chip.refused_brief"),
    ("chip.too_long_brief", "chip.refused_brief"),
    ("chip.over_brief", "gap.plain"),
    ("chip.closed_brief", "chip.stay"),
    ("chip.off_brief", "chip.stay"),
    ("chip.unread_brief", ""),
    ("chip.back_help_brief", ""),
    ("chip.back_brief", ""),
    ("chip.back_least", ""),
    ("chip.overdue_now", "chip.new_time_brief"),
    ("chip.overdue_now", "chip.answers_brief"),
    ("chip.overdue", "chip.new_time_brief"),
    ("chip.overdue", "chip.holds_brief"),
    ("chip.left", "chip.more_time"),
    ("chip.left", "chip.answers_brief"),
    ("chip.left", "chip.holds_brief"),
    ("give.sooner_brief", ""),
    ("closing.asked_brief", ""),
    ("callback.command", ""),
    ("callback.command_at_least", ""),
    ("callback.unread_brief", ""),
    ("callback.phone", "callback.phoned_brief"),
    ("callback.trying_brief", ""),
    ("callback.refused", "callback.refused_act_brief"),
    ("callback.back", "callback.refused_act_brief"),
    ("callback.goes_out", ""),
    ("reach.unread_brief", ""),
    ("reach.help_brief", ""),
    ("reach.command_brief", ""),
    ("reply.not_found", "reply.as_it_is"),
    ("gap.what", "gap.act_brief"),
    ("gap.brief", "gap.anyway_brief"),
]
#: Beside words of the same table: the longest of them that may stand there.
LISTED: Final = [
    ("step.next", "missing", ("greeting", "question", "summary", "summary_again", "solution"), ""),
    ("step.next", "missing", ("next_issue", "next_step", "open_door"), ""),
    ("step.waits", "missing", ("answer", "confirmation", "choice"), ""),
    ("closing.missing_brief", "closing", ("next_issue", "next_step", "open_door"), "closing.add"),
    ("closing.missing", "closing", ("solution",), ""),
]
#: Where a date stands, and not a while.
DATED: Final = {"promise_by_brief", "extend_by_brief", "back_least", "command_at_least"}
#: By the agent's own clock.
OWN: Final = {"sooner_brief", "weekday_brief"}
#: What stands in the row above the composer.
COMPOSING: Final = [
    f"compose.{one}"
    for one in (
        *("note", "elsewhere", "closed", "has", "gone", "closing", "left", "guest", "watch", "back"),
        *("callback", "closing_mail", "closing_promised", "message_to", "placeholder", "placeholder_note"),
    )
]


def fill(language: str, key: str, **more: object) -> str:
    """A sentence with the longest plausible values."""
    values: dict[str, object] = dict(VALUES)
    for keys, other in OTHERWISE.items():
        if key in keys:
            values |= other
    values |= more
    if key.rpartition(".")[2] in DATED:
        values["time"] = DATES[language]
    if key.rpartition(".")[2] in OWN:
        values["due"] = DATES[language].rpartition(" ")[0]
        values["date"] = DATES[language].rpartition(" ")[0].rpartition(" ")[0]
    return sentences(language)[key].format(**values) if key else ""


def fits(what: str, act: str) -> None:
    """Both as they are: nothing cut, nothing left out."""
    aid = Aid(safe_line(what), safe_line(act))
    assert fitted(aid, WIDTH) == (aid.what, aid.act)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("what", "act"), SHORTEST)
def test_the_line_tells_its_keys(language: str, what: str, act: str) -> None:
    fits(fill(language, what), fill(language, act))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_tells_what_is_missing(language: str) -> None:
    for what, table, names, act in LISTED:
        for name in names:
            fits(fill(language, what, what=fill(language, f"{table}.{name}")), fill(language, act))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_tells_why_and_its_key(language: str) -> None:
    for kind in KINDS:
        fits(fill(language, f"tone_brief.{kind}"), fill(language, "hint.rewrite"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_row_above_the_composer_is_not_cut(language: str) -> None:
    cut = [said for key in COMPOSING if len(said := fill(language, key)) >= WIDTH]
    assert not cut


@pytest.mark.parametrize("language", LANGUAGES)
def test_strips_are_not_cut(language: str) -> None:
    for what, act in (
        ("strip.rescue_here", "strip.keep"),
        ("strip.rescue", "strip.keep_there"),
        ("strip.silent_for", "strip.back"),
        ("strip.callback_mail", "strip.go"),
        ("strip.callback_phone", "strip.go"),
        ("strip.callbacks", "strip.list"),
        ("strip.late", "strip.away"),
    ):
        said = fill(language, what, time="16:30"), fill(language, act)
        assert len(said[0]) + len(said[1]) + 4 <= SCREEN, said


def test_a_name_too_long_is_cut_before_the_key_is() -> None:
    words = Words("nl")
    what = words.say("chip.overdue_now_by", time=safe_line("13:57"), name=safe_line("n" * 60))
    act = words.say("chip.new_time_brief", key=safe_line("ctrl+y"))
    cut, keys = fitted(Aid(what, act), WIDTH)
    assert keys == act
    assert cut.endswith("n…")
    assert len(cut) + len(keys) + 3 == WIDTH


#: What an agent types: each is read by the line, and none may be cut.
TYPED: Final = [
    *("/back", "/back soonish", "/back 2m", "/back 90m", "/back 16:30", "/back 10s", "/back 900h"),
    *("/back tomorrow 10:00", "/back 3 august", "/back 28 november 10:00", "/back 19:00"),
    *("/callback", "/callback soonish", "/callback tomorrow 10:00", "/callback 28 december 15:00"),
    *("/callback 19:00", "/reach", "/reach eva", "/reach eva@example.org"),
    *("I'll be back in 2 minutes", "I'll be back in 0 minutes", "I'll be back in 900 hours"),
    *("I'll be back on 3 august", "I'll let you know on 28 december at 15:00", "I'll be back at 19:00"),
    *("One moment, I'll look", "Ik bel u morgen om tien uur", "I'll let you know tomorrow at 11"),
    *("Hoi [naam], ik ben over 3 minuten terug", "Hoi [naam]", "You must wait.  Calm down. Now"),
]


@pytest.mark.parametrize("standing", ["nothing", "running", "late"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_typed_is_answered_in_full(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str, standing: str
) -> None:
    week = tuple(((9 * 60, 17 * 60 + 30),) for _ in range(7))
    shop(server, zone="Europe/Helsinki", hours=Hours("Europe/Helsinki", week))
    hello = say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Where is my parcel?", pub=3)
    looks = say(A, 5, NOON - 18 * MINUTE, SANNE, "I will look.", pub=4)
    due = NOON + (50 if standing == "running" else -3) * MINUTE
    head = {"nothing": {}, "running": {"promise_due": due, "promise_at": NOON - MINUTE}}
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        hello,
        looks,
        **head.get(standing, {"overdue_at": due}),
        lang="en",
    )
    mine = msgspec.structs.replace(settings, language=language)
    async with open_console((80, 24), settings=mine) as desk:
        cut = []
        assert desk.main.line_bar.size.width == WIDTH
        for text in TYPED:
            desk.main.composer.rewrite(trusted(text))
            await desk.settle()
            bar = desk.main.aid_bar
            assert bar.display, text
            if "…" in f"{bar.left}{bar.right}" or shown(desk) not in desk.screen_text:
                cut.append((text, desk.bar("aid")))
        assert not cut


def shown(desk: Desk) -> str:
    """The left end of the line as it must be on the screen."""
    return desk.main.aid_bar.left
