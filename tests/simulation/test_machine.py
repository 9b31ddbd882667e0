"""The simulated machine: its disk, threads and clocks."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from .ground import Ground
from .machine import Machine
from .platform import SimPlatform


def test_a_wreck_keeps_what_was_committed_and_nothing_else(ground: Ground, tmp_path: Path) -> None:
    machine = Machine(ground.loop, tmp_path / "data", "0")
    connection = machine.connect(machine.disk / "log")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (n)")
    connection.execute("INSERT INTO t VALUES (1)")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t VALUES (2)")
    machine.wreck()
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("COMMIT")
    again = machine.connect(machine.disk / "log")
    assert again.execute("SELECT n FROM t").fetchall() == [(1,)]
    again.close()


def test_a_thread_dies_between_two_transactions(ground: Ground, tmp_path: Path) -> None:
    found = set()
    for n in range(60):
        machine = Machine(ground.loop, tmp_path / f"{n}" / "data", str(n))
        connection = machine.connect(machine.disk / "log")
        connection.execute("CREATE TABLE t (n)")

        def call(connection: sqlite3.Connection = connection) -> None:
            for one in range(3):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO t VALUES (?)", (one,))
                connection.execute("COMMIT")

        machine.running.append(call)
        machine.wreck()
        again = machine.connect(machine.disk / "log")
        found.add(again.execute("SELECT count(*) FROM t").fetchone()[0])
        again.close()
    assert found == {0, 1, 2, 3}


def test_a_full_disk_refuses_writes_and_serves_reads(ground: Ground, tmp_path: Path) -> None:
    machine = Machine(ground.loop, tmp_path / "data", "0")
    connection = machine.connect(machine.disk / "log")
    connection.execute("CREATE TABLE t (n)")
    machine.full = True
    with pytest.raises(sqlite3.OperationalError, match="full") as caught:
        connection.execute("INSERT INTO t VALUES (1)")
    assert caught.value.sqlite_errorcode == sqlite3.SQLITE_FULL
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    machine.full = False
    connection.execute("INSERT INTO t VALUES (1)")
    connection.close()


def test_a_worker_loses_calls_or_results_with_its_process(ground: Ground, tmp_path: Path) -> None:
    machine = Machine(ground.loop, tmp_path / "data", "0")
    fates = set()
    for n in range(200):
        process = ground.loop.process(f"server {n}", "10.0.0.1")
        platform = SimPlatform(process, machine, random.Random(n), ground.trace)
        ran: list[int] = []
        answered: list[int] = []

        async def work(
            platform: SimPlatform = platform, ran: list[int] = ran, got: list[int] = answered
        ) -> None:
            await platform.worker("store").run(lambda: ran.append(1))
            got.append(1)

        process.spawn(work())
        process.kill_after(1 + n % 4, lambda: None)
        ground.run(asyncio.sleep(1))
        fates.add((len(ran), len(answered)))
    assert fates == {(0, 0), (1, 0), (1, 1)}


def test_clocks_step_and_do_not(ground: Ground, tmp_path: Path) -> None:
    machine = Machine(ground.loop, tmp_path / "data", "0")
    wall, boot = machine.wall(), machine.boot()
    machine.clock_step(-60_000)
    ground.run(asyncio.sleep(1))
    assert machine.wall() - wall == -59_000
    assert machine.boot() - boot == 1_000
