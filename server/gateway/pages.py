"""The few pages a GET may ask for, all from memory."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from ipaddress import ip_address

from msgspec import Struct
from websockets.datastructures import Headers
from websockets.http11 import Response

from server.links import CHAT_PATH
from server.settings import Shop

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
#: Pages of a shop ask for the widget again and again; after an upgrade they have the new one soon.
_SCRIPT_CACHE = "public, max-age=300"
#: What the demo shop allows itself; the widget must live with the strictest page.
_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


#: Without a language of its own: the widget takes the browser's.
_CHAT = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{name}</title>
<link rel="stylesheet" href="/chat.css">
<script async src="/widget.js" data-shop="{key}" data-open></script>
</head>
<body>
<h1>{way}</h1>
</body>
</html>
"""


class Page(Struct, frozen=True):
    """A body with its type; ``cache`` is its Cache-Control; ``packed``: the same with gzip, if it pays."""

    body: bytes
    type: str = "text/plain; charset=utf-8"
    cache: str = "no-store"
    strict: bool = False
    status: int = 200
    packed: bytes = b""

    def response(self, asked: Headers) -> Response:
        """The answer, packed for who takes that; 304 if the browser has this very body."""
        whole = self.packed if self.packed and _takes_gzip(asked) else self.body
        etag = '"' + hashlib.sha256(whole).hexdigest()[:20] + '"'
        known = self.cache != "no-store" and etag in ",".join(asked.get_all("If-None-Match"))
        body = b"" if known else whole
        headers = Headers(
            [
                ("Content-Type", self.type),
                ("Content-Length", str(len(body))),
                ("Cache-Control", self.cache),
                ("X-Content-Type-Options", "nosniff"),
                ("Connection", "close"),
            ]
        )
        if self.packed:
            headers["Vary"] = "Accept-Encoding"
        if whole is self.packed:
            headers["Content-Encoding"] = "gzip"
        if self.cache != "no-store":
            headers["ETag"] = etag
            headers["Access-Control-Allow-Origin"] = "*"
        if self.strict:
            headers["Content-Security-Policy"] = _STRICT
            headers["Referrer-Policy"] = "same-origin"
        if known:
            return Response(304, "Not Modified", headers, b"")
        return Response(self.status, "OK" if self.status == 200 else "Service Unavailable", headers, body)


class Pages:
    """``/widget.js``, the ``/panel.js`` and ``/texts-….js`` it loads, ``/chat/<shop>`` for links of mails,
    ``/healthz``, ``/metrics`` for this machine, and the demo shop where there is one.

    ``health`` gives "" or what is wrong; ``metrics`` the figures.
    """

    def __init__(self, demo: bool, health: Callable[[], str], metrics: Callable[[], bytes]) -> None:
        self._health = health
        self._metrics = metrics
        widget = files("server") / "widget"
        self._widget = (widget / "dist" / "widget.js").read_bytes()
        self._chats: dict[str, Page] = {}
        self._fixed: dict[str, Page] = {
            "/" + file.name: _script(file.read_bytes()) for file in (widget / "dist").iterdir()
        }
        style = (widget / "page" / "chat.css").read_bytes()
        self._fixed["/chat.css"] = Page(style, _TYPES["css"], _SCRIPT_CACHE)
        self.begin_widget(b"")
        if demo:
            for file in (widget / "demo").iterdir():
                self._add_demo(file)

    def begin_widget(self, prelude: bytes) -> None:
        """Serve the widget with this JavaScript before it (`server.gateway.prelude`)."""
        self._fixed["/widget.js"] = _script(prelude + self._widget)

    def open_shops(self, shops: Mapping[str, Shop]) -> None:
        """Have a page for each shop (by key) on which the link of a mail opens its chat."""
        self._chats = {
            CHAT_PATH + key: Page(chat_page(key, shop), _TYPES["html"], "no-cache", strict=True)
            for key, shop in shops.items()
        }

    def _add_demo(self, file: Traversable) -> None:
        ending = file.name.rpartition(".")[2]
        if file.is_file() and ending in _TYPES:
            page = Page(file.read_bytes(), _TYPES[ending], "no-cache", strict=True)
            self._fixed["/demo/" + file.name] = page
            if file.name == "index.html":
                self._fixed["/demo/"] = self._fixed["/demo"] = page

    def find(self, path: str, address: str) -> Page | None:
        """The page at ``path`` for somebody at ``address``; None: there is nothing."""
        if path == "/healthz":
            wrong = self._health()
            return Page(((wrong or "ok") + "\n").encode(), status=503 if wrong else 200)
        if path == "/metrics":
            return Page(self._metrics()) if _is_here(address) else None
        return self._fixed.get(path) or self._chats.get(path.rstrip("/"))


def chat_page(key: str, shop: Shop) -> bytes:
    """A page with nothing but the widget of a shop, opened, and the way to the shop."""
    name = escape(shop.name or key)
    home = next((origin for origin in shop.origins if origin != "*"), "")
    way = f'<a href="{escape(home)}/">{name}</a>' if home else name
    return _CHAT.format(key=escape(key), name=name, way=way).encode()


def _script(body: bytes) -> Page:
    # Packed once: the same few bodies go to every visitor of every page of a shop.
    return Page(body, _TYPES["js"], _SCRIPT_CACHE, packed=gzip.compress(body, mtime=0))


def _takes_gzip(asked: Headers) -> bool:
    """Whether ``Accept-Encoding`` names gzip, or anything, with a weight that is not 0."""
    weights: dict[str, str] = {}
    for one in ",".join(asked.get_all("Accept-Encoding")).lower().split(","):
        name, _, parameters = one.partition(";")
        weights[name.strip()] = parameters.replace(" ", "").removeprefix("q=")
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and (not weight or bool(weight.strip("0.")))


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "unix"
