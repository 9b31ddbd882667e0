"""`python -m supportterm.practice.load`: pairs of customer and agent that write, and count exactly.

Two ways of being a client. The light one reads only what it counts, for benchmarks: the generator
must cost less than what it measures. The careful one (``--verify``) is made of full clients whose
outboxes outlive every connection, for tests that kill the server.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import uvloop

from supportterm.link import LinkError
from supportterm.practice import load_careful, load_light
from supportterm.practice.load_plan import Load


async def light(load: Load) -> dict[str, Any]:
    """Run the light load; `Tally.report`."""
    run = load_light.Run(load)
    seconds, cpu = await run.go()
    return run.tally.report(seconds, cpu)


async def careful(load: Load) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run the careful load; `Tally.report`, and per side what was put and shown."""
    run = load_careful.Run(load)
    seconds, cpu = await run.go()
    return run.tally.report(seconds, cpu), run.detail()


def main(arguments: list[str] | None = None) -> int:
    """0: every message was answered and shown once on both sides; 1: not; 2: it could not start."""
    options = parser().parse_args(arguments)
    load = Load(
        url=options.url,
        shop=options.shop,
        tokens=options.token,
        pairs=options.pairs,
        rate=options.rate,
        seconds=options.seconds,
        size=options.size,
        both=not options.customers_only,
        origin=options.origin,
        settle=options.settle,
        patience=options.patience,
    )
    try:
        if options.verify:
            report, detail = uvloop.run(careful(load))
            if options.detail:
                options.detail.write_text(json.dumps(detail))
        else:
            report = uvloop.run(light(load))
    except (LinkError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(report))
    return 0 if report["complete"] and not report["violations"] else 1


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    found = argparse.ArgumentParser(prog="python -m supportterm.practice.load", description=__doc__)
    found.add_argument("--url", required=True, help="the server, like ws://127.0.0.1:8700")
    found.add_argument("--shop", default="demo")
    found.add_argument("--token", action="append", required=True, help="a signed-in agent's; may be repeated")
    found.add_argument("--pairs", type=int, default=10, help="chats at once (default: 10)")
    found.add_argument("--rate", type=float, default=0.0, help="messages a second in all; 0: saturated")
    found.add_argument("--seconds", type=float, default=5.0)
    found.add_argument("--size", type=int, default=80, help="characters per message (default: 80)")
    found.add_argument("--customers-only", action="store_true", help="agents only read")
    found.add_argument("--origin", default="")
    found.add_argument("--settle", type=float, default=30.0, help="seconds answers may take at the end")
    found.add_argument("--patience", type=float, default=1.0, help="0.1: reconnects ten times as eagerly")
    found.add_argument("--verify", action="store_true", help="full clients that reconnect and check all")
    found.add_argument("--detail", type=Path, help="with --verify: write what was put and shown, as JSON")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
