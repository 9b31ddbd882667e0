"""What goes wrong, drawn: each seed has its own mixture of faults."""

from __future__ import annotations

import random
from collections.abc import Callable

from .device import Device
from .host import Host
from .loop import VirtualLoop
from .network import Network, Wire
from .trace import Trace


class Weather:
    """Calls down one fault at a time; `clear` heals all that does not heal by itself."""

    def __init__(
        self, loop: VirtualLoop, network: Network, host: Host, devices: list[Device], trace: Trace
    ) -> None:
        self._loop = loop
        self._network = network
        self._host = host
        self._devices = devices
        self._trace = trace
        self._over = False
        self._dice = dice = random.Random(f"{network.seed}/weather")
        kinds: list[Callable[[], None]] = [
            self.cut,
            self.half_open,
            self.delay,
            self.stall,
            self.offline,
            self.crash,
            self.crash,
            self.stop,
            self.disk_full,
            self.disk_read_only,
            self.disk_slow,
            self.clock_step,
            self.reload_device,
            self.go_away,
            self.in_mid_handoff,
        ]
        self.kinds = [kind for kind in kinds if dice.random() < 0.6] or kinds

    def strike(self) -> None:
        """One fault."""
        self._dice.choice(self.kinds)()

    def in_mid_handoff(self) -> None:
        """The server dies while a chat is being handed on."""
        if self.in_mid_handoff in self.kinds and self._host.up and self._dice.random() < 0.3:
            self._host.crash(self._dice.randrange(1, 400), False, self._dice.expovariate(1 / 3))

    def around_a_deadline(self, seconds: float) -> None:
        """Just when a promise falls due the server dies, its clock is set, or somebody hears nothing."""
        if self._dice.random() < 0.6:
            faults = (self.crash, self.crash, self.stop, self.cut, self.offline, *[self.clock_step] * 4)
            fault = self._dice.choice(faults)
            # At the very moment, around it, or while the promise runs: most do not run to their end.
            while_it_runs = self._dice.uniform(-seconds, 0)
            off = self._dice.choice((0.0, self._dice.uniform(-3, 3), while_it_runs, while_it_runs))
            self._after(max(0.0, seconds + off), lambda: None if self._over else fault())

    def clear(self) -> None:
        """The sun comes out: nothing new goes wrong, and what was broken works."""
        self._trace("weather", "clears")
        self._over = True
        if self._host.process is not None:
            self._host.process.kill_after(0, lambda: None)
        machine = self._host.machine
        machine.full = machine.read_only = False
        machine.slow = 0.0
        self._network.offline.clear()
        for wire in self._network.wires:
            wire.client.stall(False)
            wire.server.stall(False)

    def _wire(self) -> Wire | None:
        wires = [wire for wire in self._network.wires if not wire.over and isinstance(wire.port, int)]
        return self._dice.choice(wires) if wires else None

    def _after(self, seconds: float, heal: Callable[[], None]) -> None:
        self._loop.call_later(seconds, heal)

    # --- the network -----------------------------------------------------------------------------------

    def cut(self) -> None:
        if wire := self._wire():
            self._trace("weather", f"cuts {wire.number}")
            wire.cut()

    def half_open(self) -> None:
        if wire := self._wire():
            self._trace("weather", f"silences {wire.number}")
            wire.half_open()

    def delay(self) -> None:
        if wire := self._wire():
            seconds = self._dice.uniform(0.2, 8)
            self._trace("weather", f"delays {wire.number} by {seconds:.3f}")
            wire.delay(seconds, self._loop.time() + self._dice.uniform(1, 10))

    def stall(self) -> None:
        if wire := self._wire():
            seconds = self._dice.uniform(1, 40)
            end = self._dice.choice((wire.client, wire.client, wire.server))
            self._trace("weather", f"stalls {wire.number} at {end.process.name} for {seconds:.3f}")
            end.stall(True)
            self._after(seconds, lambda: end.stall(False))

    def offline(self) -> None:
        device = self._dice.choice(self._devices)
        host = device.person.host
        seconds = self._dice.expovariate(1 / 15)
        self._trace("weather", f"takes {host} offline for {seconds:.3f}")
        self._network.offline.add(host)
        for wire in self._network.wires:
            if wire.client.process.host == host:
                wire.half_open()
        self._after(seconds, lambda: self._network.offline.discard(host))

    # --- the server and its machine ----------------------------------------------------------------------

    def crash(self) -> None:
        if self._host.up:
            # A few steps reach into the middle of what runs now, many into whatever comes.
            steps = self._dice.choice((self._dice.randrange(1, 30), self._dice.randrange(1, 1_500)))
            self._host.crash(steps, self._dice.random() < 0.4, self._dice.expovariate(1 / 3))

    def stop(self) -> None:
        self._host.stop()

    def disk_full(self) -> None:
        self._fail_disk("full")

    def disk_read_only(self) -> None:
        self._fail_disk("read_only")

    def _fail_disk(self, how: str) -> None:
        seconds = self._dice.expovariate(1 / 6)
        self._trace("weather", f"makes the disk {how} for {seconds:.3f}")
        machine = self._host.machine
        setattr(machine, how, True)
        self._after(seconds, lambda: setattr(machine, how, False))

    def disk_slow(self) -> None:
        seconds = self._dice.expovariate(1 / 6)
        machine = self._host.machine
        machine.slow = self._dice.uniform(0.05, 3)
        self._trace("weather", f"slows the disk by {machine.slow:.3f} for {seconds:.3f}")

        def heal() -> None:
            machine.slow = 0.0

        self._after(seconds, heal)

    def clock_step(self) -> None:
        milliseconds = self._dice.choice((-1, 1)) * self._dice.choice((40, 2_000, 90_000, 3_600_000))
        self._trace("weather", f"steps the clock by {milliseconds}")
        self._host.machine.clock_step(milliseconds)

    # --- the clients ------------------------------------------------------------------------------------

    def reload_device(self) -> None:
        device = self._dice.choice(self._devices)
        device.kill()
        self._after(self._dice.expovariate(1 / 2), lambda: None if device.running else device.start())

    def go_away(self) -> None:
        """A console's process dies, or a page is closed; it comes back when the grace time is over."""
        device = self._dice.choice(self._devices)
        device.kill()
        self._after(self._dice.uniform(21, 50), lambda: None if device.running else device.start())
