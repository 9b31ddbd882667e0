"""``report service``, ``report promises`` and ``report reasons``."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from supportterm.commands.common import operate, settings_of
from supportterm.commands.exits import Exit, Stop

if TYPE_CHECKING:
    from server.settings import Settings

#: A table is made for one of two widths, so that it looks the same tomorrow.
_NARROW: Final = 80
_WIDE: Final = 120


def service(args: Namespace) -> int:
    """Print the service report."""
    return _print(args, "service", target=args.target)


def promises(args: Namespace) -> int:
    """Print the report on promises."""
    return _print(args, "promises")


def reasons(args: Namespace) -> int:
    """Print the report on why customers came."""
    if args.language:
        _check_language(args, settings_of(args))
    return _print(args, "reasons", lang=args.language)


def _check_language(args: Namespace, settings: Settings) -> None:
    """A language that none of the shops asked about has would be told in another one, without a word."""
    from server.settings.sentences import nearest

    shops = [
        shop
        for key, shop in settings.shops.items()
        if args.shop in ("", key) and args.desk in ("", shop.desk)
    ]
    known = dict.fromkeys(
        language
        for shop in shops
        for language in (*shop.languages, *(one for reason in shop.reason for one in reason.label))
    )
    if known and args.language not in known:
        raise Stop(
            f"In {settings.path}, no reason has a `label` in `{args.language}`:"
            f" {nearest(args.language, known, 'languages')}",
            Exit.USAGE,
        )


def _print(args: Namespace, what: str, **more: int | str) -> int:
    from server.reports import formats

    asked = {name: getattr(args, name) for name in ("since", "until", "by", "desk", "shop", "zone")}
    asked |= {"what": what, **more}
    found = operate(settings_of(args), "report", **asked)
    report = found["report"]
    if args.format == "json":
        print(json.dumps(report, indent=2))
    elif args.format == "csv":
        sys.stdout.write(formats.csv_of(report))
    else:
        wide = shutil.get_terminal_size().columns >= _WIDE
        print(formats.table_of(report, what, formats.title(found), _WIDE if wide else _NARROW))
    return Exit.DONE
