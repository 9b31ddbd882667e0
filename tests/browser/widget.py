"""The widget as a person at a page meets it."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.house import RunningServer
from tests.browser.scripted import Scripted


class Widget:
    """Handles of one page's widget; Playwright's locators look into the open shadow root."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator(".launcher")
        self.panel = page.locator("dialog.panel")
        write = "^(Write a message|Schrijf een|Skriv en|Nachricht schreiben|Écri(vez|s) un)"
        self.field = page.get_by_role("textbox", name=re.compile(write))
        self.form = page.locator("form")
        self.question = page.get_by_label("Your question")
        self.queue = page.locator(".queue")
        self.status = page.get_by_role("status")
        self.log = page.get_by_role("log")
        self.mine = page.locator(".mine .text")
        self.theirs = page.locator(".list .theirs .text")

    async def visit(self, server: RunningServer | Scripted, path: str = "/demo/") -> Widget:
        """Go to the demo shop and wait for the widget."""
        await self.page.goto(f"http://{server.address}{path}")
        await self.launcher.wait_for(state="attached")
        return self

    async def open(self) -> Widget:
        """Press the launcher."""
        await self.launcher.click()
        await expect(self.field).to_be_focused()
        return self

    async def again(self) -> Widget:
        """Load the page anew: on a wide screen the panel is open there as it was; then go to the field."""
        await self.page.reload()
        if (self.page.viewport_size or {"width": 0})["width"] <= 480:
            return await self.open()
        await expect(self.panel).to_be_visible()
        await self.field.focus()
        return self

    async def write(self, text: str) -> None:
        """Type and press Enter."""
        await self.field.fill(text)
        await self.field.press("Enter")
        await expect(self.field).to_have_value("")

    def said(self, text: str) -> Locator:
        """The message with this text."""
        return self.page.locator(".row").filter(has_text=text)

    def tick(self, text: str, state: str) -> Locator:
        """The tick of the own message with this text, once it says ``state``."""
        return self.said(text).get_by_role("img", name=state, exact=True, include_hidden=True)

    def line(self, text: str) -> Locator:
        """What happened, said in the transcript."""
        return self.page.locator(".list .line").filter(has_text=text)

    def button(self, name: str) -> Locator:
        """The button with this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def shows(self, *texts: str) -> None:
        """Exactly these messages, in this order, by whoever."""
        await expect(self.page.locator(".list .text")).to_have_text(list(texts))
