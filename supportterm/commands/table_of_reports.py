"""The commands ``supportterm report …`` with their options and examples, as data."""

from __future__ import annotations

from typing import Final

from supportterm.commands.declaring import CONFIG, Command, option

#: What every report can be asked: which days, desks and shops, and how it is printed.
_WHICH: Final = (
    option("--since", metavar="DATE", default="", help="the first day (default: six days before)"),
    option("--until", metavar="DATE", default="", help="the last day (default: today)"),
    option(
        "--by",
        choices=("day", "hour", "shop", "language", "agent"),
        default="",
        help="a row for each day, hour of the day, shop, language or agent",
    ),
    option("--desk", metavar="ID", default="", help="one desk (default: all but practice desks)"),
    option("--shop", metavar="KEY", default="", help="one shop (default: all)"),
)
_SHOWN: Final = (
    option(
        "--zone",
        metavar="ZONE",
        default="",
        help="the time zone in which days begin, such as Europe/Copenhagen (default: the shop's)",
    ),
    option(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="table, csv or json (default: table)",
    ),
)
_NOTES: Final = (
    "Days are written as 2026-03-31. What each figure means is printed beneath a table, and stands in"
    " docs/reports.md. Practice desks are in no figure."
)

REPORTS: Final = (
    Command(
        "report service",
        "Print how fast customers are answered, who left, and what agents carried.",
        "report:service",
        (
            *_WHICH,
            option(
                "--target",
                metavar="SECONDS",
                type=int,
                default=60,
                help="the time in which a first answer should come (default: 60)",
            ),
            *_SHOWN,
            CONFIG,
        ),
        (
            "supportterm report service --by day",
            "supportterm report service --since 2026-03-01 --until 2026-03-31 --by agent --format csv",
        ),
        _NOTES,
    ),
    Command(
        "report promises",
        "Print which promised times were kept, and how late the others were.",
        "report:promises",
        (*_WHICH, *_SHOWN, CONFIG),
        ("supportterm report promises --by agent", "supportterm report promises --by day --format csv"),
        _NOTES,
    ),
    Command(
        "report reasons",
        "Print why customers came, which reasons grow, and what was given for them.",
        "report:reasons",
        (
            *_WHICH,
            option(
                "--language",
                metavar="CODE",
                default="",
                help="the language in which reasons are told (default: each shop's first)",
            ),
            *_SHOWN,
            CONFIG,
        ),
        (
            "supportterm report reasons",
            "supportterm report reasons --since 2026-03-01 --until 2026-03-31 --by shop --format csv",
        ),
        _NOTES,
    ),
)
