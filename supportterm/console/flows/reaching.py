"""Put right where the customer is reached: nothing is promised by that."""

from __future__ import annotations

from supportterm.console.callbacks import reach
from supportterm.console.flows.chats import open_chat
from supportterm.console.screens.stage import Stage
from supportterm.protocol import contact
from supportterm.text import SafeText, trusted

_NOTHING = trusted("")


async def reached_at(stage: Stage) -> None:
    """Ask for an address or a number, with the newest that is known to be changed."""
    log = open_chat(stage)
    if log is None:
        return
    say = stage.words.say

    def wrong(text: str) -> SafeText:
        return _NOTHING if contact.kind_of(text) else say("callback.neither")

    known = reach(log).newest
    typed = await stage.line(say("callback.where"), say("callback.where_hint"), known, wrong)
    # What was left as it was is not news, and may be another's by now: they signed in meanwhile.
    if typed and (typed != known or reach(log).newest == known):
        stage.notice(stage.session.reached_at(log.chat, typed))
