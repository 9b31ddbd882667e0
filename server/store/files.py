"""The files of a data directory: its lock, and writing that survives a power cut."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from server.store.errors import from_os
from server.store.interface import Unavailable

#: The database's name in a data directory.
DATABASE = "supportterm.db"
LOCK = "supportterm.lock"
#: A database on its way into place; while it lies there, nothing may be served.
RESTORING = "supportterm.restoring.db"
#: The database that a restore replaced.
BEFORE_RESTORE = "before-restore.db"
ERASURES = "erasures.jsonl"


class DirectoryLock:
    """The exclusive right to a data directory, kept until `release` or the end of the process."""

    _file = -1

    def __init__(self, directory: Path) -> None:
        """Make the directory if need be and lock it. Raises `Unavailable` ("locked", "read-only" …)."""
        path = directory / LOCK
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise from_os(error, path) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            self.release()
            if not isinstance(error, BlockingIOError):
                raise from_os(error, path) from error
            who = f" (pid {holder})" if holder else ""
            raise Unavailable(
                "locked",
                f"Another supportterm{who} is using {directory}: stop it first, or use another directory.",
            ) from None
        try:
            os.ftruncate(self._file, 0)
            os.write(self._file, b"%d\n" % os.getpid())
        except OSError as error:  # a full disk must not keep anybody from reading
            if (refused := from_os(error, path)).state != "disk full":
                self.release()
                raise refused from error

    def release(self) -> None:
        """Let others use the directory; doing it twice is harmless."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    # A holder that was dropped without being closed no longer holds anything.
    __del__ = release


def make_private(path: Path) -> None:
    """Create the file if there is none, readable by its owner only; SQLite's side files follow its mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def sync(path: Path) -> None:
    """Have a file's content, or a directory's names, on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def side_files(path: Path) -> list[Path]:
    """Where SQLite keeps the write-ahead log and its index of the database at ``path``."""
    return [path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
