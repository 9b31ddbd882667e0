"""The ``supportterm`` command: reads the command line, imports what it asks for, and runs that."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from supportterm.commands.exits import Exit, Stop
from supportterm.commands.parser import read


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Every failure becomes a sentence on stderr."""
    args = read(sys.argv[1:] if argv is None else argv)
    try:
        if args.version:
            return _version()
        module, function = args.run.split(":")
        code = int(getattr(import_module(f"supportterm.commands.{module}"), function)(args))
        sys.stdout.flush()  # here, where a reader that left can still be told from a failure
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left; there is nobody to tell, and nothing more may be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED
    except Exception as error:
        if os.environ.get("SUPPORTTERM_DEBUG", "") not in ("", "0"):
            raise
        return _explain(error)
    return code


def _explain(error: Exception) -> int:
    from supportterm.commands.failures import explained

    stop = error if isinstance(error, Stop) else explained(error)
    print(f"supportterm: {stop}", file=sys.stderr)
    return stop.code


def _version() -> int:
    import platform
    import sqlite3

    from supportterm import __version__

    print(f"supportterm {__version__} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version})")
    return Exit.DONE


if __name__ == "__main__":
    sys.exit(main())
