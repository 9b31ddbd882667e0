"""`python -m supportterm.practice`: practice customers in a process of their own."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any

from supportterm.link import LinkError
from supportterm.practice.customers import Crowd


def main(arguments: list[str] | None = None) -> int:
    """0: all messages arrived as promised; 1: not; 2: it could not start."""
    options = parser().parse_args(arguments)
    try:
        report = asyncio.run(_run(options))
    except LinkError as error:
        print(error, file=sys.stderr)
        return 2
    if not options.transcripts:
        del report["transcripts"]
    print(json.dumps(report, ensure_ascii=False))
    return 1 if report["violations"] or report["sent"] != report["answered"] else 0


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    found = argparse.ArgumentParser(
        prog="python -m supportterm.practice",
        description="Practice customers, who write to a shop as real ones would. "
        "Ends after --seconds, on SIGTERM, when the process that started it is gone, or when nobody "
        "has reached the server for --patience seconds; prints what came of it as JSON.",
    )
    found.add_argument("--url", required=True, help="the server, like ws://127.0.0.1:8700")
    found.add_argument("--shop", default="demo", help="the shop's key (default: demo)")
    found.add_argument("--customers", type=int, default=3, help="how many at a time (default: 3)")
    found.add_argument("--seconds", type=float, default=0.0, help="how long; 0: until stopped (default)")
    found.add_argument("--seed", type=int, default=0, help="which stories, in which rhythm (default: 0)")
    found.add_argument(
        "--scenes", action="store_true", help="begin with customers to be promised something, and to sum up"
    )
    found.add_argument("--pace", type=float, default=1.0, help="0.1 is ten times as fast (default: 1)")
    found.add_argument(
        "--patience",
        type=float,
        default=60.0,
        help="seconds without the server after which everybody gives up (default: 60)",
    )
    found.add_argument(
        "--parent",
        type=int,
        default=os.getppid(),
        help="the process without which this one ends (default: the one that started it)",
    )
    found.add_argument("--origin", default="", help="the Origin to send, where the shop asks for one")
    found.add_argument("--transcripts", action="store_true", help="print what was shown, too")
    return found


async def _run(options: argparse.Namespace) -> dict[str, Any]:
    crowd = Crowd(
        options.url,
        options.shop,
        customers=options.customers,
        seed=options.seed,
        pace=options.pace,
        origin=options.origin,
        scenes=options.scenes,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, crowd.end)
    if options.seconds:
        loop.call_later(options.seconds, crowd.end)
    left: list[str] = []
    watching = asyncio.create_task(_watch(crowd, options.parent, options.patience, left))
    try:
        await crowd.run()
    finally:
        watching.cancel()
    report = crowd.report()
    report["violations"] += left
    return report


async def _watch(crowd: Crowd, parent: int, patience: float, left: list[str]) -> None:
    """End the practice when nobody is left to practise with: whoever was killed could not say so."""
    loop = asyncio.get_running_loop()
    reached = loop.time()
    while True:
        await asyncio.sleep(min(1.0, patience / 4))
        if crowd.online:
            reached = loop.time()
        if loop.time() - reached > patience:
            left.append(f"the server could not be reached for {patience:g} seconds")
        if left or os.getppid() != parent:
            crowd.give_up()
            return


if __name__ == "__main__":
    raise SystemExit(main())
