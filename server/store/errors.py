"""SQLite's errors as the store's own, each a sentence for an operator."""

from __future__ import annotations

import sqlite3
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path

from server.store.interface import Conflict, Corrupt, StoreError, Unavailable


def disk_full(path: Path) -> Unavailable:
    """There is no room where ``path`` lies."""
    return Unavailable(
        "disk full",
        f"The disk that holds {path.parent} is full: make room. Messages are accepted again by themselves.",
    )


def read_only(path: Path) -> Unavailable:
    """``path`` may not be written."""
    return Unavailable(
        "read-only",
        f"{path} cannot be written: check the owner and rights of {path.parent} and how its disk is mounted.",
    )


def disk_error(path: Path, detail: object) -> Unavailable:
    """Reading or writing ``path`` failed."""
    return Unavailable(
        "disk error", f"Reading or writing {path} failed ({detail}): look at the disk and its system log."
    )


def damaged(path: Path, detail: object) -> Corrupt:
    """``path`` is not what was written to it."""
    return Corrupt(
        f"{path} is damaged ({detail}): stop the server and restore a backup with `supportterm restore`.",
        detail,
    )


def no_backup(path: Path, detail: object) -> Corrupt:
    """``path`` was to be restored, and cannot be."""
    return Corrupt(
        f"{path} is no backup of supportterm, or a damaged one ({detail}): nothing was changed. Name a file"
        " that `supportterm backup` made.",
        detail,
    )


def from_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
    """What an error of SQLite means, by its result code (https://sqlite.org/rescode.html)."""
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(f"What should be written contradicts what is stored: {error}.")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_IOERR_CORRUPTFS:
        return damaged(path, error)
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return disk_full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return read_only(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable(
                "locked",
                f"Another program has locked {path}: close it. Messages are accepted again by themselves.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, error)
    return disk_error(path, error)


def from_os(error: OSError, path: Path) -> Unavailable:
    """What an error of the file system means."""
    if error.errno in {ENOSPC, EDQUOT}:
        return disk_full(path)
    if error.errno in {EROFS, EACCES, EPERM}:
        return read_only(path)
    return disk_error(path, error.strerror or error)
