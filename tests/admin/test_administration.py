"""What an operator may do, and the socket it travels over."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.administration import OPERATIONS, Administration, Failed
from server.gateway.admin import AdminServer, NoServer, call, socket_path
from server.settings import BadSettings, Limits, Settings
from server.signin import SignIn
from server.store.interface import Agent
from server.store.sqlite import SqliteStore

from .conftest import TurnedClock

PASSWORD = "correct horse battery"


class Watched:
    """A running server's side, which writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def sessions_ended(self, agent: str) -> None:
        self.told.append(agent)

    async def agent_moved(self, agent: str, desk: str) -> None:
        self.told.append((agent, desk))

    async def people_changed(self, desk: str) -> None:
        self.told.append(desk)

    async def person_erased(self, customer: str, chats: list[str]) -> None:
        self.told.append((customer, chats))

    async def reload(self) -> list[str]:
        raise BadSettings(["supportterm.toml: first.", "supportterm.toml: second."])

    async def mail_bounce(self, message: bytes) -> str:
        return "told" if message else "none"

    async def mail_retry(self) -> dict[str, Any]:
        return {"waiting": 0, "why": ""}

    def status(self) -> dict[str, Any]:
        return {"connections": 3}

    def lowered(self) -> dict[str, int]:
        return {"anna": 220}


@pytest.fixture
def live() -> Watched:
    return Watched()


@pytest.fixture
async def admin(
    store: SqliteStore, platform: TurnedClock, settings: Settings, live: Watched
) -> AsyncIterator[Administration]:
    made = Administration(store, platform, settings, live)
    yield made
    await made.stop()


@pytest.fixture
async def socket(admin: Administration, settings: Settings) -> AsyncIterator[Path]:
    path = socket_path(settings.data_dir)
    server = AdminServer(path, admin)
    await server.start()
    yield path
    await server.stop()
    assert not path.exists()


async def test_an_agents_life(
    admin: Administration, store: SqliteStore, platform: TurnedClock, live: Watched
) -> None:
    made = await admin.agent_add("anna", languages=["nl", "en"])
    assert (made["agent"], made["desk"], made["days"]) == ("anna", "main", 7)
    signin = SignIn(store, platform, Limits())
    token, agent = await signin.accept_invite(made["code"], PASSWORD, "192.0.2.1", "")
    assert (agent.name, agent.languages) == ("Anna", ("nl", "en"))
    assert await signin.agent_of(token) is not None

    assert await admin.agent_passwd("anna", "another long one") == {"agent": "anna", "ended": 1}
    assert live.told == ["main", "anna"]
    signin.forget("anna")
    assert await signin.agent_of(token) is None
    await signin.login("anna", "another long one", "192.0.2.1", "")

    assert await admin.agent_disable("anna") == {"agent": "anna", "ended": 1}
    with pytest.raises(Failed, match="disabled already"):
        await admin.agent_disable("anna")
    with pytest.raises(Failed, match="--undo"):
        await admin.agent_invite("anna")
    (listed,) = await admin.agent_list()
    assert listed["disabled"]
    assert listed["by_pace"] == 220
    assert "another long one" not in str(listed)
    await admin.agent_disable("anna", undo=True)
    await signin.login("anna", "another long one", "192.0.2.1", "")
    await signin.stop()


