"""A language model that helps, and one that misbehaves in every way a server on loopback can."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from server.drafter import LIMIT_S, ModelDrafter, Undrafted
from supportterm.coach.understanding import FirstOf, Line, RulesDrafter, slots
from tests.endpoint import NOTHING, chunked, completion, model, ok, saying

LINES = [
    Line("customer", "my code SPRING20 does not work, mail me at jan@example.org"),
    Line("agent", "What does it say?"),
    Line("customer", "expired. I want the discount on 48213"),
]
GOOD = {**NOTHING, "wants": [{"line": 2, "quote": "I want the discount"}]}


@pytest.mark.parametrize(
    "raw",
    [
        ok(completion(GOOD)),
        ok(completion(GOOD), b"X-Other: 1\r\n"),
        chunked(completion(GOOD)),
        b"HTTP/1.0 200 OK\r\n\r\n" + completion(GOOD),
    ],
)
async def test_a_good_answer_becomes_slots(raw: bytes) -> None:
    async with model(saying(raw)) as address:
        found = await ModelDrafter(address, limit_s=30).slots(LINES, "en")
    assert found is not None
    assert [(one.line, one.text) for one in found.wants] == [(2, "I want the discount")]
    assert found.empty() == ("happened", "about", "tried", "by_when")


async def test_what_is_sent_is_hidden_and_bears_the_key() -> None:
    heard: list[bytes] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        heard.append(request)
        writer.write(ok(completion(GOOD)))
        await writer.drain()

    async with model(answer) as address:
        await ModelDrafter(f"{address}?v=1", "secret", "small", 30).slots(LINES, "en")
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/chat/completions?v=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Authorization: Bearer secret" in head
    assert json.loads(body)["model"] == "small"
    assert b"jan@example.org" not in heard[0]
    assert b"SPRING20" in body


BAD = {
    "invented quote": ok(completion({**NOTHING, "wants": [{"line": 2, "quote": "I want a new phone"}]})),
    "the agent's words": ok(completion({**NOTHING, "wants": [{"line": 1, "quote": "What does it say?"}]})),
    "refuses in words": ok(completion("I'm sorry, I cannot help with that.")),
    "refuses by status": b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
    "redirects": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "broken JSON": ok(completion(GOOD)[:-4]),
    "a page": ok(b"<html>hello</html>"),
    "no HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "a bare line": b"HTTP/1.1\r\n\r\n",
    "nothing": b"",
    "cut off": ok(completion(GOOD))[:-30],
    "a chunk cut off": chunked(completion(GOOD))[:-30],
    "a chunk of nonsense": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
    "a length of nonsense": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    "a huge length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
    "a huge body": b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_000_000,
    "huge chunks": chunked(b" " * 200_000, size=60_000),
    "a huge line": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n{}",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000 + b"\r\n{}",
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
async def test_a_bad_answer_is_none_and_the_rules_take_over(raw: bytes) -> None:
    async with model(saying(raw)) as address:
        drafter = ModelDrafter(address, limit_s=30)
        assert await drafter.slots(LINES, "en") is None
        assert await FirstOf(drafter, RulesDrafter()).slots(LINES, "en") == slots(LINES, "en")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("invented quote", "bad"), ("refuses in words", "bad"), ("broken JSON", "bad"), ("no HTTP", "bad"),
        ("nothing", "bad"), ("cut off", "bad"), ("a huge body", "bad"), ("a huge line", "bad"),
        ("refuses by status", "down"), ("redirects", "down"),
    ],
)  # fmt: skip
async def test_why_there_is_no_draft(name: str, why: str) -> None:
    async with model(saying(BAD[name])) as address:
        with pytest.raises(Undrafted) as caught:
            await ModelDrafter(address, limit_s=30).ask(LINES, "en")
    assert caught.value.why == why


async def test_an_answer_that_repeats_the_chat_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    story = b"SPRING20 does not work"
    for raw in (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + story + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + story + b"\r\n\r\n{}",
        b"HTTP/1.1 SPRING20 does not work\r\n\r\n",
        ok(completion(story.decode())),
    ):
        async with model(saying(raw)) as address:
            assert await ModelDrafter(address, limit_s=30).slots(LINES, "en") is None
    assert caplog.text.count("gave no draft") == 4
    assert "SPRING20" not in caplog.text


async def test_a_slow_model_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await reader.read()  # until it is hung up on
        gone.set()

    caplog.set_level(logging.INFO, "server.drafter")
    async with model(silent) as address:
        drafter = ModelDrafter(address, "secret", limit_s=0.05)
        assert await FirstOf(drafter, RulesDrafter()).slots(LINES, "en") == slots(LINES, "en")
        await gone.wait()
    assert "gave no draft: not within 0.05 s" in caplog.text
    assert "secret" not in caplog.text
    assert "SPRING20" not in caplog.text
    assert LIMIT_S == 3


async def test_nobody_there() -> None:
    async with model(saying(b"")) as address:
        pass
    with pytest.raises(Undrafted) as caught:
        await ModelDrafter(address, limit_s=30).ask(LINES, "en")
    assert caught.value.why == "down"


async def test_hidden_words_may_be_quoted_and_come_back_whole() -> None:
    body = completion({**NOTHING, "wants": [{"line": 0, "quote": "mail me at •••@•••••••.•••"}]})
    async with model(saying(ok(body))) as address:
        found = await ModelDrafter(address, limit_s=30).slots(LINES, "en")
    assert found is not None
    assert found.wants[0].text == "mail me at jan@example.org"


@pytest.mark.parametrize(
    "address",
    ["", "models.example/v1", "ftp://models.example", "http://", "http://a b/", "http://ä.example/"],
)
def test_no_address(address: str) -> None:
    with pytest.raises(ValueError):
        ModelDrafter(address)


def test_a_key_cannot_bring_a_header_of_its_own() -> None:
    with pytest.raises(ValueError):
        ModelDrafter("http://models.example/", "secret\r\nX-Other: 1")
