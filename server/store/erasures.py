"""The list of erasures beside the database, which outlives it: a restored backup is erased by it again."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from server.store.errors import from_os
from server.store.files import sync


class Erasure(Struct, frozen=True):
    """Everything a customer had written up to then was removed. ``at`` in milliseconds since 1970."""

    id: str
    customer: str
    at: int


class Erasures:
    """A file of JSON lines that is only ever added to. Raises `Unavailable` where the file system fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Erasure]:
        """All of them, oldest first; a line cut short by a power cut was never acknowledged."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise from_os(error, self._path) from error
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=Erasure))
            except msgspec.DecodeError:
                continue
        return found

    def add(self, erasures: list[Erasure]) -> None:
        """Add those that are not there yet; on the disk when this returns."""
        known = {erasure.id for erasure in self.read()}
        lines = [msgspec.json.encode(erasure) for erasure in erasures if erasure.id not in known]
        if not lines:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                # The newline in front ends a line that was cut short.
                file.write(b"\n" + b"\n".join(lines) + b"\n")
                file.flush()
                os.fsync(descriptor)
            sync(self._path.parent)
        except OSError as error:
            raise from_os(error, self._path) from error
