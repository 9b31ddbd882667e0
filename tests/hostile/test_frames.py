"""Frames that break the rules of WebSocket or of the wire."""

from __future__ import annotations

import json

import pytest

from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from supportterm.protocol.codes import Close
from supportterm.protocol.limits import FRAME_BYTES
from tests.hostile.house import Besieged
from tests.hostile.raw import ABNORMAL, BINARY, CLOSE, CONTINUATION, PING, Raw, frame, raw
from tests.support import new_id, new_token

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROKEN = {
    "oversize": (frame(b"x" * (FRAME_BYTES + 1)), 1009),
    "claims two to the 63": (frame(length=2**63), 1009),
    "claims a gigabyte": (frame(length=2**30), 1009),
    "unmasked": (frame(b'{"t":"beat"}', masked=False), 1002),
    "reserved bit": (frame(b"x", reserved=0x40), 1002),
    "reserved opcode": (frame(b"x", 0x3), 1002),
    "reserved control opcode": (frame(b"x", 0xB), 1002),
    "fragmented ping": (frame(b"x", PING, final=False), 1002),
    "long ping": (frame(b"x" * 126, PING), 1002),
    "continues nothing": (frame(b"x", CONTINUATION), 1002),
    "begins within another": (frame(b"x", final=False) + frame(b"y"), 1002),
    "fragments over the limit": (
        frame(b"x" * 10_000, final=False) + frame(b"x" * 10_000, CONTINUATION, final=False),
        1009,
    ),
    "many tiny fragments": (
        frame(b"x", final=False) + frame(b"x", CONTINUATION, final=False) * (FRAME_BYTES + 10),
        1009,
    ),
    "binary": (frame(b'{"t":"beat"}', BINARY), 1003),
    "invalid UTF-8": (frame(b"\xff\xfe"), 1007),
    "half a character": (frame(b'{"t":"\xe2\x82'), 1007),
    "surrogate in UTF-8": (frame(b'"\xed\xa0\x80"'), 1007),
    "close with half a code": (frame(b"\x03", CLOSE), 1002),
    "close with a forbidden code": (frame((1005).to_bytes(2), CLOSE), 1002),
    "close with a broken reason": (frame((1000).to_bytes(2) + b"\xff", CLOSE), 1007),
    "garbage": (bytes(range(256)), 1002),
}


@pytest.mark.parametrize("said", ["nothing", "hello"])
@pytest.mark.parametrize("name", BROKEN)
async def test_broken(name: str, said: str, besieged: Besieged) -> None:
    data, code = BROKEN[name]
    async with raw(besieged.port) as socket:
        await (socket.customer() if said == "hello" else socket.upgraded())
        await socket.push(data)
        assert (await socket.end()).code == code


async def test_empty_fragments_without_end(besieged: Besieged) -> None:
    memory = besieged.memory
    async with raw(besieged.port) as socket:
        await socket.customer()
        await socket.push(frame(b"x", final=False))
        some = frame(b"", CONTINUATION, final=False) * 10_000
        for _ in range(30):
            await socket.push(some)
        assert (await socket.end()).code in (1008, 1009, ABNORMAL)
    assert besieged.memory - memory < 30 << 20


def deep(levels: int) -> str:
    return '{"t":"say","id":' + "[" * levels + "]" * levels + "}"


def say(text: str) -> str:
    return f'{{"t":"say","id":"{new_id()}","chat":"{new_id()}","text":{text}}}'


def sync(number: str) -> str:
    return f'{{"t":"sync","chat":"{new_id()}","have":{number}}}'


NOT_FRAMES = {
    "empty": "",
    "not JSON": "hello?",
    "a number": "1",
    "a list": "[]",
    "no tag": "{}",
    "unknown tag": '{"t":"shutdown"}',
    "tag of a server": '{"t":"bye","after_ms":1}',
    "tag twice": '{"t":"beat","t":"beat"}',
    "key twice": '{"t":"typing","chat":"aaaaaaaaaaaaaaaa","on":true,"on":false}',
    "key twice, escaped": '{"t":"typing","chat":"aaaaaaaaaaaaaaaa","on":true,"\\u006fn":false}',
    "unknown key": '{"t":"beat","x":1}',
    "two frames": '{"t":"beat"}{"t":"beat"}',
    "lone surrogate": say('"\\ud800"'),
    "lone low surrogate": say('"\\udc00"'),
    "NaN": sync("NaN"),
    "infinity": sync("Infinity"),
    "minus infinity": sync("-Infinity"),
    "too large a float": sync("1e999"),
    "a float": sync("1.5"),
    "a huge integer": sync("9" * 4_000),
    "beyond what browsers count": sync(str(2**53)),
    "negative": sync("-1"),
    "deep": deep(7_000),
    "deep objects": '{"t":' * 2_500 + "1" + "}" * 2_500,
    "text as a number": say("1"),
    "text is nothing": say("null"),
    "a control character, raw": say('"\n"'),
    "an id of one letter": '{"t":"close","id":"a","chat":"aaaaaaaaaaaaaaaa"}',
    "an id that is a path": '{"t":"open","id":"aaaaaaaaaaaaaaaa","chat":"../../etc/passwd"}',
    "byte order mark": '\ufeff{"t":"beat"}',
}


@pytest.mark.parametrize("name", NOT_FRAMES)
async def test_not_a_frame(name: str, besieged: Besieged) -> None:
    text = NOT_FRAMES[name].encode()
    for greets in (Raw.upgraded, Raw.customer):
        async with raw(besieged.port) as socket:
            await greets(socket)
            await socket.push(frame(text))
            end = await socket.end()
        assert end.code == Close.PROTOCOL
        assert json.loads(end.texts[-1])["code"] == "bad_frame"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (frames.Beat(), Close.PROTOCOL),
        (frames.Login(name="admin", password="admin"), Close.PROTOCOL),
        (frames.Hello(2, new_token()), Close.VERSION),
    ],
)
async def test_another_first_frame(first: frames.ClientFrame, code: Close, besieged: Besieged) -> None:
    async with raw(besieged.port) as socket:
        await socket.upgraded()
        await socket.push(frame(encode(first)))
        assert (await socket.end()).code == code


async def test_a_customers_token_opens_no_console(besieged: Besieged) -> None:
    async with raw(besieged.port) as socket:
        await socket.upgraded("/v1/agent")
        await socket.push(frame(encode(frames.Hello(1, new_token()))))
        assert (await socket.end()).code == Close.BAD_TOKEN
