"""One list of all that can be done with colleagues and the desk now, searched by typing."""

from __future__ import annotations

from supportterm.console.commands import desk_commands
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.stage import Stage


async def menu(stage: Stage) -> None:
    """Pick a command; it begins when the list is gone."""
    found = list(desk_commands(stage.console))
    choices = [Choice(str(n), one.title, one.help, also=one.also) for n, one in enumerate(found)]
    chosen = await stage.pick(stage.words.say("menu.title"), choices)
    if chosen:
        stage.then(found[int(chosen)].run)
