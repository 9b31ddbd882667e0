"""The few pages."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path

import pytest
from websockets.datastructures import Headers

from server.gateway.pages import Page, Pages
from server.settings import Shop
from tests.support import Running, running_node


class Answer:
    """A response as it came over the socket."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        self.headers = Headers([(name, value) for name, _, value in (line.partition(": ") for line in lines)])


async def get(running: Running, path: str, *headers: str) -> Answer:
    host, port = running.node.address
    reader, writer = await asyncio.open_connection(host, port)
    asked = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *headers])
    writer.write(asked.encode() + b"\r\n\r\n")
    async with asyncio.timeout(10):
        raw = await reader.read()
    writer.close()
    await writer.wait_closed()
    return Answer(raw)


@pytest.mark.parametrize("path", ["/widget.js", "/panel.js", "/texts-en.js"])
async def test_the_widget_is_sent_once(running: Running, path: str) -> None:
    first = await get(running, path)
    assert (first.status, first.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert int(first.headers["Content-Length"]) == len(first.body) > 0
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    etag = first.headers["ETag"]
    for known in (
        [f"If-None-Match: {etag}"],
        [f'If-None-Match: "other", {etag}'],
        ['If-None-Match: "other"', f"If-None-Match: {etag}"],
    ):
        again = await get(running, path + "?v=1", *known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert (await get(running, path, 'If-None-Match: "other"')).status == 200


@pytest.mark.parametrize("path", ["/widget.js", "/panel.js", "/texts-en.js"])
async def test_who_takes_gzip_gets_it(running: Running, path: str) -> None:
    plain = await get(running, path)
    packed = await get(running, path, "Accept-Encoding: br;q=1.0, GZIP;q=0.8")
    assert (plain.headers["Vary"], packed.headers["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body)
    # A cache that mixed the two up would hand one for the other.
    etag = packed.headers["ETag"]
    assert etag != plain.headers["ETag"]
    again = await get(running, path, "Accept-Encoding: gzip", f"If-None-Match: {etag}")
    assert (again.status, again.body) == (304, b"")
    assert (await get(running, path, f"If-None-Match: {etag}")).status == 200


@pytest.mark.parametrize(
    ("takes", "packed"),
    [
        (["gzip"], True),
        (["deflate", "gzip; q=0.001"], True),
        (["*"], True),
        (["*;q=0, gzip"], True),
        (["gzip;q=0"], False),
        (["*, gzip; q=0.0"], False),
        (["identity"], False),
        (["xgzip"], False),
        ([], False),
    ],
)
def test_what_a_browser_takes(takes: list[str], packed: bool) -> None:
    page = Page(b"plain", packed=b"packed")
    asked = Headers([("Accept-Encoding", one) for one in takes])
    assert (page.response(asked).body == b"packed") is packed


async def test_all_scripts_are_of_one_build(running: Running) -> None:
    languages = ("en", "nl", "da", "de", "fr", "nl-familiar", "de-familiar", "fr-familiar")
    texts = [f"/texts-{lang}.js" for lang in languages]
    bodies = [(await get(running, path)).body for path in ("/widget.js", "/panel.js", *texts)]
    builds = [set(re.findall(rb'"([0-9a-f]{10})"', body)) for body in bodies]
    assert len(builds[0]) == 1
    assert all(build == builds[0] for build in builds)


async def test_health_says_what_is_wrong(running: Running) -> None:
    well = await get(running, "/healthz")
    assert (well.status, well.body, well.headers["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert "ETag" not in well.headers
    running.node.doorways["main"].trouble = "disk full"
    ill = await get(running, "/healthz")
    assert (ill.status, ill.body) == (503, b"desk main is not accepting messages: disk full\n")
    running.node.doorways["main"].trouble = ""


async def test_figures_are_for_this_machine(tmp_path: Path) -> None:
    async with running_node(tmp_path) as running:
        figures = await get(running, "/metrics")
        assert figures.status == 200
        assert b"supportterm_connections 0.0" in figures.body
        assert (await get(running, "/metrics", "X-Forwarded-For: 203.0.113.9")).status == 404
        assert (await get(running, "/metrics", "X-Forwarded-For: 127.0.0.1")).status == 404


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("unix", True),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_who_is_on_this_machine(address: str, there: bool) -> None:
    pages = Pages(False, str, lambda: b"figures")
    found = pages.find("/metrics", address)
    assert (found is not None) is there


async def test_nothing_else_is_served(running: Running) -> None:
    for path in ("/", "/demo/", "/v1/", "/../widget.js", "/widget.js/", "/demo/../widget.js", "/%00"):
        assert (await get(running, path)).status == 404


def test_a_strict_page_says_what_it_allows_itself() -> None:
    headers = Page(b"<p>", "text/html; charset=utf-8", "no-cache", strict=True).response(Headers()).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "ETag" in headers
    assert "Content-Security-Policy" not in Page(b"x").response(Headers()).headers


SHOPS = {
    "acme": Shop(desk="main", name='Acme <Bikes> & "Co"', origins=["*", "https://www.acme.example"]),
    "open": Shop(desk="main", origins=["*"]),
}


async def test_each_shop_has_a_page_for_the_links_of_its_mails(tmp_path: Path) -> None:
    async with running_node(tmp_path, shops=SHOPS) as running:
        page = await get(running, "/chat/acme")
        assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        # Nothing of another origin, nothing in a frame of another page, nothing told to where one goes.
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert b'src="/widget.js" data-shop="acme" data-open' in page.body
        assert b"Acme &lt;Bikes&gt; &amp; &quot;Co&quot;" in page.body
        assert b"<Bikes>" not in page.body
        assert b'<a href="https://www.acme.example/">' in page.body
        assert (await get(running, "/chat/acme/")).body == page.body
        assert b"<a" not in (await get(running, "/chat/open")).body
        assert (await get(running, "/chat.css")).headers["Content-Type"] == "text/css; charset=utf-8"
        for path in ("/chat", "/chat/", "/chat/gone", "/chat/acme/more", "/chat/..%2facme"):
            assert (await get(running, path)).status == 404


def test_a_new_shop_has_its_page_with_the_next_reload() -> None:
    pages = Pages(False, str, bytes)
    pages.open_shops({"acme": SHOPS["acme"]})
    assert pages.find("/chat/open", "") is None
    pages.open_shops(SHOPS)
    assert pages.find("/chat/open", "") is not None
