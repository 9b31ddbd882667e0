"""What happens in each picture: customers write in the demo shop, the agent answers over the wire."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Page, expect

from docs.pictures.agent import KEY_SECONDS, Robin
from supportterm.commands.stage import SHOP, Stage
from supportterm.link import Journal, Link, shop_url
from supportterm.protocol.frames import Open, Say

#: Plays, and photographs the console when that is at its best; the shop is photographed at the end.
Story = Callable[[Stage, Robin, Page], Awaitable[str]]


class Customer:
    """The one whose window is in the picture."""

    def __init__(self, robin: Robin, page: Page) -> None:
        self._robin = robin
        self._page = page

    async def write(self, text: str) -> None:
        """Type, press enter, and see it arrive."""
        field = self._page.get_by_role("textbox")
        await field.press_sequentially(text, delay=KEY_SECONDS * 1000)
        await field.press("Enter")
        await self._robin.hears(text)

    async def reads(self, text: str | re.Pattern[str]) -> None:
        """Wait until the widget shows a text."""
        await expect(self._page.locator(".panel")).to_contain_text(text)


async def another(stage: Stage, robin: Robin, lang: str, text: str) -> None:
    """Somebody at another computer writes ``text``, and waits."""
    journal = Journal("customer")
    link = Link(
        shop_url(stage.url, SHOP),
        secrets.token_urlsafe(32),
        journal,
        on_change=lambda found: None,
        lang=lang,
        client="picture",
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(link.run())
        chat = secrets.token_urlsafe(16)
        link.put(Open(id=secrets.token_urlsafe(16), chat=chat, lang=lang))
        link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text))
        await link.drained()
        link.stop()
    await robin.hears(text)


async def conversation(stage: Stage, robin: Robin, page: Page) -> str:
    """A parcel that is late; two more customers write meanwhile."""
    customer = Customer(robin, page)
    await customer.write("Hi! My parcel was due on Tuesday and it still isn't here")
    await another(stage, robin, "nl", "Hoi, kan ik mijn bestelling nog omruilen?")
    await customer.write("Order 4411. Sunday is my dad's birthday…")
    await robin.send("Hello! Let me see where it is, one moment.")
    await robin.press("f2")
    await robin.send("In van 12 since this morning. Not there on Friday? Resend for free.")
    await robin.press("f2")
    await robin.send("Found it: it is in the van, and with you before six tonight.")
    await robin.send("And the next bag is on us, for the wait.")
    await another(stage, robin, "da", "Hej! Sender I også til Færøerne?")
    await customer.write("Oh that is perfect, thank you so much! 🎂")
    await robin.write("My pleasure! Wish him a happy birthday from us")
    await expect(page.get_by_role("status")).to_have_text(re.compile("typing"))
    return robin.photograph()


async def promise(stage: Stage, robin: Robin, page: Page) -> str:
    """One promise runs, on both sides; the next one is being typed."""
    customer = Customer(robin, page)
    await customer.write("Hi! Can order 4411 still go to another address?")
    await robin.send("Good question, I ask the depot. I am back in 3 minutes.")
    await customer.reads("Robin")
    await another(stage, robin, "nl", "Hoi, zit er cafeïne in de decaf?")
    await robin.press("ctrl+n")
    await robin.write("Ik vraag het de brander, over 4 minuten ben ik terug")
    await robin.shows("4 min")
    return robin.photograph()


async def summary(stage: Stage, robin: Robin, page: Page) -> str:
    """What the customer wants, beside their own words; sent, they confirm it with one press."""
    customer = Customer(robin, page)
    await customer.write("Hi, I ordered the Harbour Espresso two weeks ago, order 4411")
    await robin.send("Hello! I see it here. What went wrong?")
    await customer.write("I got the decaf instead of the espresso, and the bag was torn as well")
    await customer.write("I already wrote an email on Monday but nobody answered")
    await customer.write("I would like the right beans before Sunday, it is my dad's birthday")
    await robin.press("ctrl+k")
    await robin.shows("?")
    console = robin.photograph()
    await robin.press("enter")
    await expect(page.get_by_role("button", name="Yes, that’s right")).to_be_visible()
    return console


STORIES: Final[dict[str, Story]] = {
    "side-by-side": conversation,
    "promise": promise,
    "summary": summary,
}
