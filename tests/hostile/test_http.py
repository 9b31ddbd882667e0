"""Requests that are no handshake, or a wrong one."""

from __future__ import annotations

import asyncio

import pytest

from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from supportterm.protocol.codes import Close
from tests.hostile.house import Besieged
from tests.hostile.raw import frame, raw, request
from tests.support import new_token

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "x" * 9_000
REFUSED = {
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {0, 400}),
    "zeros": (b"\0" * 100 + b"\r\n\r\n", {0, 400}),
    "a line of 9,000 bytes": (f"GET /{LONG} HTTP/1.1\r\n\r\n".encode(), {0, 400, 414}),
    "a header of 9,000 bytes": (request("/healthz", f"X-Long: {LONG}", upgrade=False), {0, 400, 431}),
    "200 headers": (request("/healthz", *[f"X-{n}: 1" for n in range(200)], upgrade=False), {0, 400, 431}),
    "200 headers and upgrade": (request("/v1/agent", *[f"X-{n}: 1" for n in range(200)]), {0, 400, 431}),
    "a header without a colon": (request("/healthz", "nonsense", upgrade=False), {0, 400}),
    "a folded header": (request("/healthz", "X-A: 1\r\n 2", upgrade=False), {0, 400}),
    "a header with NUL": (request("/healthz", "X-A: \0", upgrade=False), {0, 400}),
    "POST": (request("/healthz", method="POST", upgrade=False), {405}),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\n\r\n", {405}),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {0, 400, 405, 505}),
    "a request with a body": (request("/v1/shop/demo", "Content-Length: 3") + b"abc", {0, 400}),
    "chunked": (request("/v1/shop/demo", "Transfer-Encoding: chunked") + b"0\r\n\r\n", {0, 400, 501}),
    "another subprotocol": (request(subprotocol="chat"), {400}),
    "no subprotocol": (request(subprotocol=""), {400}),
    "no upgrade": (request(upgrade=False), {426}),
    "an unknown path": (request("/v1/admin"), {404}),
    "a path out of the house": (request("/../../etc/passwd", upgrade=False), {404}),
    "the same, escaped": (request("/%2e%2e/%2e%2e/etc/passwd", upgrade=False), {404}),
    "a path that is no address": (b"GET //[ HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
    "a line break in a path": (request("/a%0d%0aSet-Cookie:x", upgrade=False), {404}),
    "POST to a shop": (request(method="POST"), {405}),
    "two origins": (
        request("/v1/shop/demo", "Origin: https://a.example", "Origin: https://b.example"),
        {400},
    ),
    "a page as a console": (request("/v1/agent", "Origin: https://evil.example"), {403}),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refused(name: str, besieged: Besieged) -> None:
    data, expected = REFUSED[name]
    async with raw(besieged.port) as socket:
        await socket.push(data)
        status, head = await socket.response()
        assert status in expected, head
        assert b"Traceback" not in await socket.closed()


@pytest.mark.parametrize(
    ("path", "more", "code"),
    [
        ("/v1/shop/nobody", (), Close.UNKNOWN_SHOP),
        ("/v1/shop/", (), Close.UNKNOWN_SHOP),
        ("/v1/shop/%00%ff", (), Close.UNKNOWN_SHOP),
        ("/v1/shop/" + "x" * 2_000, (), Close.UNKNOWN_SHOP),
        ("/v1/shop/bikes", (), Close.FOREIGN_ORIGIN),
        ("/v1/shop/bikes", ("Origin: https://evil.example",), Close.FOREIGN_ORIGIN),
        ("/v1/shop/bikes", ("Origin: null",), Close.FOREIGN_ORIGIN),
    ],
)
async def test_a_wrong_shop_or_page_is_told_so(
    path: str, more: tuple[str, ...], code: Close, besieged: Besieged
) -> None:
    async with raw(besieged.port) as socket:
        await socket.upgraded(path, *more)
        assert (await socket.end()).code == code


async def test_pipelined_requests(besieged: Besieged) -> None:
    """What stands behind the first request is never answered."""
    for path in ("/healthz", "/nothing", "/v1/agent"):
        async with raw(besieged.port) as socket:
            await socket.push(request(path, upgrade=False) * 500)
            answer = await socket.closed()
        assert answer.count(b"HTTP/1.1 ") <= 1


async def test_a_frame_in_the_same_packet_as_the_handshake(besieged: Besieged) -> None:
    async with raw(besieged.port) as socket:
        await socket.push(request() + b"\x81\x80\0\0\0\0")
        assert (await socket.response())[0] == 101
        assert (await socket.end()).code == Close.PROTOCOL


async def test_thousands_from_one_address(besieged: Besieged) -> None:
    """One address gets its share and no more; everybody else is served meanwhile."""
    statuses: list[int] = []
    full = asyncio.Event()

    async def knock() -> None:
        async with raw(besieged.port) as socket:
            await socket.push(request("/v1/shop/demo", "X-Forwarded-For: 198.51.100.7"))
            status, _ = await socket.response()
            statuses.append(status)
            if status == 101:
                # Who says nothing keeps a place for some seconds only.
                socket.write(frame(encode(frames.Hello(1, new_token()))))
                staying = asyncio.ensure_future(socket.stays())
                await full.wait()
                staying.cancel()

    async def batch() -> None:
        await asyncio.gather(*(knock() for _ in range(200)))

    async with asyncio.TaskGroup() as group:
        holding = [group.create_task(knock()) for _ in range(100)]
        while len(statuses) < 100:
            await asyncio.sleep(0)
        assert statuses.count(101) == 40
        for _ in range(10):
            await batch()
            await besieged.serves()
        assert await besieged.connections() == 40
        full.set()
    assert len(holding) == 100
    assert (statuses.count(101), statuses.count(429)) == (40, 2_060)
