"""The topic a customer chose before the chat, and the chat's id: what the agent reads beside the words."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import kinds, views

from .conftest import A, Opened, from_the_list
from .server import CUSTOMER, MINUTE, NOON, HandServer, beginning, event, say

RETURN = views.Subject("return", {"nl": "Iets terugsturen", "en": "Returning\x1b[2J something"})


def chose(server: HandServer, topic: str) -> None:
    server.views["shops"] = views.Shops([views.ShopFacts("Hof & Linde", "Hof", "UTC", topics=[RETURN])])
    _, *rest = beginning(A, NOON - 20 * MINUTE)
    opened = kinds.Opened("Hof & Linde", "nl", topic)
    first = event(A, 1, NOON - 20 * MINUTE, CUSTOMER, "opened", pub=1, data=opened)
    server.add(A, first, *rest, say(A, 4, NOON - 9 * MINUTE, CUSTOMER, "Hallo", pub=3))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The chat was opened. About: Returning␛[2J something"),
        ("nl", "De chat is geopend. Waarover: Iets terugsturen"),
        ("da", "Chatten blev åbnet. Om: Iets terugsturen"),
    ],
)
async def test_the_topic_is_told_in_the_agents_language(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str, told: str
) -> None:
    chose(server, "return")
    settings = msgspec.structs.replace(settings, language=language)
    async with open_console((160, 45), settings=settings) as desk:
        await desk.until(lambda: told in desk.screen_text)
        label = told.partition(": ")[2]
        assert any(label in row.partition(told)[2] or label in row for row in desk.rows() if told not in row)


async def test_a_topic_that_the_shop_has_no_more_is_told_by_its_id(
    open_console: Opened, server: HandServer
) -> None:
    chose(server, "repair")
    async with open_console((80, 24)) as desk:
        await desk.until(lambda: "About: repair" in desk.screen_text)
        await desk.press("ctrl+e")
        await desk.until(lambda: "About: repair (chosen before the chat)" in desk.screen_text)


async def test_the_id_of_a_chat_is_shown_and_copied(open_console: Opened, server: HandServer) -> None:
    chose(server, "")
    async with open_console((160, 45)) as desk:
        await desk.until(lambda: A in desk.screen_text)
        await desk.press("ctrl+e")
        await desk.until(lambda: f"Id of this chat: {A}" in desk.screen_text)
        await desk.press("escape")
        await from_the_list(desk, "copy its id")
        assert desk.app.clipboard == A
        assert f"Copied: {A}" in desk.bar("status")