@pytest.mark.parametrize(
    ("op", "args", "said"),
    [
        ("agent_add", {"agent": "Anna"}, "cannot be a login name"),
        ("agent_add", {"agent": "anna", "desk": "mian"}, "There is no desk `mian`"),
        ("agent_add", {"agent": "anna", "title": "boss"}, "is no title"),
        ("agent_add", {"agent": "anna", "limit": 99}, "from 1 to 50"),
        ("agent_add", {"agent": "anna", "name": "An\x1b[31mna"}, "cannot be seen"),
        ("agent_add", {"agent": "anna", "name": "An\u202ena"}, "cannot be seen"),
        ("agent_add", {"agent": "anna", "password": "short"}, "too short"),
        ("agent_add", {"agent": "anna", "ceiling": 120}, "from 1.25 to 50 points"),
        ("agent_add", {"agent": "anna", "ceiling": 5_001}, "from 1.25 to 50 points"),
        (
            "agent_add",
            {"agent": "anna", "skills": ["retruns"]},
            "has no skill `retruns`: did you mean `returns`",
        ),
        (
            "agent_add",
            {"agent": "anna", "languages": ["fr"]},
            r"has the language `fr`: known languages: `nl`, `en`\. A new one is added to `languages`",
        ),
        ("agent_set", {"agent": "nobody", "limit": 3}, "no agent `nobody`"),
        ("agent_passwd", {"agent": "nobody", "password": PASSWORD}, "no agent `nobody`"),
        ("agent_invite", {"agent": "nobody"}, "no agent `nobody`"),
        ("agent_disable", {"agent": "nobody"}, "no agent `nobody`"),
        ("backup", {"target": "relative.db"}, "absolute path"),
        ("backup", {"target": "/nowhere/at/all.db"}, "no directory /nowhere/at"),
        ("export", {"person": "nobody"}, "Nothing is held"),
        ("erase", {"person": "nobody"}, "Nothing is held"),
        ("explode", {}, "does not know `explode`"),
        ("agent_invite", {"agnet": "x"}, "other arguments"),
    ],
)
async def test_refusals_are_sentences(
    admin: Administration, op: str, args: dict[str, Any], said: str
) -> None:
    with pytest.raises(Failed, match=said):
        await admin.call(op, args)


async def test_what_an_agent_may_carry_is_changed_while_the_server_runs(
    admin: Administration, store: SqliteStore, live: Watched
) -> None:
    await admin.agent_add(
        "tess", password=PASSWORD, languages=["nl"], skills=["returns"], trainee=True, ceiling=150
    )
    tess = await store.agent("tess")
    assert tess is not None
    assert (tess.skills, tess.ceiling, tess.trainee, tess.limit) == (("returns",), 150, True, 0)
    live.told.clear()

    done = await admin.agent_set(
        "tess",
        trainee=False,
        ceiling=0,
        limit=4,
        skills=["technical", "technical"],
        languages=[],
        title="supervisor",
    )
    assert done == {
        "agent": "tess",
        "changed": ["ceiling", "languages", "limit", "skills", "title", "trainee"],
    }
    assert live.told == ["main"]
    changed = await store.agent("tess")
    assert changed is not None
    assert (changed.skills, changed.languages, changed.ceiling, changed.limit) == (("technical",), (), 0, 4)
    assert (changed.title, changed.trainee, changed.password) == ("supervisor", False, tess.password)
    (listed,) = await admin.agent_list()
    assert (listed["skills"], listed["ceiling"], listed["trainee"]) == (["technical"], 0, False)


