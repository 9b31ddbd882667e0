"""Finds a Chromium to drive, or gets one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: Long enough to download a browser over a slow line.
_SECONDS = 900


class NoChromium(Exception):
    """There is none and none could be installed; the message says what to do."""


def find() -> str:
    """The path of a Chromium or Chrome: installed, or fetched by Playwright, or by apt as root.

    Tests run side by side: one of them looks and installs, the others wait for what it finds. Raises
    `NoChromium`.
    """
    with (Path(tempfile.gettempdir()) / f"supportterm-chromium-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _find()


def _find() -> str:
    path = _installed() or _playwrights()
    if path:
        return path
    if _runs(sys.executable, "-m", "playwright", "install", "chromium"):
        path = _playwrights()
        if path:
            return path
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        _runs("apt-get", "update")
        _runs("apt-get", "install", "-y", "--no-install-recommends", "chromium")
        path = _installed()
        if path:
            return path
    raise NoChromium(
        "The browser tests need Chromium or Chrome: install one with your system's packages, or with"
        " `python -m playwright install chromium`."
    )


def _installed() -> str:
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in found if path), "") or next(
        (place for place in _PLACES if Path(place).is_file()), ""
    )


def _playwrights() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else ""


def _runs(*command: str) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    print(find())
