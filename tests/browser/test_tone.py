"""A shop says "je" or "u", as it has set, in everything that a customer reads; its page names no tone."""

from __future__ import annotations

import re
from secrets import token_urlsafe
from typing import NamedTuple

import pytest
from playwright.async_api import Browser, Page, expect

from server.settings import Shop
from supportterm.protocol.frames import SetStatus
from supportterm.protocol.views import Wait
from tests.browser.elsewhere import one_page
from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import MINUTE, Scripted
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

TAG = '<script async src="http://{server}/widget.js" data-shop="demo" data-lang="{lang}"></script>'


def page_of(address: str, lang: str) -> str:
    """A shop's page, whatever the shop's tone is."""
    tag = TAG.format(server=address, lang=lang)
    return f'<!doctype html><html lang="{lang}"><title>A shop</title><h1>A shop</h1>{tag}'


class Said(NamedTuple):
    """What one tone says of a chat, from its greeting to the mail in which its answer comes."""

    hello: str
    keep: str
    promised: re.Pattern[str]
    linked: str
    #: Words of the other tone.
    never: re.Pattern[str]


SAID = {
    "familiar": Said(
        "Hallo! Waarmee kunnen we je helpen?",
        "Je houdt je plaats in de rij. Je kunt alvast schrijven: het wordt gelezen.",
        re.compile(r"^Mette is over \d:\d\d weer bij je$"),
        "Geopend met de link in je mail",
        re.compile(r"\b(u|uw)\b", re.IGNORECASE),
    ),
    "polite": Said(
        "Hallo! Waarmee kunnen we u helpen?",
        "U houdt uw plaats in de rij. U kunt alvast schrijven: het wordt gelezen.",
        re.compile(r"^Mette is over \d:\d\d weer bij u$"),
        "Geopend met de link in uw mail",
        re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE),
    ),
}


async def says_nothing_else(widget: Widget, said: Said) -> None:
    """Not a word of the other tone, in what is seen and what is read out."""
    texts = await widget.page.locator(".frame").evaluate(
        """frame => [frame.innerText, ...[...frame.querySelectorAll("*")].flatMap((one) =>
          ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name) ?? ""))].join("\\n")"""
    )
    assert not said.never.search(texts), texts


@pytest.mark.parametrize("tone", ["familiar", "polite"])
async def test_from_the_greeting_to_the_mail_it_is_one_tone(
    server: RunningServer, browser: Browser, tone: str
) -> None:
    said = SAID[tone]
    server.shop = f'languages = ["nl", "en"]\ntone = {{ nl = "{tone}", en = "familiar" }}\n'
    await server.stop()
    await server.start()
    context = await browser.new_context(locale="nl-NL")
    page = await context.new_page()
    async with Agent(server) as agent, one_page(page_of(server.address, "nl")) as address:
        await page.goto(address)
        widget = Widget(page)
        await expect(widget.launcher).to_have_accessible_name("Chat openen")
        await widget.open()
        await expect(page.get_by_text(said.hello)).to_be_visible()
        await says_nothing_else(widget, said)
        agent.link.put(SetStatus(id=token_urlsafe(16), status="away"))
        await expect(widget.status).to_have_text("Er is nu niemand online.")
        await widget.write("Waar is mijn pakket?")
        await expect(widget.queue).to_contain_text(said.keep)
        await says_nothing_else(widget, said)
        agent.link.put(SetStatus(id=token_urlsafe(16), status="online"))
        chat = await agent.hears("Waar is mijn pakket?")
        agent.promises(chat, "Momentje, Mette hier.", 4 * MINUTE)
        timer = page.get_by_role("timer")
        await expect(timer).to_have_text(said.promised)
        await says_nothing_else(widget, said)
        await widget.again()
        await expect(timer).to_have_text(said.promised)
        await says_nothing_else(widget, said)
        phone = await (await browser.new_context(locale="nl-NL")).new_page()
        mailed = Widget(phone)
        await phone.goto(f"http://{server.address}/chat/demo#supportterm={server.link(chat)}")
        await expect(phone.get_by_text(said.linked)).to_be_visible()
        await expect(phone.get_by_role("timer")).to_have_text(said.promised)
        await says_nothing_else(mailed, said)
        await phone.context.close()
    await context.close()


@pytest.mark.parametrize(
    ("lang", "tone", "hello", "place", "failed"),
    [
        (
            "de",
            "familiar",
            "Hallo! Wie können wir dir helfen?",
            "Du bist auf Platz 3 der Warteschlange",
            "Bitte versuch es gleich noch einmal.",
        ),
        (
            "de",
            "polite",
            "Guten Tag! Wie können wir Ihnen helfen?",
            "Sie sind auf Platz 3 der Warteschlange",
            "Bitte versuchen Sie es gleich noch einmal.",
        ),
        (
            "fr",
            "familiar",
            "Bonjour\u00a0! Comment pouvons-nous t’aider\u00a0?",
            "Tu es en position 3 dans la file d’attente",
            "Réessaie dans un instant.",
        ),
        (
            "fr",
            "polite",
            "Bonjour\u00a0! Comment pouvons-nous vous aider\u00a0?",
            "Vous êtes en position 3 dans la file d’attente",
            "Réessayez dans un instant.",
        ),
    ],
)
async def test_the_launcher_speaks_as_the_panel_does(
    script: Scripted, page: Page, lang: str, tone: str, hello: str, place: str, failed: str
) -> None:
    script.opens(Shop(desk="main", tone="familiar" if tone == "familiar" else "polite"))
    async with one_page(page_of(script.address, lang)) as address:
        await page.route(re.compile(r"/panel\.js"), lambda route: route.abort())
        await page.goto(address)
        widget = Widget(page)
        await widget.launcher.click()
        await expect(page.get_by_role("alert")).to_contain_text(failed)
        await page.unroute_all()
        await widget.open()
        await expect(page.get_by_text(hello)).to_be_visible()
        await widget.write("42")
        await script.shows(wait=Wait(3, 3 * MINUTE, 5 * MINUTE))
        await expect(widget.queue).to_contain_text(place)
