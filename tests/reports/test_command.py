"""`supportterm report service` as a person types it, with a server and without."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.administration import Administration, Failed
from server.gateway.admin import AdminServer, call, socket_path
from server.platform import RealPlatform
from server.reports.asking import scope_of
from server.reports.service import Reports
from server.settings import parse
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore

from ..admin.running import Machine
from .desk import DAY, Room, at

TOML = """
[server]
data_dir = "data"
port = 0
[desk.main]
[desk.play]
practice = true
[shop.acme]
desk = "main"
time_zone = "Europe/Amsterdam"
[shop.nord]
desk = "main"
time_zone = "Europe/Amsterdam"
[shop.demo]
desk = "play"
"""

REASONS = """
[[shop.acme.reason]]
id = "late"
label = { en = "Parcel late", nl = "Pakket te laat" }
value = "neither"
[[shop.acme.reason.mandate]]
id = "voucher"
label = { en = "Voucher", nl = "Bon" }
insert = { en = "A voucher: …" }
"""


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    """A machine with settings and a log."""
    (tmp_path / "supportterm.toml").write_text(TOML)
    store = await SqliteStore.open(tmp_path / "data" / DATABASE, RealPlatform())
    room, practice = Room(), Room("play")
    room.online("anna", 0)
    room.chat("a").asks(0).joined(1).says(10).closed(60)
    room.chat("b", 100, shop="nord").asks(100).joined(101).says(130).closed(200)
    room.gone("anna", 1_000)
    practice.chat("c", shop="demo").asks(0).joined(1, "bo").says(500, "bo")
    await room.store(store)
    await practice.store(store)
    await store.close()
    return Machine(tmp_path)


def test_without_a_server(machine: Machine) -> None:
    table = machine.good("report", "service", "--since", DAY, "--until", DAY)
    assert table.startswith(f"Service, {DAY} (Europe/Amsterdam), desk main\n")
    assert "20.0 s" in table  # (10 + 30) / 2
    report = json.loads(
        machine.good("report", "service", "--since", DAY, "--until", DAY, "--by", "shop", "--format", "json")
    )
    assert [row[:3] for row in report["rows"]] == [["acme", 1, 10.0], ["nord", 1, 30.0], ["all", 2, 20.0]]
    lines = machine.good(
        *("report", "service", "--since", DAY, "--until", DAY, "--by", "hour", "--format", "csv"),
    ).splitlines()
    assert lines[0].startswith("hour,chats (chats),first_avg (s)")
    assert lines[1].startswith("10:00,2,20.0,")  # nine in UTC
    assert "No chats in this time." in machine.good(
        "report", "service", "--since", "2026-01-01", "--until", DAY[:-2] + "01"
    )


async def test_promises(machine: Machine) -> None:
    store = await SqliteStore.open(machine.home / "data" / DATABASE, RealPlatform())
    room = Room()
    chat = room.chat("p").asks(0).joined(1).says(10)
    chat.add(10, "promised", "agent:anna", due_at=at(130)).says(100)
    chat.add(100, "promise_ended", "agent:anna", how="kept")
    await room.store(store)
    await store.close()
    words = ("report", "promises", "--since", DAY, "--until", DAY)
    report = json.loads(machine.good(*words, "--by", "agent", "--format", "json"))
    assert [row[:3] for row in report["rows"]] == [["anna", 1, 1], ["all", 1, 1]]
    assert machine.good(*words).startswith(f"Promises, {DAY} (Europe/Amsterdam), desk main\n")
    assert machine.good(*words, "--by", "day", "--format", "csv").startswith("day,made (promises),")
    assert "invalid choice" in machine.run(*words, "--by", "moon").stderr


async def test_reasons(machine: Machine) -> None:
    with (machine.home / "supportterm.toml").open("a") as file:
        file.write(REASONS)
    store = await SqliteStore.open(machine.home / "data" / DATABASE, RealPlatform())
    room = Room()
    chat = room.chat("why").asks(0).joined(1).says(10)
    chat.add(20, "told", "agent:anna", reason="late", mandate="voucher").closed(60)
    room.chat("old").asks(0).joined(1).says(10).add(20, "told", "agent:anna", reason="gone").closed(60)
    await room.store(store)
    await store.close()
    words = ("report", "reasons", "--since", DAY, "--until", DAY)
    table = machine.good(*words)
    assert table.startswith(f"Reasons, {DAY} (Europe/Amsterdam), desk main\n")
    assert "Parcel late " in table
    assert max(map(len, table.splitlines())) <= 80
    report = json.loads(machine.good(*words, "--language", "nl", "--format", "json"))
    ids = [column["id"] for column in report["columns"]]
    rows = [
        [row[ids.index(name)] for name in ("reason", "chats", "quadrant", "given")] for row in report["rows"]
    ]
    assert rows == [
        ["gone", 1, None, 0],
        ["Pakket te laat", 1, "eliminate", 1],
        ["Bon", None, None, 1],
        ["no reason picked", 2, None, 0],
        ["all", 4, None, 1],
    ]
    unknown = machine.run(*words, "--language", "zz")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "supportterm.toml, no reason has a `label` in `zz`: known languages: `" in unknown.stderr
    lines = machine.good(*words, "--by", "shop", "--format", "csv").splitlines()
    assert lines[0].startswith("shop,reason,chats (chats),share (%),")
    assert [line.split(",")[:3] for line in lines[1:3]] == [
        ["acme", "gone", "1"],
        ["acme", "Parcel late", "1"],
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--since", "2026-03-02", "--until", "2026-03-01"), 1, "would end before it begins"),
        (("--since", "monday"), 1, "`--since monday` is no day: write it as 2026-03-31."),
        (("--desk", "other"), 1, "There is no desk `other`: there are main, play."),
        (("--desk", "play"), 1, "practice stays out of all figures"),
        (("--shop", "acne"), 1, "There is no shop `acne`"),
        (("--target", "0"), 1, "must be from 1 to 86400 seconds"),
        (("--zone", "Mars"), 1, "There is no time zone `Mars`"),
        (("--by", "moon"), 2, "invalid choice: 'moon'"),
        (("--target", "soon"), 2, "invalid int value: 'soon'"),
    ],
)
def test_mistakes(machine: Machine, words: tuple[str, ...], code: int, said: str) -> None:
    done = machine.run("report", "service", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_with_a_server(machine: Machine) -> None:
    words = ("report", "service", "--since", DAY, "--until", DAY, "--format", "json")
    with machine.serve() as server:
        while_it_runs = json.loads(machine.good(*words))
        server.stop()
    alone = json.loads(machine.good(*words))
    # Without a server time ends with the last event; the shops are open all the time.
    reachable = [column["id"] for column in alone["columns"]].index("reachable")
    assert while_it_runs["rows"][0][:reachable] == alone["rows"][0][:reachable]
    assert while_it_runs["rows"][0][reachable] < alone["rows"][0][reachable] == 100


@pytest.fixture
async def administration(machine: Machine) -> AsyncIterator[Administration]:
    platform = RealPlatform()
    settings = parse(TOML, machine.home / "supportterm.toml")
    store = await SqliteStore.open(settings.data_dir / DATABASE, platform)
    reports = Reports(store, platform, scope_of(settings))
    made = Administration(store, platform, settings, reports=reports)
    yield made
    await made.stop()
    await reports.stop()
    await store.close()


async def test_over_the_admin_socket(administration: Administration, machine: Machine) -> None:
    path = socket_path(machine.home / "data")
    server = AdminServer(path, administration)
    await server.start()
    found = await call(path, "report", since=DAY, until=DAY, by="day", target=20)
    assert (found["zone"], found["desks"]) == ("Europe/Amsterdam", ["main"])
    assert found["report"]["rows"][0][:2] == [DAY, 2]
    with pytest.raises(Failed, match="There is no desk `x`"):
        await call(path, "report", desk="x")
    with pytest.raises(Failed, match="takes other arguments"):
        await call(path, "report", moon=1)
    await server.stop()
