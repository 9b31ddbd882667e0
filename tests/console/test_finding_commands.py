"""Commands are found by the words people use for them, in the palette and in the desk's list."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.commands import Command, commands, desk_commands
from supportterm.console.searching import place, stands_in
from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES, Words, sentences

from . import team
from .conftest import Opened, top
from .server import HandServer

#: By language: what people look for, and the command that they mean.
MEANT = {
    "en": {
        **dict.fromkeys(("figures", "numbers", "report", "statistics", "KPI"), "desk.report"),
        **{"promise": "desk.promises", "deadline": "desk.promises", "callback": "desk.left"},
        **{"transfer": "chat.hand_off", "block": "chat.abuse", "template": "write.canned"},
    },
    "nl": {
        **dict.fromkeys(("cijfers", "rapport", "statistieken"), "desk.report"),
        **{"belofte": "desk.promises", "terugbellen": "desk.left", "doorverbinden": "chat.hand_off"},
    },
    "da": {
        **dict.fromkeys(("tal", "rapport", "statistik"), "desk.report"),
        **{"løfte": "desk.promises", "ring tilbage": "desk.left", "viderestil": "chat.hand_off"},
        **{"lofte": "desk.promises", "inviter": "chat.invite", "misbrug": "chat.abuse"},
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_word_belongs_to_a_command_and_finds_it(language: str) -> None:
    words = Words(language)
    for key in sentences(language):
        if key.startswith("find."):
            id_ = key.removeprefix("find.")
            assert words.has(f"palette.{id_}"), key
            found = Command(words.say(f"palette.{id_}"), lambda: None, also=words.say(key))
            assert all(found.named(word) for word in words.each(key)), key


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_not_there_is_said_in_the_agents_language(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str
) -> None:
    mine = msgspec.structs.replace(settings, language=language)
    async with open_console((100, 30), settings=mine) as desk:
        await desk.press("ctrl+p")
        await desk.type("qqq")
        await desk.until(lambda: desk.app.session.words.say("dialog.none") in desk.screen_text)
        assert "No matches" not in desk.screen_text
        await desk.press("enter")
        assert top(desk) == "Palette", "there is nothing to choose"
        await desk.press(*["backspace"] * 3)
        await desk.until(lambda: desk.app.session.words.say("palette.help.keys") in desk.screen_text)
        assert desk.app.session.words.say("dialog.none") not in desk.screen_text


async def test_a_key_stands_at_the_end_of_its_row_at_any_width(
    open_console: Opened, server: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        await desk.press("ctrl+p")
        await desk.until(lambda: "F9" in desk.screen_text)
        for width in (100, 60, 80, 120, 90, 89):
            await desk.pilot.resize_terminal(width, 30)
            await desk.settle()
            rows = desk.rows()
            (row,) = (row for row in rows if "F9" in row)
            assert desk.app.session.words.say("palette.me.status") in row
            # One cell behind it, and one for the scrollbar; from 90 on the side and a free column.
            outside = (width - 90) // 2 if width >= 90 else 0
            assert len(row.rstrip("│ ")) == width - outside - (4 if width >= 90 else 2), row


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_lists_find_by_what_people_call_it(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str
) -> None:
    team.supervisor(server)
    mine = msgspec.structs.replace(settings, language=language)
    async with open_console((100, 40), settings=mine) as desk:
        say = desk.app.session.words.say
        title = say("palette.desk.report")
        for word, id_ in MEANT[language].items():
            if say(f"palette.{id_}") in [one.title for one in commands(desk.app)]:
                named = [one.title for one in commands(desk.app) if one.named(word)]
                assert say(f"palette.{id_}") in named, word
        await desk.press("ctrl+f")
        assert title in [one.title for one in desk_commands(desk.app)]
        await desk.type(next(iter(MEANT[language])))
        assert title in desk.screen_text
        await desk.press("escape", "ctrl+p")
        await desk.type(next(iter(MEANT[language])))
        await desk.until(lambda: title in desk.screen_text)


async def test_no_list_asks_for_accents(
    open_console: Opened, server: HandServer, settings: ConsoleSettings
) -> None:
    mine = msgspec.structs.replace(settings, language="da")
    async with open_console((100, 40), settings=mine) as desk:
        title = desk.app.session.words.say("palette.desk.promises")
        for key, typed in (("ctrl+f", "lofte"), ("ctrl+p", "lofte"), ("ctrl+p", "L\u00d8FTE")):
            await desk.press(key)
            await desk.type(typed)
            await desk.until(lambda: title in desk.screen_text)
            await desk.press("escape")


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("loft", "Loftet og L\u00f8ftet", "Loft"),
        ("lofte", "Hvad er l\u00f8ftet?", "l\u00f8fte"),
        ("aeg", "Et \u00e6g mere", "\u00e6g"),
        ("er m", "Inviter\u0301 mig", "er\u0301 m"),
        ("r\u00e9sum\u00e9", "Opsummering, resume", "resume"),
        ("x", "Invit\u00e9r", ""),
        ("", "Invit\u00e9r", ""),
    ],
)
def test_what_was_looked_for_is_marked_letter_by_letter(query: str, text: str, found: str) -> None:
    first, last = place(query, text)
    assert text[first:last] == found
    assert stands_in(query, text) is bool(found or not query)
