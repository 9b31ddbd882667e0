"""The shop's mail server: an SMTP server on the simulated network, in the moods that mail servers have.

It refuses, is busy, says nothing, hangs up, and now and then takes a letter without anybody hearing its yes.
Some of what it took it cannot deliver, which comes back later.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from email import message_from_bytes
from typing import Final

from .loop import Process, VirtualLoop
from .trace import Trace

HOST: Final = "10.0.0.9"
PORT: Final = 2_525
#: What the server under test is told about it: see `.host.SETTINGS`.
SENDER: Final = "service@acme.example"


class Post:
    """``taken``: how often each number was accepted; ``refused``: numbers it will never take; ``returned``:
    numbers of which it said later that they cannot be delivered."""

    def __init__(self, loop: VirtualLoop, seed: str, trace: Trace) -> None:
        self.taken: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.returned: set[str] = set()
        #: What it has yet to say of letters that it took and cannot deliver.
        self.undelivered: list[str] = []
        #: The sun shines: it does what it is asked.
        self.calm = False
        self._dice = random.Random(f"{seed}/post")
        self._trace = trace
        self._loop = loop
        self._process: Process = loop.process("post", HOST)

    def start(self) -> None:
        """Begin to listen."""
        self._process.spawn(self._listen())

    async def _listen(self) -> None:
        await self._loop.create_server(lambda: _Talk(self), HOST, PORT)

    # --- its moods ---------------------------------------------------------------------------------

    def mood(self) -> str:
        """How it answers a letter: "takes", "busy", "silent", "gone", or it "takes" one "in silence"."""
        if self.calm:
            return "takes"
        moods = ("takes", "busy", "silent", "gone", "takes in silence", "takes and is gone")
        return self._dice.choices(moods, (8, 2, 1, 1, 2, 2))[0]

    def knows(self, address: str) -> bool:
        """Whether there is such a mailbox: always the same answer."""
        return random.Random(address).random() < 0.8

    def take(self, letter: bytes) -> str:
        """It has the letter; its number."""
        number = self.number(letter)
        self.taken[number] += 1
        self._trace("post", f"takes {number[:6]} for the {self.taken[number]}. time")
        if self._dice.random() < 0.25 and number not in self.returned:
            self.undelivered.append(number)
        return number

    @staticmethod
    def number(letter: bytes) -> str:
        """What stands in front of the @ of its Message-ID."""
        return str(message_from_bytes(letter)["Message-ID"]).strip("<>").partition("@")[0]

    def report(self, number: str) -> bytes:
        """What comes back."""
        self.returned.add(number)
        return (
            f"From: MAILER-DAEMON@acme.example\r\nTo: {SENDER}\r\nSubject: Undelivered\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; acme.example\r\n\r\n"
            "Final-Recipient: rfc822; somebody\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: <{number}@acme.example>\r\n\r\n--b--\r\n"
        ).encode()


class _Talk(asyncio.Protocol):
    """One connection, line by line."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._buffer = b""
        self._letter: list[bytes] | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say("220 acme.example")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            self._heard(line)

    def _say(self, text: str) -> None:
        if not self._transport.is_closing():
            self._transport.write(text.encode() + b"\r\n")

    def _heard(self, line: bytes) -> None:
        if self._letter is not None:
            if line == b".":
                letter, self._letter = b"\r\n".join(self._letter), None
                self._whole(letter)
            else:
                self._letter.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._address = line.decode().partition("<")[2].partition(">")[0]
        if verb == b"DATA":
            self._letter = []
            self._say("354 go on")
        elif verb == b"QUIT":
            self._say("221 bye")
            self._transport.close()
        else:
            self._say("250 well")

    def _whole(self, letter: bytes) -> None:
        post = self._post
        if not post.knows(self._address):
            post.refused.add(post.number(letter))
            self._say("550 5.1.1 No such mailbox")
            return
        mood = post.mood()
        if mood.startswith("takes"):
            post.take(letter)
        match mood:
            case "takes":
                self._say("250 written down")
            case "busy":
                self._say("451 4.3.0 later")
            case "gone" | "takes and is gone":
                self._transport.abort()
            case _:
                pass  # and says nothing, for ever
