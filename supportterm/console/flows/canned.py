"""Put one of the shop's canned replies into the answer."""

from __future__ import annotations

from functools import partial

from supportterm.console.aids.slash import asked
from supportterm.console.flows.chats import open_chat
from supportterm.console.screens.canning import Canning
from supportterm.console.screens.stage import Stage


async def canned(stage: Stage) -> None:
    """Pick one by a few letters, those typed behind a slash already. Nothing is sent."""
    log = open_chat(stage)
    if log is None:
        return
    session, say, main = stage.session, stage.words.say, stage.console.main
    if not session.canned.any_for(log):
        stage.notice(say("reply.none"))
        return
    query = None if session.noting else asked(main.composer.text)
    due = session.readings.of(log).due("solution")
    title = say("reply.title", name=session.name(log))
    screen = Canning(session, title, session.canned.of(log), query or "", due=due)
    chosen: str | None = await stage.app.push_screen_wait(screen)
    one = next((one for one in session.canned.of(log) if one.key == chosen), None)
    if one is not None:
        stage.then(partial(main.understood.put_in, log.chat, one, instead=query is not None))
