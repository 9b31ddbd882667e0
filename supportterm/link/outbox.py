"""The outbox file of a console: what was typed and not answered yet survives anything but the disk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from supportterm.link.journal import Journal
from supportterm.link.state import LinkError


class Outbox:
    """A file that holds a `Journal.dump`, readable by its owner only.

    Every `save` replaces it as a whole: after a crash or a power failure it holds the old state or
    the new one, never a mixture. ``problem`` is a sentence if `restore` found
    the file damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self.problem = ""

    def restore(self, journal: Journal) -> None:
        """Put what was saved last into a new journal.

        An unreadable file is kept beside the new one under another name, so that nothing typed is
        thrown away, and ``problem`` says so. Raises `LinkError` if the file cannot be opened.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise LinkError(f"The outbox {self.path} cannot be read: {error.strerror}.") from None
        try:
            journal.load(json.loads(raw))
        except (ValueError, RecursionError):
            self._put_aside()

    def _put_aside(self) -> None:
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.damaged-{number}")).exists():
            number += 1
        self.path.replace(aside)
        self.problem = f"The outbox was damaged and is empty now; what it held is kept in {aside}."

    def save(self, dumped: dict[str, Any]) -> None:
        """Store a dump durably. Raises `LinkError` with a sentence; then the old content stands."""
        fresh = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Opened anew with its mode, so that no moment exists in which others could read it.
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps(dumped, separators=(",", ":")).encode())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            _sync_directory(self.path.parent)
        except OSError as error:
            raise LinkError(
                f"The message could not be written down in {self.path}, so it was not sent: {error.strerror}."
            ) from None


def _sync_directory(directory: Path) -> None:
    """Make the new name durable; some file systems cannot, and then nothing more can be done."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
