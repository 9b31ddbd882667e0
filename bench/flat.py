"""What a message costs as a desk and its log grow; draws docs/img/cost-per-message.svg."""

from __future__ import annotations

import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench.filling import fill
from bench.load import Load
from bench.running import median, prepare, product, spread, verdict

_CHATS = (100, 1_000, 10_000)
_LOGS = (0, 10_000, 100_000, 1_000_000)
#: Chats in which people write while the log grows.
_TALKING = 100
#: Messages under way at any moment, so that every point is stored in transactions of the same size.
_WINDOW = 100
_AGENTS = 50
_ROUNDS, _SECONDS = 7, 1.5
_PICTURE = Path(__file__).parent.parent / "docs" / "img" / "cost-per-message.svg"


@dataclass(frozen=True)
class Point:
    """The medians at one size. ``cpu``: µs per message; ``relative``: to the first point of its round."""

    size: int
    cpu: float
    relative: float
    spread: float


async def curve(points: list[tuple[int, int, int]]) -> list[Point]:
    """The cost at each (size, open chats, messages in the log), measured in turn on servers side by side."""
    async with AsyncExitStack() as stack:
        loads = []
        for _, chats, messages in points:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            await fill(directory, messages)
            running = await stack.enter_async_context(product(_AGENTS, directory))
            load = Load(running.port, running.tokens, running.pid)
            await load.open(chats)
            await load.measure(_SECONDS, window=_WINDOW)
            loads.append(load)
        rounds = [
            [(await load.measure(_SECONDS, window=_WINDOW)).cpu for load in loads] for _ in range(_ROUNDS)
        ]
        for load in loads:
            load.close()
    found = []
    for at, (size, _, _) in enumerate(points):
        cpu = [costs[at] for costs in rounds]
        relative = median([costs[at] / costs[0] for costs in rounds])
        found.append(Point(size, median(cpu), relative, spread(cpu)))
    return found


def _show(title: str, unit: str, points: list[Point]) -> None:
    print(f"\n{title} ({_ROUNDS} rounds of {_SECONDS} s)")
    print(f"  {unit:>18}{'CPU µs/message':>16}{'to the first':>14}{'spread':>8}")
    for point in points:
        print(f"  {point.size:18,}{point.cpu:16.1f}{point.relative:14.2f}{point.spread:8.0%}")


def draw(chats: list[Point], logs: list[Point]) -> None:
    """Both curves, relative to their first points; the same figures give the same file."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "supportterm", "font.family": "sans-serif", "svg.fonttype": "none"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(8, 3), sharey=True, layout="constrained")
    for axis, points, label in zip(axes, (chats, logs), ("open chats", "messages in the log"), strict=True):
        sizes = [max(point.size, 1_000 if points is logs else 1) for point in points]
        axis.axhspan(0.85, 1.15, color="#e8eef4", zorder=0)
        axis.plot(sizes, [point.relative for point in points], marker="o", color="#1f5f8b")
        axis.set_xscale("log")
        axis.set_xticks(sizes, [f"{point.size:,}" for point in points])
        axis.minorticks_off()
        axis.set_xlabel(label)
        axis.set_ylim(0, 1.5)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("CPU per message, relative")
    _PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(_PICTURE, metadata={"Date": None, "Creator": None})
    # Matplotlib ends lines of paths with blanks.
    lines = _PICTURE.read_text(encoding="utf-8").splitlines()
    _PICTURE.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


async def main() -> bool:
    """Measure, print, draw; whether every target is reached."""
    prepare()
    print(f"\nCost of a message as things grow: {_WINDOW} messages under way, all open chats in turn")
    begun = time.perf_counter()
    chats = await curve([(count, count, 0) for count in _CHATS])
    _show("Open chats", "open chats", chats)
    logs = await curve([(count, _TALKING, count) for count in _LOGS])
    _show("Length of the log", "messages in it", logs)
    draw(chats, logs)
    print(f"  drawn into {_PICTURE.name} after {time.perf_counter() - begun:.0f} s")
    reached = True
    for name, points in (("open chats", chats), ("log", logs)):
        worst = max(abs(point.relative - 1) for point in points)
        reached &= verdict(f"{name}, furthest from the first point", worst, 0.15, False)
    return reached


if __name__ == "__main__":
    uvloop.run(main())
