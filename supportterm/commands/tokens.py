"""Sign-ins kept on this machine: in the system's keyring if there is one, else in a file of mode 0600."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import platformdirs

from supportterm.commands.exits import Stop

_SERVICE: Final = "supportterm"


class SignedIn(msgspec.Struct):
    """A sign-in: who, where, and the token if it is in the file (else it is in the keyring)."""

    agent: str
    token: str = ""


class _File(msgspec.Struct):
    last: str = ""
    servers: dict[str, SignedIn] = {}


class Keyring(Protocol):
    """The part of the `keyring` package that is used."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Keyring | None:
    """The keyring, if the package is installed and has somewhere to keep things."""
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]

        backend: Any = keyring.get_keyring()
        usable = backend.priority >= 1
    except Exception:  # whatever a desktop's keyring trips over, the file works
        return None
    return backend if usable else None


class Tokens:
    """One sign-in for each server's address."""

    def __init__(self, file: Path | None = None, keyring: Keyring | None = None) -> None:
        self._path = file or platformdirs.user_config_path("supportterm") / "signins.json"
        self._keyring = keyring if file else system_keyring()

    def servers(self) -> list[str]:
        """Every server signed in to."""
        return sorted(self._read().servers)

    def last(self) -> str:
        """The server used last, or ""."""
        return self._read().last

    def agent(self, url: str) -> str:
        """Who is signed in there, or ""."""
        known = self._read().servers.get(url)
        return known.agent if known is not None else ""

    def token(self, url: str) -> str:
        """The token for a server, or ""."""
        known = self._read().servers.get(url)
        if known is None or known.token:
            return known.token if known is not None else ""
        if self._keyring is not None:
            with suppress(Exception):  # a locked keyring is a missing sign-in
                return self._keyring.get_password(_SERVICE, url) or ""
        return ""

    def keep(self, url: str, agent: str, token: str) -> None:
        """Keep a sign-in and make its server the last used."""
        file = self._read()
        kept = False
        if self._keyring is not None:
            with suppress(Exception):
                self._keyring.set_password(_SERVICE, url, token)
                kept = True
        file.servers[url] = SignedIn(agent, "" if kept else token)
        file.last = url
        self._write(file)

    def use(self, url: str) -> None:
        """Remember that this server was used last."""
        file = self._read()
        if file.last != url:
            file.last = url
            self._write(file)

    def forget(self, url: str) -> bool:
        """Drop a sign-in; whether there was one."""
        file = self._read()
        if file.servers.pop(url, None) is None:
            return False
        if self._keyring is not None:
            with suppress(Exception):
                self._keyring.delete_password(_SERVICE, url)
        if file.last == url:
            file.last = next(iter(file.servers), "")
        self._write(file)
        return True

    def prepare(self) -> None:
        """Make the folder they are kept in: an invitation works once, so what cannot be kept is not asked
        for. Raises `Stop`."""
        folder = self._path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._closed(error) from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise self._closed(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        self._read()

    def _closed(self, error: OSError) -> Stop:
        return Stop(
            f"your sign-ins are kept in {self._path}, which you may not use ({error.strerror}): make its"
            " folder yours, or name another place in $XDG_CONFIG_HOME."
        )

    def _read(self) -> _File:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File()
        except PermissionError as error:
            raise self._closed(error) from None
        except msgspec.DecodeError:
            raise Stop(
                f"{self._path} is damaged: delete it, then sign in again with `supportterm login`."
            ) from None

    def _write(self, file: _File) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".signins-")  # mode 0600
        except PermissionError as error:
            raise self._closed(error) from None
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as new:
                json.dump(msgspec.to_builtins(file), new, indent=2)
                new.flush()
                os.fsync(new.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
