"""Log lines."""

from __future__ import annotations

import json
import logging

import pytest

from server.logs import Json, Text, configure


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


def test_comings_and_goings_of_sockets_are_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    before = {name: logging.getLogger(name).level for name in ("", "websockets", "supportterm.sockets")}
    try:
        configure("info", "text")
        assert not logging.getLogger("supportterm.sockets").isEnabledFor(logging.ERROR)
        assert logging.getLogger("supportterm").isEnabledFor(logging.INFO)
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
