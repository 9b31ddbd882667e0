"""What a demo stands on: a temporary server in a process of its own, with a shop, a desk and an agent."""

from __future__ import annotations

import asyncio
import re
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, NoReturn

from server.settings import load
from supportterm.commands.common import operate
from supportterm.commands.exits import Stop
from supportterm.link import login

AGENT: Final = "demo"
SHOP: Final = "demo"

# All practice customers come from one address, as no office does.
_SETTINGS: Final = """\
[server]
port = 0
data_dir = "data"
log_level = "warning"

[limits]
connections_per_address = 5000
handshakes_per_minute = 60000

[desk.demo]
practice = true
{rules}
[shop.demo]
desk = "demo"
name = "Demo shop"
origins = ["*"]
languages = ["en", "nl", "da"]

{canned}
{reasons}"""

#: Whoever tries the demo should not wait long for the second customer.
_RULES: Final = "ramp_seconds = 3\n"

_STOP_SECONDS: Final = 10


class Stage:
    """Set up on entering, torn down on leaving: processes ended, files gone.

    ``url`` is the server's socket address, ``shop_page`` the demo shop's, ``token`` the agent's.
    ``rules``: the desk's settings that differ from the usual ones, as lines of TOML.
    """

    def __init__(self, rules: str = _RULES) -> None:
        self._rules = rules
        self.url = ""
        self.shop_page = ""
        self.token = ""
        self._stack = ExitStack()
        self._left: int | None = None

    def __enter__(self) -> Stage:
        try:
            with ExitStack() as stack:
                for number in (signal.SIGTERM, signal.SIGHUP):
                    before = signal.signal(number, self._leave)
                    stack.callback(signal.signal, number, before)
                directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="supportterm-demo-"))
                self.directory = Path(directory)
                self._serve(stack)
                self._stack = stack.pop_all()
        except BaseException:
            self._told_to_leave()
            raise
        return self

    def _leave(self, number: int, frame: FrameType | None) -> NoReturn:
        # At once, not when the stack unwinds: whoever is interrupted may not let it.
        self._left = 128 + number
        self._stack.close()
        raise SystemExit(self._left)

    def _told_to_leave(self) -> None:
        # Who was interrupted may have let nothing of it through but that the server is gone.
        if self._left is not None:
            raise SystemExit(self._left)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._told_to_leave()

    def start(self, *words: str, output: str) -> subprocess.Popen[bytes]:
        """A Python module in a process that ends with the stage; ``output`` names the file of its stdout."""
        return self._start(self._stack, words, output)

    def hire(self, agent: str, name: str) -> str:
        """One more agent of the demo's desk; their token."""
        password = self._invite(agent, name, "agent")
        return asyncio.run(login(self.url, agent, password, device="demo")).token

    def read(self, output: str) -> str:
        """What a process has written to stdout so far."""
        return (self.directory / output).read_text(encoding="utf-8", errors="replace")

    def _start(self, stack: ExitStack, words: tuple[str, ...], output: str) -> subprocess.Popen[bytes]:
        with (
            (self.directory / output).open("wb") as out,
            (self.directory / f"{output}.errors").open("wb") as errors,
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                start_new_session=True,  # ctrl+c in the terminal is for the console, not for these
            )
        stack.callback(_end, process)
        return process

    def _invite(self, agent: str, name: str, title: str) -> str:
        password = secrets.token_urlsafe(16)
        operate(
            load(self.directory / "supportterm.toml"),
            "agent_add",
            agent=agent,
            name=name,
            title=title,
            password=password,
        )
        return password

    def _serve(self, stack: ExitStack) -> None:
        file = self.directory / "supportterm.toml"
        told = {
            name: resources.files("supportterm.practice").joinpath(f"{name}.toml").read_text(encoding="utf-8")
            for name in ("canned", "reasons")
        }
        file.write_text(_SETTINGS.format(rules=self._rules, **told), encoding="utf-8")
        password = self._invite(AGENT, "Robin", "supervisor")
        with (self.directory / "server.errors").open("wb") as errors:
            server = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "supportterm.cli",
                    "serve",
                    "--demo",
                    "--until-eof",
                    "--config",
                    str(file),
                ],
                # Held by us alone, so that the server ends with us even if we are killed.
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        stack.callback(_end, server)
        assert server.stdout is not None
        found = re.fullmatch(r"listening on http://(\S+)\n", server.stdout.readline())
        if found is None:
            raise Stop(f"the demo's server did not start:\n{self.read('server.errors').strip()}")
        self.url, self.shop_page = f"ws://{found[1]}", f"http://{found[1]}/demo/"
        self.token = asyncio.run(login(self.url, AGENT, password, device="demo")).token


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Ask a process to end, and insist if it does not."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
