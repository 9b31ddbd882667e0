from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser import chromium
from tests.browser.house import Agent, RunningServer
from tests.browser.scripted import Scripted, scripted


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium.find()


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path)
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    return await context.new_page()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def agent(server: RunningServer) -> AsyncIterator[Agent]:
    async with Agent(server) as mette:
        yield mette


@pytest.fixture
async def script() -> AsyncIterator[Scripted]:
    async with scripted() as script:
        yield script
