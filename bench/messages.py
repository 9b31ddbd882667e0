"""Cost and speed of a message: supportterm against bare relays that run in the same minutes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import uvloop

from bench.load import Figures, Load
from bench.running import Running, median, prepare, product, relay, spread, verdict

_KINDS = ("supportterm", "relay, 2 frames", "relay, 1 frame")
_PAIRS = 5
_RATE = 3_000.0


async def _rounds(
    loads: dict[str, Load], pairs: int, seconds: float, rate: float
) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {kind: [] for kind in loads}
    for load in loads.values():
        await load.measure(0.5, rate)
    for _ in range(pairs):
        for kind, load in loads.items():
            found[kind].append(await load.measure(seconds, rate))
    return found


def _show(title: str, found: dict[str, list[Figures]]) -> None:
    print(f"\n{title}")
    heads = ("CPU µs/message", "spread", "messages/s", "p50 ms", "p99 ms", "frames")
    print(" " * 19 + "".join(f"{head:>{len(head) + 2}}" for head in heads))
    for kind, runs in found.items():
        cpu = [run.cpu for run in runs]
        rate, p50, p99 = (
            median([getattr(run, name) for run in runs]) for name in ("per_second", "p50", "p99")
        )
        frames = median([run.frames for run in runs])
        print(
            f"  {kind:17}{median(cpu):16.1f}{spread(cpu):8.0%}{rate:12,.0f}{p50:8.2f}{p99:8.2f}{frames:8.2f}"
        )


def _ratio(found: dict[str, list[Figures]], field: str, base: str, ours_below: bool) -> float:
    """Pair by pair, so that a minute in which the machine was busy counts for both."""
    pairs = zip(found[base], found["supportterm"], strict=True)
    ratios = [getattr(a, field) / getattr(b, field) for a, b in pairs]
    return median(ratios if ours_below else [1 / ratio for ratio in ratios])


async def main() -> bool:
    """Measure, print; whether every target is reached."""
    prepare()
    print("Messages: the whole product path against bare relays, interleaved, medians")
    reached = True
    async with AsyncExitStack() as stack:
        servers: dict[str, Running] = {
            _KINDS[0]: await stack.enter_async_context(product()),
            _KINDS[1]: await stack.enter_async_context(relay(2)),
            _KINDS[2]: await stack.enter_async_context(relay(1)),
        }
        for chats in (50, 200):
            loads = {kind: Load(run.port, run.tokens, run.pid) for kind, run in servers.items()}
            for load in loads.values():
                await load.open(chats)
            found = await _rounds(loads, _PAIRS, 2.0, 0.0)
            _show(f"{chats} chats, as fast as answered ({_PAIRS} rounds of 2 s)", found)
            for kind in _KINDS[1:]:
                cpu = _ratio(found, "cpu", kind, True)
                rate = _ratio(found, "per_second", kind, False)
                if kind == _KINDS[1]:
                    reached &= verdict(f"CPU, {kind} ÷ ours", cpu, 0.55, True)
                    reached &= verdict(f"throughput, ours ÷ {kind}", rate, 0.5, True)
                else:
                    print(f"           CPU, {kind} ÷ ours: {cpu:.2f}; throughput, ours ÷ {kind}: {rate:.2f}")
            if chats == 50:
                found = await _rounds(loads, 3, 3.0, _RATE)
                _show(f"{chats} chats, {_RATE:,.0f} messages a second (3 rounds of 3 s)", found)
                pairs = zip(found[_KINDS[0]], found[_KINDS[1]], strict=True)
                added = median([ours.p50 - bare.p50 for ours, bare in pairs])
                reached &= verdict("ms added at p50", added, 1.0, False)
            for load in loads.values():
                load.close()
            await asyncio.sleep(0.5)
    return reached


if __name__ == "__main__":
    uvloop.run(main())
