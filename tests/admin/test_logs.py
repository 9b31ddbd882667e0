"""Log lines."""

from __future__ import annotations

import json
import logging

from server.logs import Json, Text


def record(text: str, **more: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "supportterm.test", "levelno": 20, "levelname": "INFO", "msg": text}
    )
    made.created = 0.25
    vars(made).update(more)
    return made


def test_json_lines_carry_the_extra_keys() -> None:
    line = json.loads(Json().format(record("signed in", agent="anna", error=ValueError("x"))))
    assert line == {
        "at": "1970-01-01T00:00:00.250Z",
        "level": "info",
        "log": "supportterm.test",
        "text": "signed in",
        "agent": "anna",
        "error": "x",
    }


def test_nothing_in_a_line_can_touch_a_terminal() -> None:
    line = Text().format(record("hello \x1b[2J\r\n\x9b31m", origin="https://a\u202eb"))
    assert line == ("1970-01-01T00:00:00.250Z info    hello \\x1b[2J\\r\\n\\x9b31m origin=https://a\\u202eb")
