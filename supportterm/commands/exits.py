"""Exit codes, and the one way a command gives up."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What the shell learns; `MEANING` says it in words."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SETTINGS = 3
    UNREACHABLE = 4
    SIGN_IN = 5
    DATA = 6
    INTERRUPTED = 130


MEANING: Final[dict[Exit, str]] = {
    Exit.DONE: "Done.",
    Exit.FAILED: "Refused or failed; the sentence on stderr says why.",
    Exit.USAGE: "The command line is wrong, or something that must be asked cannot be asked here.",
    Exit.SETTINGS: "`supportterm.toml` is missing or has mistakes; nothing was changed.",
    Exit.UNREACHABLE: "The server cannot be reached, or none runs where one is needed.",
    Exit.SIGN_IN: "Not signed in: wrong name or password, a used invitation, a revoked sign-in.",
    Exit.DATA: "The database cannot be used: in use, damaged, full, or written by a newer version.",
    Exit.INTERRUPTED: "Interrupted by ctrl+c.",
}


class Stop(Exception):
    """The command ends here. The message is one sentence, or a few lines, for a person."""

    def __init__(self, text: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(text)
        self.code = code
