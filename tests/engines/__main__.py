"""Plays one chat through in each engine that is installed, and says what happened.

A real server, a real agent, a real window: opening, writing, an answer, a promise that counts down, a
summary that is confirmed, the next page, and a server that dies meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from tests.browser.house import Agent, RunningServer
from tests.engines import firefox, webkit
from tests.engines.engine import Engine, Page

Opened = Callable[[str, Path], AbstractAsyncContextManager[Engine]]

ENGINES: Final[dict[str, tuple[tuple[str, ...], str, Opened]]] = {
    "firefox": (firefox.NAMES, firefox.PACKAGES, firefox.opened),
    "webkit": (webkit.NAMES, webkit.PACKAGES, webkit.opened),
}


async def play(
    server: RunningServer, agent: Agent, page: Page, pictures: Callable[[str, bytes], None]
) -> None:
    """The story; raises at the first step that does not come about."""

    async def look(name: str) -> None:
        pictures(name, await page.engine.picture())

    await page.engine.go(f"http://{server.address}/demo/")
    await page.press(".launcher")
    await page.until("root.activeElement?.matches('textarea')")
    await page.write("My parcel is late")
    chat = await agent.hears("My parcel is late")
    agent.promises(chat, "I ask the depot, back in three minutes", 180_000)
    await page.until("/will be back in 2:5\\d/.test(root.querySelector('[role=timer]')?.textContent)")
    await look("promise")
    agent.sums_up(chat, "You wait for order 4411. Is that right?")
    await page.press("button", "Yes, that’s right")
    await agent.hears("Yes, that’s right")
    await look("summary")
    await server.kill()
    await page.until("root.activeElement?.matches('textarea') || root.querySelector('textarea')?.focus()")
    await page.write("And while nobody hears me?")
    await server.start()
    await agent.hears("And while nobody hears me?")
    agent.says(chat, "Heard all the same")
    await page.reads("Heard all the same")
    await page.engine.go(f"http://{server.address}/demo/product.html")
    await page.reads("Heard all the same")
    await page.press("textarea")
    await page.engine.keys("\ue00c")
    await page.until("named('.launcher', 'Open chat') && root.activeElement?.matches('.launcher')")
    await look("closed")


async def run(name: str, folder: Path | None) -> str:
    """One engine; "" or what went wrong."""
    names, packages, opened = ENGINES[name]
    program = next((found for one in names if (found := shutil.which(one))), None)
    if program is None:
        return f"is not installed: apt-get install {packages}"

    def keep(scene: str, png: bytes) -> None:
        if folder is not None:
            (folder / f"{name}-{scene}.png").write_bytes(png)

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "server").mkdir()
        (Path(place) / "browser").mkdir()
        server = RunningServer(Path(place) / "server")
        await server.start()
        try:
            async with Agent(server) as agent, opened(program, Path(place) / "browser") as engine:
                try:
                    await play(server, agent, Page(engine), keep)
                except (AssertionError, TimeoutError) as wrong:
                    keep("wrong", await engine.picture())
                    return str(wrong)
        finally:
            await server.stop()
    return ""


def main() -> int:
    """0 if every engine that was asked for played the whole story."""
    parser = argparse.ArgumentParser(prog="make engines", description=__doc__)
    parser.add_argument("engine", nargs="*", help=f"{', '.join(ENGINES)}; none: all")
    parser.add_argument("--pictures", type=Path, help="a directory for what the windows looked like")
    asked = parser.parse_args()
    failed = 0
    for name in asked.engine or ENGINES:
        began = time.monotonic()
        wrong = asyncio.run(run(name, asked.pictures))
        print(f"{name}: {wrong or f'played through in {time.monotonic() - began:.0f} s'}", flush=True)
        failed += bool(wrong)
    return min(failed, 1)


if __name__ == "__main__":
    raise SystemExit(main())
