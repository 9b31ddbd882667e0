"""One customer's records written down and erased, with a server and without."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server, encode
from supportterm.protocol.frames import FromServer
from supportterm.protocol.limits import SUBPROTOCOL
from supportterm.protocol.tag import tag_of

from .running import Machine, Terminal

ORIGIN = "https://www.acme.example"
WORDS = "my-parcel-went-to-Aarhus"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.good(
        *("init", "--shop", "acme", "--origin", ORIGIN, "--data-dir", "data", "--port", "0"),
        "--password-stdin",
        stdin="correct horse battery\n",
    )
    return machine


class Browser:
    """A customer with one chat."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self.chat = secrets.token_urlsafe(16)

    async def write(self, url: str, text: str) -> None:
        """Open the chat and say something; wait until both are stored."""
        async with self._connect(url) as socket:
            await self._send(socket, frames.Hello(v=1, token=self.token))
            await self._send(socket, frames.Open(id=secrets.token_urlsafe(16), chat=self.chat))
            said = secrets.token_urlsafe(16)
            await self._until(
                socket, lambda frame: isinstance(frame, frames.Event) and frame.kind == "opened"
            )
            await self._send(socket, frames.Say(id=said, chat=self.chat, text=text))
            await self._until(socket, lambda frame: isinstance(frame, frames.Event) and frame.id == said)

    async def read(self, url: str) -> list[frames.Event]:
        """The chat as it stands now."""
        async with self._connect(url) as socket:
            await self._send(socket, frames.Hello(v=1, token=self.token))
            last = -1
            events: list[frames.Event] = []
            while not events or events[-1].seq < last:
                frame = decode_server(await socket.recv(decode=False))
                if isinstance(frame, frames.Chat):
                    last = frame.last
                elif isinstance(frame, frames.Event):
                    events.append(frame)
            return events

    def _connect(self, url: str) -> connect:
        return connect(
            f"{url}/v1/shop/acme",
            origin=Origin(ORIGIN),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
        )

    @staticmethod
    async def _send(socket: ClientConnection, frame: frames.ClientFrame) -> None:
        await socket.send(encode(frame), text=True)

    @staticmethod
    async def _until(socket: ClientConnection, wanted: object) -> FromServer:
        while True:
            frame = decode_server(await socket.recv(decode=False))
            assert not isinstance(frame, frames.Err), frame
            if frame is not None and wanted(frame):  # type: ignore[operator]
                return frame


def erased(events: list[frames.Event]) -> bool:
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    return events[-1].kind == "erased" and not any(event.text for event in events)


def files_with(directory: Path, words: str) -> list[str]:
    return [
        file.name for file in directory.iterdir() if file.is_file() and words.encode() in file.read_bytes()
    ]


@pytest.mark.parametrize("running", [True, False], ids=["with a server", "without"])
async def test_export_and_erase(machine: Machine, running: bool) -> None:
    browser = Browser()
    with machine.serve() as server:
        await browser.write(server.url, WORDS)
        if not running:
            server.stop()
        out = machine.home / "person.json"
        machine.good("export", browser.chat, "--out", str(out))
        assert out.stat().st_mode & 0o777 == 0o600
        assert WORDS in out.read_text()
        assert WORDS in machine.good("export", browser.chat)
        json.loads(out.read_text())
        assert "Erased: 1 chat " in machine.good("erase", browser.chat, "--yes")
        if running:
            assert erased(await browser.read(server.url))
            server.stop()
    assert files_with(machine.home / "data", WORDS) == []
    assert WORDS not in machine.good("export", browser.chat)
    with machine.serve() as server:
        events = await browser.read(server.url)
        assert erased(events)
        assert [event.kind for event in events].count("erased") == 1
        server.stop()


async def test_a_restored_backup_does_not_bring_the_erased_back(machine: Machine) -> None:
    browser = Browser()
    with machine.serve() as server:
        await browser.write(server.url, WORDS)
        made = machine.good("backup", ".").split(" is a checked backup")[0]
        machine.good("erase", browser.chat, "--yes")
        server.stop()
    machine.good("restore", made, "--yes")
    with machine.serve() as server:
        assert not any(event.text for event in await browser.read(server.url))
        server.stop()


async def test_who_is_erased_is_told_before_the_question(machine: Machine) -> None:
    browser = Browser()
    with machine.serve() as server:
        await browser.write(server.url, WORDS)
        server.stop()
    tag = tag_of(browser.chat)
    terminal = Terminal(machine, "erase", tag)
    terminal.until("cannot be undone")
    assert f"{tag}, shop acme, 1 chat" in terminal.shown
    terminal.press("n\n")
    assert terminal.end() == 1
    assert "nothing was changed" in terminal.shown
    assert "Nothing is held" in machine.run("erase", "nobody", "--yes").stderr
    assert WORDS in machine.good("export", tag)
    assert "Erased: 1 chat " in machine.good("erase", tag, "--yes")
    assert WORDS not in machine.good("export", browser.chat)
