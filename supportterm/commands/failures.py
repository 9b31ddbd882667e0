"""Exceptions of everything below, told as sentences."""

from __future__ import annotations

import errno

from supportterm.commands.exits import Exit, Stop


def explained(error: Exception) -> Stop:
    """What a person should be told about ``error``, and the exit code for it."""
    for explain in (_link, _server, _machine):
        stop = explain(error)
        if stop is not None:
            return stop
    return Stop(
        f"something went wrong that should not have: {type(error).__name__}: {error}. Run it again with"
        " SUPPORTTERM_DEBUG=1 to see where, and tell us."
    )


def _link(error: Exception) -> Stop | None:
    from supportterm.link import LinkError

    return Stop(str(error), Exit.UNREACHABLE) if isinstance(error, LinkError) else None


def _server(error: Exception) -> Stop | None:
    from server.administration import Failed
    from server.gateway.admin import NoAccess
    from server.settings import BadSettings
    from server.store.interface import StoreError

    match error:
        case BadSettings():
            return Stop("\n  ".join(["the settings have mistakes:", *error.problems]), Exit.SETTINGS)
        case StoreError():
            return Stop(str(error), Exit.DATA)
        case Failed() | NoAccess():
            return Stop(str(error), Exit.FAILED)
    return None


def _machine(error: Exception) -> Stop | None:
    if not isinstance(error, OSError):
        return None
    name = str(error.filename or "")
    said = error.strerror or str(error)
    if isinstance(error, PermissionError):
        return Stop(f"you may not use {name or 'this'} ({said}): run it as the user the server runs as.")
    if error.errno == errno.ENOSPC:
        return Stop(f"the disk is full{f' ({name})' if name else ''}: make room, then try again.", Exit.DATA)
    if error.errno == errno.EROFS:
        return Stop(f"{name or 'the disk'} is read-only: mount it writable, then try again.", Exit.DATA)
    return Stop(f"{name}: {said}." if name else f"{said}.")
