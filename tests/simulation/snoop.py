"""A customer of a kind we do not want: asks for other people's chats with everything the wire has."""

from __future__ import annotations

import asyncio
import random

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server, encode
from supportterm.protocol.limits import SUBPROTOCOL

from .device import ADDRESS, Person
from .witness import Witness


async def snoop(person: Person, chats: list[str], dice: random.Random, witness: Witness) -> None:
    """Try all that could touch a foreign chat; whatever but a refusal comes back is a fault."""
    letters = "abcdefghijklmnopqrstuvwxyz"

    def id() -> str:
        return "".join(dice.choices(letters, k=22))

    try:
        async with connect(
            f"{ADDRESS}/v1/shop/{person.place}",
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
            origin=f"https://{person.place}.example",  # type: ignore[arg-type]
            compression=None,
            proxy=None,
            open_timeout=5,
        ) as ws:
            have = dict.fromkeys(chats, 0)
            await ws.send(encode(frames.Hello(v=1, token=person.token, have=have)).decode())
            for chat in chats:
                for trial in (
                    frames.Sync(chat=chat, have=0),
                    frames.More(chat=chat, before=100),
                    frames.Mark(chat=chat, got=100, seen=100),
                    frames.Typing(chat=chat),
                    frames.Say(id=id(), chat=chat, text="snoop"),
                    frames.Note(id=id(), chat=chat, text="snoop"),
                    frames.CloseChat(id=id(), chat=chat),
                    frames.Reopen(id=id(), chat=chat),
                    frames.Open(id=id(), chat=chat),
                    frames.SetStatus(id=id(), status="away"),
                ):
                    await ws.send(encode(trial).decode())
            await ws.send(encode(frames.Beat()).decode())
            while True:
                async with asyncio.timeout(20):
                    raw = await ws.recv()
                frame = decode_server(raw)
                if isinstance(frame, frames.BeatBack):
                    return
                refused = isinstance(frame, frames.Err) and frame.code in {
                    "no_chat",
                    "id_conflict",
                    "not_allowed",
                    "too_fast",
                    "storage",
                    "busy",
                    "stopping",
                }
                silent = isinstance(frame, frames.Welcome | frames.View) and not getattr(frame, "chats", [])
                leaving = isinstance(frame, frames.Bye)
                if not (refused or silent or leaving):
                    witness.fail(f"a snoop got {raw!r}")
                    return
    except (OSError, WebSocketException):
        return
