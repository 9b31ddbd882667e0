"""A customer's program that writes as fast as it may, for tests that kill it.

``python -m tests.crash.client <url> <token> <outbox> <chat> <name> [--settle]``. Prints the id of each
message once it is written down, before anybody answered. ``--settle``: writes nothing new and ends when
everything is answered.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from supportterm.link import Journal, Link, Outbox, StateChanged, shop_url
from supportterm.link.changes import Change
from supportterm.protocol import frames
from tests.support import new_id

_PILE = 20


async def main(url: str, token: str, file: str, chat: str, name: str, *, settle: bool) -> None:
    """Write until killed, or with ``settle`` until all is answered."""
    outbox, journal = Outbox(Path(file)), Journal("customer")
    outbox.restore(journal)
    assert not outbox.problem, outbox.problem
    news = asyncio.Event()

    def hears(_: Sequence[Change | StateChanged]) -> None:
        news.set()

    link = Link(
        shop_url(url, "demo"), token, journal, on_change=hears, keep=outbox.save, rand=lambda: 0.1
    )  # fmt: skip
    running = asyncio.ensure_future(link.run())
    # The same chat and id each time: repeating `open` is harmless.
    link.put(frames.Open(id=chat, chat=chat))
    number = 0
    pile = len(journal.log(chat).outbox) + _PILE  # something new is written even without a server
    while not settle:
        while len(journal.log(chat).outbox) < pile:
            number += 1
            say = frames.Say(id=new_id(), chat=chat, text=f"{name} {number}")
            link.put(say)
            print(say.id, flush=True)
            await asyncio.sleep(0)
        news.clear()
        await news.wait()
    while not (journal.online and journal.log(chat).last):
        news.clear()
        await news.wait()
    await link.drained()
    link.stop()
    await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6], settle=sys.argv[6:] == ["--settle"]))
