"""``supportterm serve``: the server in this process."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import signal
import socket
import ssl
import sys
from argparse import Namespace
from functools import partial

from server import logs
from server.node import Node, serve
from server.settings import Settings
from supportterm.commands.common import make_data_dir, settings_of
from supportterm.commands.exits import Stop

_log = logging.getLogger("supportterm")


def run(args: Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = settings_of(args)
    make_data_dir(settings)
    os.umask(0o077)  # the database, its log and the admin socket are for the server's user only
    logs.configure(settings.server.log_level, settings.server.log_format)
    _open_files(settings)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(
                serve(settings, ready=partial(_ready, until_eof=args.until_eof), demo=args.demo)
            )
    except (OSError, OverflowError) as error:
        raise _stop(error, settings) from None


def _ready(node: Node, *, until_eof: bool) -> None:
    """Say on stdout where it listens; a program that started us waits for this line."""
    if until_eof:
        _end_with_stdin()
    host, port = node.address
    scheme = "https" if node.settings.server.tls_cert else "http"
    print(f"listening on {scheme}://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def _end_with_stdin() -> None:
    """Stop as on SIGTERM when nobody holds the other end of stdin any more.

    A pipe ends with the process that holds it, however that ended: who is killed can say nothing.
    """

    def look() -> None:
        if not os.read(stdin, 65_536):
            loop.remove_reader(stdin)
            signal.raise_signal(signal.SIGTERM)

    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()
    loop.add_reader(stdin, look)


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


def _open_files(settings: Settings) -> None:
    """Each connection is an open file: take as many as the system gives, and say if that is too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = settings.limits.connections + 256
    if soft != resource.RLIM_INFINITY and soft < need:
        allowed = need if hard == resource.RLIM_INFINITY else min(need, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        if allowed < need:
            _log.warning(
                "the server goes on, but with fewer connections: the system allows %s open files, and %s"
                " connections need %s. Raise LimitNOFILE (systemd) or `ulimit -n`, or lower `connections` in"
                " [limits].",
                allowed,
                settings.limits.connections,
                need,
            )


def _stop(error: OSError | OverflowError, settings: Settings) -> Exception:
    """A sentence about what kept the server from listening; other errors as they are."""
    host, port, file = settings.server.host, settings.server.port, settings.path
    number = getattr(error, "errno", None)
    if isinstance(error, socket.gaierror) or number == errno.EADDRNOTAVAIL:
        return Stop(f"{host} is not an address of this machine: set another `host` in [server] of {file}.")
    if number == errno.EADDRINUSE:
        return Stop(
            f"port {port} on {host} is in use: stop the program that has it, or set another `port` in"
            f" [server] of {file}."
        )
    if isinstance(error, ssl.SSLError):
        return Stop(
            f"the certificate or its key cannot be used ({error.reason or error}): look at `tls_cert` and"
            f" `tls_key` in [server] of {file}."
        )
    if isinstance(error, PermissionError) and not error.filename:
        return Stop(
            f"you may not listen on port {port}: set a `port` from 1024 on in [server] of {file} and put a"
            " reverse proxy in front, or give the service CAP_NET_BIND_SERVICE."
        )
    return error
