"""Servers for benchmarks: processes of their own on one core, while the load stays on another."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Running:
    """A server process that takes connections."""

    port: int
    pid: int
    tokens: list[str] = field(default_factory=list)

    def resident(self) -> int:
        """The process' memory, in bytes."""
        return int(psutil.Process(self.pid).memory_info().rss)


def cores() -> tuple[int, int]:
    """The cores for server and load; the same one where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def prepare() -> None:
    """Pin this process, which makes the load, and let it hold as many connections as the machine allows."""
    os.sched_setaffinity(0, {_CORES[1]})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


_CORES = cores()


@asynccontextmanager
async def product(agents: int = 4, directory: Path | None = None) -> AsyncIterator[Running]:
    """Our server with this many signed-in agents, on an empty or the given directory."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        where = str(directory or made)
        async with _started("bench.product", "--directory", where, "--agents", str(agents)) as running:
            yield running


@asynccontextmanager
async def relay(frames: int = 2, agents: int = 4) -> AsyncIterator[Running]:
    """The bare relay that sends this many frames per message."""
    async with _started("bench.relay", "--frames", str(frames), "--agents", str(agents)) as running:
        yield running


@asynccontextmanager
async def _started(module: str, *args: str) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *args, stdout=asyncio.subprocess.PIPE, preexec_fn=_on_its_core
    )
    try:
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module} did not start; what it said stands above")
        said = json.loads(line)
        yield Running(said["port"], process.pid, said["tokens"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _on_its_core() -> None:
    os.sched_setaffinity(0, {_CORES[0]})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def median(values: Sequence[float]) -> float:
    """The middle of some measurements."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> float:
    """How far apart they lie: (largest - smallest) ÷ median. What this machine's noise amounts to."""
    return (max(values) - min(values)) / statistics.median(values)


def verdict(name: str, value: float, bound: float, at_least: bool) -> bool:
    """Print one target and whether it is reached."""
    reached = value >= bound if at_least else value <= bound
    word = "at least" if at_least else "at most"
    print(f"  {'reached' if reached else 'MISSED '}  {name}: {value:.2f} ({word} {bound:g})")
    return reached
