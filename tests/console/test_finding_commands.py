"""Commands are found by the words people use for them, in the palette and in the desk's list."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.commands import Command, commands, desk_commands
from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES, Words, sentences

from . import team
from .conftest import Opened
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
