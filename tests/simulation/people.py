"""What customers and agents do, drawn."""

from __future__ import annotations

import random
import string
from typing import Literal

from supportterm.link.chatlog import ChatLog
from supportterm.protocol import frames

from .device import Device
from .witness import Kind, Witness, marker

_WORDS = (
    "waar",
    "blijft",
    "mijn pakje",
    "hvor er",
    "min ordre",
    "the blue one",
    "please",
    "niet goed",
    "tak",
)
_TAILS = (
    "",
    " 4111 1111 1111 1111",
    " ünïcödé 😀",
    ' "\\/\n\t<b>',
    " \u202eabc\u0007\u001b[31m",
)


class Author:
    """Makes ids and texts; every text carries its marker."""

    def __init__(self, dice: random.Random, witness: Witness) -> None:
        self.dice = dice
        self.witness = witness
        self._count = 0

    def id(self) -> str:
        return "".join(self.dice.choices(string.ascii_lowercase, k=22))

    def text(self, kind: Kind, author: str, chat: str) -> str:
        self._count += 1
        dice = self.dice
        length = dice.choice((300, 600)) if dice.random() < 0.05 else dice.randrange(1, 12)
        words = " ".join(dice.choices(_WORDS, k=length))
        tail = dice.choice(_TAILS) if dice.random() < 0.3 else ""
        return f"{marker(kind, author, chat, self._count)} {words}{tail}"[:4_000]

    # --- customers -----------------------------------------------------------------------------------

    def customer(self, device: Device) -> None:
        """One thing a customer does."""
        log = self._newest(device)
        closed = log is not None and log.head is not None and log.head.state == "closed"
        if log is None or (closed and self.dice.random() < 0.4):
            self._open(device)
            return
        match self.dice.choices(
            ("say", "burst", "close", "reopen", "typed", "saw", "more", "repeat"), (40, 8, 5, 5, 8, 15, 3, 6)
        )[0]:
            case "say":
                self._say(device, log, "C")
            case "burst":
                for _ in range(self.dice.randrange(2, 15)):
                    self._say(device, log, "C")
            case "close":
                device.put(frames.CloseChat(id=self.id(), chat=log.chat))
            case "reopen":
                device.put(frames.Reopen(id=self.id(), chat=log.chat))
            case "repeat":
                self._repeat(device)
            case what:
                device.do(what, log.chat)

    def _open(self, device: Device) -> None:
        chat = self.id()
        author = device.person.name
        page = self.text("P", author, chat)[:2_000] if self.dice.random() < 0.5 else ""
        device.put(frames.Open(id=self.id(), chat=chat, lang="nl", page=page))
        device.put(frames.Say(id=self.id(), chat=chat, text=self.text("C", author, chat)))

    def _newest(self, device: Device) -> ChatLog | None:
        found = None
        for log in device.journal.chats.values():
            if self.witness.owner_of.get(log.chat) == device.person.name and (log.outbox or log.head):
                found = log
        return found

    def _say(self, device: Device, log: ChatLog, kind: Literal["C", "A"]) -> None:
        text = self.text(kind, device.person.name, log.chat)
        device.put(frames.Say(id=self.id(), chat=log.chat, text=text))

    def _repeat(self, device: Device) -> None:
        """Say something again under the same id, now and then something else under it."""
        opened = set(self.witness.opened())
        done = [
            asked.command
            for id, asked in self.witness.asked.items()
            if asked.person == device.person.name
            and {"event", "ok"} & set(self.witness.answers[id])
            and getattr(asked.command, "chat", "") in opened
        ]
        if not done:
            return
        command = self.dice.choice(done)
        if isinstance(command, frames.Say | frames.Note) and self.dice.random() < 0.3:
            kind: Kind = "A" if device.person.role == "agent" else "C"
            text = self.text(kind, device.person.name, command.chat)
            command = frames.Say(id=command.id, chat=command.chat, text=text)
        device.put(command)

    # --- agents ----------------------------------------------------------------------------------------

    def agent(self, device: Device) -> None:
        """One thing an agent does."""
        chats = [log for log in device.journal.chats.values() if log.head is not None and not log.gone]
        if not chats or self.dice.random() < 0.05:
            status: Literal["online", "away"] = "away" if self.dice.random() < 0.3 else "online"
            device.put(frames.SetStatus(id=self.id(), status=status))
            return
        log = self.dice.choice(chats)
        name = device.person.name
        match self.dice.choices(
            ("say", "note", "close", "reopen", "typed", "saw", "more", "repeat"), (40, 15, 10, 4, 8, 15, 3, 6)
        )[0]:
            case "say":
                self._say(device, log, "A")
            case "note":
                text = self.text("N", name, log.chat)
                device.put(frames.Note(id=self.id(), chat=log.chat, text=text))
            case "close":
                device.put(frames.CloseChat(id=self.id(), chat=log.chat))
            case "reopen":
                device.put(frames.Reopen(id=self.id(), chat=log.chat))
            case "repeat":
                self._repeat(device)
            case what:
                device.do(what, log.chat)
