"""``report service``, ``report promises`` and ``report reasons``."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from typing import Final

from supportterm.commands.common import operate, settings_of
from supportterm.commands.exits import Exit

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
    return _print(args, "reasons", lang=args.language)


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
