"""Writes requirements/*.txt from what is installed in this environment: ``python requirements/pin.py``.

Plain ``name==version`` lines, with all that is needed underneath, so that everybody gets what was tested.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).parent
HEAD = "# Written by requirements/pin.py; edit pyproject.toml instead.\n"


def main() -> int:
    """0, or 1 with a sentence if something is not installed."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    files = {
        "run": ("", project["project"]["dependencies"]),
        "test": ("run", groups["test"]),
        "check": ("test", groups["check"]),
        "bench": ("run", groups["bench"]),
        "weights": ("test", groups["weights"]),
    }
    done: dict[str, dict[str, str]] = {}
    for name, (base, wanted) in files.items():
        try:
            pins = closure(wanted)
        except PackageNotFoundError as missing:
            print(f"{missing.name} is not installed here: install it first, then pin.", file=sys.stderr)
            return 1
        below = done.get(base, {})
        done[name] = {**below, **pins}
        lines = [f"{package}=={pins[package]}" for package in sorted(pins) if package not in below]
        head = HEAD + (f"-r {base}.txt\n" if base else "")
        (HERE / f"{name}.txt").write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


def closure(wanted: Iterable[str]) -> dict[str, str]:
    """Names and versions of ``wanted`` and of all that these need in this environment."""
    pins: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(Requirement(text), "") for text in wanted]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        pins[name] = version(name)
        for one in ("", *requirement.extras):
            if (name, one) not in seen:
                seen.add((name, one))
                todo += [(Requirement(text), one) for text in requires(name) or ()]
    return pins


if __name__ == "__main__":
    sys.exit(main())
