"""The golden traces, by the Python client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from supportterm.link.journal import OF_THE_MOMENT, Journal
from supportterm.protocol import codec, frames
from supportterm.protocol.frames import ClientFrame

TRACES = sorted((Path(__file__).parent.parent / "golden" / "traces").glob("*.json"))
SIGNS = ("mark", "typing")


def shape(sent: list[ClientFrame], *tags: str) -> list[Any]:
    plain = [json.loads(codec.encode(frame)) for frame in sent]
    return [frame for frame in plain if (frame["t"] in tags if tags else frame["t"] not in SIGNS)]


class Player:
    """One client that plays a trace."""

    def __init__(self, role: Any) -> None:
        self.journal = Journal(role)
        self.now = 0

    def act(self, step: dict[str, Any]) -> None:
        match step:
            case {"put": command}:
                self.journal.put(msgspec.convert(command, frames.Command))
            case {"connected": True, "hello": hello}:
                said = self.journal.hello("t" * 43)
                assert {"epoch": said.epoch, "have": said.have} == hello
            case {"take": frame}:
                read = codec.decode_server(json.dumps(frame))
                if read is not None:
                    self.journal.take(read, self.now)
            case {"tick": now}:
                self.now = now
            case {"lost": True}:
                self.journal.lost()
            case {"saw": chat}:
                self.journal.saw(chat)
            case {"more": chat}:
                self.journal.more(chat)
            case {"typed": chat}:
                self.journal.typed(chat, self.now)
            case {"stopped_typing": chat}:
                self.journal.stopped_typing(chat)
            case _:
                pytest.fail(f"not a step: {step}")

    def play(self, step: dict[str, Any]) -> None:
        self.act(step)
        self.journal.fade(self.now)
        sent = self.journal.to_send(self.now)
        assert shape(sent) == step.get("sends", []), step
        if "marks" in step:
            assert shape(sent, "mark") == step["marks"], step
        if "typing" in step:
            assert shape(sent, "typing") == step["typing"], step
        if "shows_typing" in step:
            (log,) = self.journal.chats.values()
            assert list(log.typing) == step["shows_typing"], step
        if "shows_waiting" in step:
            (log,) = self.journal.chats.values()
            assert log.head is not None
            assert log.head.waiting_since == step["shows_waiting"], step
        assert self.journal.to_send(self.now) == [], "nothing leaves twice"

    def ends(self) -> dict[str, Any]:
        chats = self.journal.chats
        heads = {chat: log.head for chat, log in chats.items()}
        waiting = [entry.id for log in chats.values() for entry in log.outbox]
        return {
            "transcript": {
                chat: [[event.seq, event.kind, event.text] for event in log.events]
                for chat, log in chats.items()
            },
            "first": {chat: log.first for chat, log in chats.items()},
            "last": {chat: log.last for chat, log in chats.items()},
            "older": {chat: log.older for chat, log in chats.items()},
            "outbox": waiting + [entry.id for entry in self.journal.own],
            "refused": [
                {"id": refused.command.id, "code": refused.code}
                for log in chats.values()
                for refused in log.refused
            ],
            "epoch": self.journal.epoch,
            "gone": [chat for chat, log in chats.items() if log.gone],
            "door": msgspec.to_builtins(self.journal.door),
            "state": {chat: head.state for chat, head in heads.items() if head},
            "agent": {chat: head.agent for chat, head in heads.items() if head},
            "owner": {chat: head.owner for chat, head in heads.items() if head},
            "promise_due": {chat: head.promise_due for chat, head in heads.items() if head},
            "marks": {
                chat: {
                    "customer": msgspec.to_builtins(log.customer_marks),
                    "agent": msgspec.to_builtins(log.agent_marks),
                }
                for chat, log in chats.items()
            },
        }


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_trace(path: Path) -> None:
    trace = json.loads(path.read_text())
    assert trace["name"] == path.stem
    player = Player(trace["role"])
    for step in trace["steps"]:
        player.play(step)
    ends = player.ends()
    assert {key: ends[key] for key in trace["expect"]} == trace["expect"]


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_trace_survives_a_new_process_at_every_step(path: Path) -> None:
    """The outbox, dumped and loaded between any two steps, holds the same commands in the same order."""
    trace = json.loads(path.read_text())
    player = Player(trace["role"])
    for step in trace["steps"]:
        player.play(step)
        reborn = Player(trace["role"])
        reborn.journal.load(json.loads(json.dumps(player.journal.dump())))
        before, after = player.ends(), reborn.ends()
        entries = [*player.journal.own, *(e for log in player.journal.chats.values() for e in log.outbox)]
        own = {e.id for e in entries if e in player.journal.own or isinstance(e.command, OF_THE_MOMENT)}
        assert after["outbox"] == [id for id in before["outbox"] if id not in own]
        assert after["refused"] == before["refused"]
        assert after["epoch"] == before["epoch"]


def test_there_are_enough_traces() -> None:
    assert len(TRACES) >= 16
