"""All benchmarks, or those named, such as ``python -m bench messages idle``."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import time

import uvloop

from bench import flat, idle, keystroke, messages, reconnect, tone

_ALL = {
    "messages": messages.main,
    "idle": idle.main,
    "reconnect": reconnect.main,
    "flat": flat.main,
    "keystroke": keystroke.main,
    "tone": tone.main,
}


def main() -> int:
    """Exit code 0 if every target was reached, 1 if one was missed, 2 for a name nobody knows."""
    wanted = sys.argv[1:] or list(_ALL)
    for name in wanted:
        if name not in _ALL:
            print(f"There is no benchmark {name!r}; there are: {', '.join(_ALL)}.", file=sys.stderr)
            return 2
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version};"
        f" load of the machine before: {os.getloadavg()[0]:.1f}\n"
    )
    begun = time.perf_counter()
    reached = [uvloop.run(_ALL[name]()) for name in wanted]
    print(f"\n{sum(reached)} of {len(reached)} reached, after {time.perf_counter() - begun:.0f} s")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