async def test_shifts_are_kept_as_they_were_written_and_taken_away_again(
    admin: Administration, store: SqliteStore, live: Watched
) -> None:
    await admin.agent_add("tess", password=PASSWORD, shifts=["Mon-Wed  9:00-17:00", "sat 10:00-14:00"])
    tess = await store.agent("tess")
    assert tess is not None
    assert tess.shifts == ("mon-wed 9:00-17:00", "sat 10:00-14:00")
    live.told.clear()
    assert await admin.agent_set("tess", shifts=["sun 9:00-12:00"]) == {
        "agent": "tess",
        "changed": ["shifts"],
    }
    assert live.told == ["main"]
    (listed,) = await admin.agent_list()
    assert listed["shifts"] == ["sun 9:00-12:00"]
    await admin.agent_set("tess", shifts=[])
    (listed,) = await admin.agent_list()
    assert listed["shifts"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "nothing was changed"),
        (
            {"shifts": ["9:00-17:00"]},
            'The shift "9:00-17:00" cannot be read: write one such as "mon-fri 9:00',
        ),
        ({"shifts": ["mo 9:00-17:00"]}, 'The shift "mo 9:00-17:00" has the day "mo": write one of mon, tue'),
        ({"shifts": ["mon 9-17"]}, 'A shift has "9-17": did you mean "9:00-17:00"?'),
        ({"shifts": ["mon-tue 9:00-17:00", "tue 16:00-18:00"]}, "A shift has .* overlap: write one span"),
        ({"title": "agent", "limit": 0}, "nothing was changed"),
        ({"title": "boss"}, "`boss` is no title"),
        ({"limit": 51}, "from 1 to 50"),
        ({"ceiling": 1}, "from 1.25 to 50"),
        ({"name": " "}, "The name is empty"),
        ({"skills": ["plumbing"]}, "known skills: `returns`, `technical`"),
        ({"languages": ["dutch"]}, "has the language `dutch`"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(
    admin: Administration, store: SqliteStore, live: Watched, change: dict[str, Any], said: str
) -> None:
    await admin.agent_add("anna", password=PASSWORD)
    before = await store.agent("anna")
    live.told.clear()
    with pytest.raises(Failed, match=said):
        await admin.agent_set("anna", **change)
    assert await store.agent("anna") == before
    assert live.told == []


async def test_what_no_longer_fits_hinders_no_other_change(admin: Administration, store: SqliteStore) -> None:
    """A skill that the settings have dropped since, and a desk that is gone."""
    await store.save_agent(Agent("anna", "Anna", "main", skills=("plumbing",)))
    await store.save_agent(Agent("bo", "Bo", "former"))
    assert (await admin.agent_set("anna", limit=3))["changed"] == ["limit"]
    assert (await admin.agent_set("bo", skills=["plumbing"]))["changed"] == ["skills"]


async def test_one_name_one_agent(admin: Administration) -> None:
    await admin.agent_add("anna", password=PASSWORD)
    with pytest.raises(Failed, match="already: choose another name"):
        await admin.agent_add("anna")


async def test_a_backup_is_a_new_file(admin: Administration, tmp_path: Path) -> None:
    await admin.agent_add("anna", password=PASSWORD)
    done = await admin.backup(str(tmp_path))
    assert Path(done["target"]).stat().st_size == done["bytes"] > 0
    with pytest.raises(Failed, match="exists already"):
        await admin.backup(done["target"])


async def test_over_the_socket(socket: Path, admin: Administration) -> None:
    made = await call(socket, "agent_add", agent="bo", password=PASSWORD)
    assert made == {"agent": "bo", "desk": "main"}
    assert [agent["agent"] for agent in await call(socket, "agent_list")] == ["bo"]
    assert (await call(socket, "status"))["connections"] == 3
    with pytest.raises(Failed, match="already"):
        await call(socket, "agent_add", agent="bo", password=PASSWORD)
    with pytest.raises(BadSettings) as bad:
        await call(socket, "reload")
    assert bad.value.problems[:2] == ["supportterm.toml: first.", "supportterm.toml: second."]


async def test_only_its_user_may_open_the_socket(socket: Path) -> None:
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_ISSOCK(socket.stat().st_mode)


@pytest.mark.parametrize("line", [b"{}\n", b"nonsense\n", b'{"op":"status","args":[]}\n', b'{"op":"call"}\n'])
async def test_nonsense_gets_a_sentence(socket: Path, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(line)
    answer = await reader.read()
    writer.close()
    assert b"older than your command" in answer


async def test_what_is_no_operation_cannot_be_called(admin: Administration) -> None:
    for name in ("call", "stop", "apply", "_found", "__init__"):
        assert name not in OPERATIONS
        with pytest.raises(Failed, match="does not know"):
            await admin.call(name, {})


async def test_a_flood_without_a_line_is_cut_off(socket: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(b"x" * 200_000)
    assert await reader.read() == b""
    writer.close()
    assert (await call(socket, "status"))["connections"] == 3


async def test_an_old_socket_is_replaced(admin: Administration, tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    first = AdminServer(path, admin)
    await first.start()
    second = AdminServer(path, admin)
    await second.start()
    assert (await call(path, "status"))["connections"] == 3
    await second.stop()
    await first.stop()
    with pytest.raises(NoServer):
        await call(path, "status")


async def test_a_long_path_works_or_says_so(admin: Administration, tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 40)
    directory.mkdir()
    server = AdminServer(directory / "admin.sock", admin)
    if not Path("/proc/self/fd").is_dir():
        with pytest.raises(Failed, match="too long"):
            await server.start()
        return
    await server.start()
    assert (await call(directory / "admin.sock", "status"))["connections"] == 3
    await server.stop()
