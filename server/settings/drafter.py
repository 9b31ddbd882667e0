"""The keys of ``[drafter]``: the language model that drafts summaries, where an owner wants one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct, field

from server.settings.about import about, secret, whole
from server.settings.mail import first_line
from server.settings.origins import is_loopback
from server.settings.sentences import nearest, shown, twice
from supportterm.protocol.limits import DRAFT_MS


class Drafter(Struct, frozen=True, kw_only=True):
    """A language model that drafts summaries beside the rules. Off unless `url` is set.

    Then the words of a chat, with what is private hidden in them, leave this machine when an agent opens
    the draft of its summary: `docs/understanding.md` says which.
    """

    url: Annotated[
        str,
        about(
            "The whole address of an OpenAI-style endpoint for chat completions. Empty: no model is asked.",
            "an address that begins with https://, or with http:// on this machine",
            "https://models.example/v1/chat/completions",
        ),
    ] = ""
    model: Annotated[
        str, about("The model to ask for. Empty: the endpoint's own choice.", "a text", "small-1")
    ] = ""
    key: Annotated[
        str, secret("The endpoint's key. Better keep it in a file: `key_file`.", "a text without spaces")
    ] = ""
    key_file: Annotated[
        str,
        about(
            "A file whose first line is the key. A relative path starts at this file.",
            "a path to a file that the server may read",
            "/etc/supportterm/model-key",
        ),
    ] = ""
    timeout_ms: Annotated[
        int, whole(100, DRAFT_MS, "Milliseconds the model has; then the rules' draft stays.")
    ] = DRAFT_MS
    per_minute: Annotated[int, whole(1, 600, "Drafts per minute that one agent may ask the model for.")] = 10
    shops: Annotated[
        list[str],
        about(
            "The shops whose chats the model may read. Empty: all.",
            "a list of keys of shops",
            '["acme"]',
        ),
    ] = field(default_factory=list)

    def __repr__(self) -> str:
        """As always, without the key."""
        return f"Drafter(url={self.url!r}, model={self.model!r}, shops={self.shops!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for tracebacks in colour."""
        return [(name, getattr(self, name)) for name in ("url", "model", "shops")]

    def secret(self) -> str:
        """The key; "" without one. Raises `OSError` if its file cannot be read now."""
        return first_line(Path(self.key_file)) if self.key_file else self.key

    def serves(self, shop: str) -> bool:
        """Whether chats of this shop may be drafted."""
        return bool(self.url) and (not self.shops or shop in self.shops)


def drafter_problems(drafter: Drafter, file: str, shops: Collection[str]) -> Iterator[str]:
    """What is wrong in the table, as the rest of a sentence. ``file``: the path of `key_file`; ``shops``:
    the keys of all shops."""
    if not drafter.url:
        used = [name for name in ("model", "key", "key_file", "shops") if getattr(drafter, name)]
        if used:
            yield f"`{used[0]}` is set but `url` is not: name the endpoint."
        return
    yield from _url_problems(drafter.url)
    if drafter.key and drafter.key_file:
        yield "`key` and `key_file` are both set: keep one."
    if drafter.key and not _is_key(drafter.key):
        yield "`key` must be a text without spaces."
    if drafter.key_file:
        yield from _file_problems(drafter.key_file, Path(file))
    for name in drafter.shops:
        if name not in shops:
            yield f"`shops` has {shown(name)}, but there is no [shop.{name}]; {nearest(name, shops, 'shops')}"
    for name in twice(drafter.shops):
        yield f"`shops` has {shown(name)} twice: keep one."


def _url_problems(url: str) -> Iterator[str]:
    parts = _parts(url)
    if parts is None:
        yield (
            f"`url` is {shown(url)}, but must be an address such as"
            " `https://models.example/v1/chat/completions`."
        )
        return
    if parts.username or parts.password:
        # Not shown: it holds a secret.
        yield "`url` holds a user or a password, which would not be sent: use `key_file`."
        return
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        secure = parts._replace(scheme="https").geturl()
        yield (
            f"`url` is {shown(url)}, so that customers' words would travel in the clear: use https://;"
            f" did you mean `{secure}`?"
        )
    path = parts.path.rstrip("/")
    if path in ("", "/v1"):
        whole_one = parts._replace(path=f"{path or '/v1'}/chat/completions").geturl()
        yield f"`url` is {shown(url)}, but must be the whole address; did you mean `{whole_one}`?"


def _parts(url: str) -> SplitResult | None:
    """The parts of an address that can be asked; None if it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    fits = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return parts if fits and _is_key(url) else None


def _is_key(text: str) -> bool:
    """Whether it can stand in a line of a request."""
    return text.isascii() and text.isprintable() and " " not in text


def _file_problems(name: str, path: Path) -> Iterator[str]:
    try:
        key = first_line(path)
    except FileNotFoundError:
        yield f"`key_file` names {name}, but there is no such file."
    except OSError as error:
        yield f"`key_file` names {name}, which cannot be read: {error.strerror or 'it is not UTF-8 text'}."
    else:
        if not key:
            yield f"`key_file` names {name}, but its first line is empty: write the key there."
        elif not _is_key(key):
            yield f"`key_file` names {name}, but its first line is no key: it must be a text without spaces."
