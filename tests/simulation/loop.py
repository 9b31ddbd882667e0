"""An event loop in virtual time: it never waits, and jumps to the next timer when nothing is ready.

Everything runs in the order it was scheduled, in one thread, so that a run is a function of its seed.
Work belongs to a `Process` by its context; a process can be killed between any two steps, after which
nothing of it runs: no `finally`, no answer to a socket, no timer.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import weakref
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

_process: ContextVar[Process | None] = ContextVar("process", default=None)


#: So many steps without time moving are a loop that never ends.
MOMENT_STEPS = 50_000


class Stuck(RuntimeError):
    """Nothing is ready and no timer is set, yet somebody waits; or time stands still."""


class Forbidden(RuntimeError):
    """Code under simulation reached for a thread, a name server or another thing outside virtual time."""


class Process:
    """Code that lives and dies together. ``host`` is the address its connections come from."""

    def __init__(self, loop: VirtualLoop, name: str, host: str) -> None:
        self.loop = loop
        self.name = name
        self.host = host
        self.alive = True
        self.context: Context = copy_context()
        self.context.run(_process.set, self)
        self.tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self.parked: list[events.Handle] = []
        self.signals: dict[int, Callable[[], object]] = {}
        #: What happens outside the process when it dies: its sockets, its files.
        self.on_death: list[Callable[[], None]] = []
        self._dies_in = 0
        self._then: Callable[[], None] = lambda: None

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run ``work`` as a task of this process."""
        task: asyncio.Task[T] = self.loop.create_task(work, context=self.context.copy())
        return task

    def soon(self, call: Callable[..., object], *args: Any) -> None:
        """Call in this process in its next step."""
        self.loop.call_soon(call, *args, context=self.context)

    def later(self, seconds: float, call: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Call in this process after ``seconds``."""
        return self.loop.call_later(seconds, call, *args, context=self.context)

    def kill(self) -> None:
        """Stop at once; what was about to run stays parked until the funeral."""
        if self.alive:
            self.alive = False
            for outside in self.on_death:
                outside()

    def kill_after(self, steps: int, then: Callable[[], None]) -> None:
        """Die between two steps, ``steps`` from now; ``then`` is called outside the process."""
        self._dies_in, self._then = steps, then

    def step(self) -> None:
        """One step was taken."""
        if self._dies_in:
            self._dies_in -= 1
            if not self._dies_in and self.alive:
                self.kill()
                self._then()


def current() -> Process:
    """The process that runs now. Raises `Forbidden` outside of any."""
    process = _process.get()
    if process is None:
        raise Forbidden("this code belongs to no process of the simulation")
    return process


class VirtualLoop(asyncio.BaseEventLoop):
    """``time()`` is virtual seconds since the loop began."""

    _ready: deque[events.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _stopping: bool

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._steps_now = 0
        self.steps = 0
        self.network: Any = None
        self.errors: list[str] = []
        self.processes: list[Process] = []
        self.set_exception_handler(self._note_error)

    def process(self, name: str, host: str) -> Process:
        """A new process."""
        process = Process(self, name, host)
        self.processes.append(process)
        return process

    def time(self) -> float:
        return self._now

    def create_task(self, coro: Any, *, name: Any = None, context: Context | None = None) -> Any:
        task: asyncio.Task[Any] = super().create_task(coro, name=name, context=context)
        owner = _process.get() if context is None else context.get(_process)
        if owner is not None:
            owner.tasks.add(task)
        return task

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            self._drop(heapq.heappop(self._scheduled))
        if not self._ready and not self._stopping:
            if not self._scheduled:
                raise Stuck("nothing is left to happen")
            if self._scheduled[0].when() > self._now:
                self._now = self._scheduled[0].when()
                self._steps_now = 0
        while self._scheduled and self._scheduled[0].when() <= self._now:
            timer = heapq.heappop(self._scheduled)
            self._drop(timer)
            self._ready.append(timer)
        for _ in range(len(self._ready)):
            self._steps_now += 1
            if self._steps_now > MOMENT_STEPS:
                raise Stuck(f"time stands still at {self._now}, with {self._ready[0]!r}")
            handle = self._ready.popleft()
            if handle.cancelled():
                continue
            owner: Process | None = handle._context.get(_process)  # type: ignore[attr-defined]
            if owner is None:
                handle._run()
            elif owner.alive:
                handle._run()
                self.steps += 1
                owner.step()
            else:
                owner.parked.append(handle)

    @staticmethod
    def _drop(timer: asyncio.TimerHandle) -> None:
        timer._scheduled = False  # type: ignore[attr-defined]

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers leave the heap when they come up."""

    def _process_events(self, event_list: object) -> None:
        """There is no selector."""

    def _write_to_self(self) -> None:
        """Nobody sleeps, so nobody has to be woken."""

    def _note_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.errors.append(f"{context.get('message')}: {context.get('exception')!r}")

    # --- what is outside of virtual time -----------------------------------------------------------

    def run_in_executor(self, *_: Any, **__: Any) -> NoReturn:  # type: ignore[override]
        raise Forbidden("no threads in the simulation: ask the platform for a worker")

    async def getaddrinfo(self, *_: Any, **__: Any) -> NoReturn:
        raise Forbidden("no name server in the simulation")

    async def getnameinfo(self, *_: Any, **__: Any) -> NoReturn:
        raise Forbidden("no name server in the simulation")

    # --- the network -------------------------------------------------------------------------------

    async def create_server(self, protocol_factory: Any, host: Any = None, port: Any = None, **_: Any) -> Any:
        return self.network.listen(protocol_factory, port)

    async def create_connection(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **_: Any
    ) -> Any:
        return await self.network.connect(protocol_factory, port)

    async def create_unix_server(
        self, protocol_factory: Any, path: Any = None, *, sock: Any = None, **_: Any
    ) -> Any:
        name = path if sock is None else sock.getsockname()
        return self.network.listen(protocol_factory, str(name), sock)

    async def create_unix_connection(self, protocol_factory: Any, path: Any = None, **_: Any) -> Any:
        return await self.network.connect(protocol_factory, str(path))

    def add_signal_handler(  # type: ignore[override]
        self, sig: int, callback: Callable[..., object], *args: Any
    ) -> None:
        current().signals[sig] = lambda: callback(*args)

    def remove_signal_handler(self, sig: int) -> bool:
        return current().signals.pop(sig, None) is not None

    # --- the end -----------------------------------------------------------------------------------

    def bury(self) -> None:
        """End every process, dead or alive, so that nothing is left open, and close the loop.

        What runs now runs after the story: it is neither traced nor judged.
        """
        disabled = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        self.set_exception_handler(lambda loop, context: None)
        try:
            for process in self.processes:
                process.alive = True
                process.kill_after(0, lambda: None)
                self._ready.extend(process.parked)
                process.parked.clear()
            if self.network is not None:
                self.network.end()
            for _ in range(100):
                pending = [task for process in self.processes for task in process.tasks if not task.done()]
                if not pending:
                    break
                self._steps_now = 0
                for task in pending:
                    task.cancel()
                self.run_until_complete(asyncio.sleep(60))
            else:
                raise Stuck(f"these tasks do not end when cancelled: {pending}")
            self.run_until_complete(self.shutdown_asyncgens())
        finally:
            logging.disable(disabled)
            self.close()
