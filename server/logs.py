"""Log lines, for people or for machines; never the text of a message."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _at(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _more(record: logging.LogRecord) -> dict[str, Any]:
    return {key: value for key, value in vars(record).items() if key not in _PLAIN}


class Json(logging.Formatter):
    """One JSON object a line: ``at`` (RFC 3339, UTC), ``level``, ``log``, ``text``, and the record's keys."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "log": record.name,
            "text": record.getMessage(),
            **_more(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class Text(logging.Formatter):
    """Time, level and sentence, then ``key=value``; what is not printable is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        more = "".join(f" {key}={value}" for key, value in _more(record).items())
        line = f"{_at(record)} {record.levelname.lower():7} {record.getMessage()}{more}"
        line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def configure(level: str, form: str) -> None:
    """Log to stderr from ``level`` on; ``form`` is "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" else Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # A peer that comes, goes or breaks off a handshake is no news, and websockets would log each, some
    # with a traceback. "supportterm.sockets" is what the gateway has it log to.
    for name in ("websockets", "supportterm.sockets"):
        logging.getLogger(name).setLevel(logging.CRITICAL if level != "debug" else logging.INFO)
    # Below these levels both log whatever passes through them: texts, tokens, passwords.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
