"""Memory of a customer who has the widget open and says nothing."""

from __future__ import annotations

import asyncio

import uvloop

from bench.customers import arrive, customers, drop
from bench.running import Running, prepare, product, relay, verdict

_COUNT = 10_000
_WARM = 200


async def measure(running: Running) -> tuple[float, int]:
    """Bytes per connection, and how many did not get in."""
    warm = customers(_WARM, "warm")
    failed = await arrive(running.port, warm)
    before = running.resident()
    people = customers(_COUNT, "idle")
    failed += await arrive(running.port, people)
    await asyncio.sleep(1)
    size = (running.resident() - before) / _COUNT
    drop(warm)
    drop(people)
    return size, failed


async def main() -> bool:
    """Measure, print; whether every target is reached."""
    prepare()
    print(f"\nMemory per idle customer at {_COUNT:,} connections")
    sizes = {}
    for name, server in (("supportterm", product()), ("bare websockets", relay())):
        async with server as running:
            size, failed = await measure(running)
        sizes[name] = size
        print(f"  {name:17}{size / 1000:6.1f} kB" + (f"  ({failed} did not get in)" if failed else ""))
    return verdict("kB per idle customer", sizes["supportterm"] / 1000, 20, False)


if __name__ == "__main__":
    uvloop.run(main())
