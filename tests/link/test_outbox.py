"""The outbox file, on a real disk."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from supportterm.link import Journal, LinkError, Outbox
from supportterm.protocol import frames

CHAT = "chat-aaaaaaaaaaaaaaaa"


def say(number: int, text: str = "Hallo") -> frames.Say:
    return frames.Say(id=f"say-{number:04d}-cccccccccc", chat=CHAT, text=text)


def waiting(outbox: Outbox) -> list[str]:
    journal = Journal("agent")
    outbox.restore(journal)
    return [entry.id for entry in journal.log(CHAT).outbox]


def test_it_keeps_what_is_unanswered(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "deep" / "outbox.json")
    journal = Journal("agent")
    journal.put(say(1, "één 📦 \ud800\x00"))
    journal.put(frames.SetStatus(id="status-cccccccccc", status="away"))
    outbox.save(journal.dump())
    fresh = Journal("agent")
    outbox.restore(fresh)
    assert [entry.command for entry in fresh.log(CHAT).outbox] == [say(1, "één 📦 ")]
    assert fresh.own == []
    assert outbox.problem == ""
    assert stat.S_IMODE(outbox.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(outbox.path.parent.stat().st_mode) == 0o700


def test_no_file_is_an_empty_outbox(tmp_path: Path) -> None:
    assert waiting(Outbox(tmp_path / "outbox.json")) == []


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"v":2}', b'{"v":1,"epoch":"e","outbox":[{"t":"say"}]}', b"[" * 9_999],
)
def test_a_damaged_file_is_kept_aside(tmp_path: Path, damage: bytes) -> None:
    outbox = Outbox(tmp_path / "outbox.json")
    (tmp_path / "outbox.json.damaged-1").write_text("an older one")
    outbox.path.write_bytes(damage)
    assert waiting(outbox) == []
    assert "outbox.json.damaged-2" in outbox.problem
    assert (tmp_path / "outbox.json.damaged-2").read_bytes() == damage
    assert not outbox.path.exists()
    journal = Journal("agent")
    journal.put(say(1))
    outbox.save(journal.dump())
    assert waiting(outbox) == [say(1).id]


def test_a_place_that_cannot_be_written_is_told_and_leaves_the_old_content(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.json")
    journal = Journal("agent")
    journal.put(say(1))
    outbox.save(journal.dump())
    (tmp_path / "outbox.json.new").mkdir()
    journal.put(say(2))
    with pytest.raises(LinkError, match="was not sent"):
        outbox.save(journal.dump())
    assert waiting(outbox) == [say(1).id]


WRITER = """
import sys
from pathlib import Path
from supportterm.link import Journal, Outbox
from supportterm.protocol import frames

journal, outbox = Journal("agent"), Outbox(Path(sys.argv[1]))
for number in range(1_000_000):
    id = f"say-{number:04d}-cccccccccc"
    journal.put(frames.Say(id=id, chat="chat-aaaaaaaaaaaaaaaa", text="x" * number))
    outbox.save(journal.dump())
    print("saved", id, flush=True)
    answered = [id] if number % 3 == 2 else []
    if number % 90 == 89:
        answered = [entry.id for entry in journal.log("chat-aaaaaaaaaaaaaaaa").outbox]
    for id in answered:
        print("answered", id, flush=True)
        journal.take(frames.Ok(id=id), 0)
"""


def test_kill_at_any_moment_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "outbox.json"
    for kills in (1, 7, 23):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, os.fspath(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        told: list[str] = []
        while sum(line.startswith("saved ") for line in told) < kills:
            told.append(process.stdout.readline())
            assert told[-1], "it ended by itself"
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        whole = [line.split() for line in told if line.endswith("\n")]
        # What was answered need not be there any more, though it may: the next save leaves it out.
        answered = {id for what, id in whole if what == "answered"}
        saved = {id for what, id in whole if what == "saved"} - answered
        outbox = Outbox(path)
        assert saved <= set(waiting(outbox))
        assert outbox.problem == ""
        path.unlink()
