"""The admin socket: one JSON line asks, one JSON line answers, then it closes.

A Unix socket in the data directory with mode 0600: whoever may connect is the server's own user (or
root), and could as well open the database.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from server.administration import Administration, Failed
from server.settings import BadSettings
from server.store.interface import StoreError

_log = logging.getLogger("supportterm.admin")

SOCKET: Final = "admin.sock"
#: A request holds names and a password, or at most the beginning of a mail that came back.
_REQUEST_BYTES: Final = 524_288
_REQUEST_SECONDS: Final = 10.0
#: Room for a path in `sockaddr_un`: 108 bytes on Linux, 104 elsewhere, one of them for the end.
_PATH_BYTES: Final = 103


class NoServer(Exception):
    """Nobody listens on the admin socket."""


class NoAccess(Exception):
    """The admin socket belongs to another user. The message says what to do."""


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """One operation of `Administration` by its name."""

    op: str
    args: dict[str, Any] = {}


class Answer(msgspec.Struct, omit_defaults=True):
    """``error`` is a sentence; empty means done. ``lines`` are more sentences beneath it."""

    result: Any = None
    error: str = ""
    lines: list[str] = []
    configuration: bool = False


def socket_path(data_dir: Path) -> Path:
    """Where a server with this data directory listens."""
    return data_dir / SOCKET


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for ``path`` that fits into a socket address. Raises `Failed` where there is none."""
    if len(os.fsencode(path)) <= _PATH_BYTES:
        yield str(path)
        return
    if not Path("/proc/self/fd").is_dir():
        raise Failed(
            f"The path of the admin socket is too long ({path}; {_PATH_BYTES} bytes fit): set a shorter"
            " `data_dir` in [server]."
        )
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


class AdminServer:
    """Listens for operators. The caller holds the data directory's lock, so an old socket is nobody's."""

    def __init__(self, path: Path, administration: Administration) -> None:
        self._path = path
        self._administration = administration
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen. Raises `Failed` if the path is too long, or OSError."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _short(self._path) as short:
                listener.bind(short)
            # Nobody can connect before it listens, so nobody comes in under the wider mode.
            self._path.chmod(0o600)
            self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=_REQUEST_BYTES)
        except BaseException:
            listener.close()
            raise

    async def stop(self) -> None:
        """Stop listening and let running operations end."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        current = asyncio.current_task()
        calls = [call for call in self._calls if call is not current]
        if calls:
            await asyncio.wait(calls)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                line = await reader.readline()
            if line:
                writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
                await writer.drain()
        except (OSError, TimeoutError, ValueError):
            pass  # gone, silent or too long: nobody is left to be told
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, line: bytes) -> Answer:
        try:
            request = msgspec.json.decode(line, type=Request)
        except msgspec.DecodeError:
            return Answer(error="This is not a request this server knows: is it older than your command?")
        try:
            return Answer(result=await self._administration.call(request.op, request.args))
        except (Failed, StoreError) as error:
            return Answer(error=str(error))
        except BadSettings as error:
            return Answer(
                error="The settings were not applied; the server goes on with the old ones.",
                lines=error.problems,
                configuration=True,
            )
        except Exception:
            _log.exception("an operation failed", extra={"op": request.op})
            return Answer(error=f"`{request.op}` failed inside the server: its log says why.")


async def call(path: Path, op: str, **args: Any) -> Any:
    """Ask the server that listens at ``path``; its result.

    Raises `NoServer`, `NoAccess`, `Failed` with the server's sentence, or `BadSettings` with several.
    """
    try:
        with _short(path) as short:
            reader, writer = await asyncio.open_unix_connection(short)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NoServer from None
    except PermissionError:
        raise NoAccess(
            f"You may not use {path}: run this as the user that runs the server, for example with sudo."
        ) from None
    try:
        writer.write(msgspec.json.encode(Request(op, args)) + b"\n")
        await writer.drain()
        line = await reader.read()  # to the end: an export may be long
    except OSError:
        line = b""
    finally:
        writer.close()
    if not line.endswith(b"\n"):
        raise Failed("The server stopped before it answered: look at its log, then try again.")
    answer = msgspec.json.decode(line, type=Answer)
    if answer.configuration:
        raise BadSettings([*answer.lines, answer.error])
    if answer.error:
        raise Failed("\n".join([answer.error, *answer.lines]))
    return answer.result
