"""Every page by the name that keys and palette use."""

from __future__ import annotations

from typing import Final

from supportterm.console.screens.board import BoardPage
from supportterm.console.screens.left import LeftPage
from supportterm.console.screens.page import Page
from supportterm.console.screens.promises import PromisesPage
from supportterm.console.screens.report import ReportPage
from supportterm.console.screens.today import TodayPage
from supportterm.console.screens.waiting import QueuePage
from supportterm.console.screens.why import WhyPage

PAGES: Final[dict[str, type[Page]]] = {
    "queue": QueuePage,
    "left": LeftPage,
    "today": TodayPage,
    "promises": PromisesPage,
    "why": WhyPage,
    "board": BoardPage,
    "report": ReportPage,
}
