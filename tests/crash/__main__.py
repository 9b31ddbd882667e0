"""``python -m tests.crash --rounds N --seed K``: as many kills as asked for, and exact counts."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.crash.soak import Soak


def main() -> int:
    """0 if nothing was lost, doubled or reordered."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="kills of the server (default: 50)")
    parser.add_argument("--seed", type=int, help="which random moments (default: others each time)")
    options = parser.parse_args()
    seed = random.randrange(1 << 32) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory() as directory:
        summary = asyncio.run(Soak(Path(directory), options.rounds, seed, _tell).go())
    print(summary)
    return 0 if summary.clean else 1


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
