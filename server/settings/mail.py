"""The keys of ``[mail]``: the server that takes answers which customers get by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Final

from msgspec import Struct

from server.mail.letter import plain_address
from server.settings.about import about, secret, true_or_false, whole
from server.settings.origins import is_loopback
from server.settings.sentences import shown

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+|[^@\s]+@localhost")


class Mail(Struct, frozen=True, kw_only=True):
    """The mail server that takes answers for customers who are not in the chat any more, of all shops.

    docs/operating.md tells how it is set up, and what happens while it is down.
    """

    host: Annotated[
        str, about("The SMTP server. Empty: no mail.", "a host name or an IP address", "smtp.acme.example")
    ] = ""
    port: Annotated[int, whole(1, 65_535, "Its port.")] = 587
    starttls: Annotated[
        bool,
        true_or_false(
            "Whether to encrypt with STARTTLS, and to send nothing where the server does not offer it."
        ),
    ] = True
    user: Annotated[str, about("Whom to sign in as. Empty: without.", "a text")] = ""
    password: Annotated[
        str, secret("The password of `user`. Better keep it in a file: `password_file`.", "a text")
    ] = ""
    password_file: Annotated[
        str,
        about(
            "A file whose first line is the password. A relative path starts at this file.",
            "a path to a file that the server may read",
            "/etc/supportterm/mail-password",
        ),
    ] = ""
    sender: Annotated[
        str,
        about(
            "Who the mails are from; what customers answer, and mails that come back, go there, too.",
            "a mail address, with a name or without",
            "Acme Bikes <service@acme.example>",
        ),
    ] = ""
    timeout_seconds: Annotated[int, whole(1, 600, "Seconds for each answer of the mail server.")] = 20
    retry_seconds: Annotated[
        int,
        whole(1, 3_600, "Seconds until a mail that was not taken is tried again; twice as many each time."),
    ] = 60
    retry_most_minutes: Annotated[int, whole(1, 1_440, "Minutes between two tries at most.")] = 30
    retry_hours: Annotated[
        int, whole(1, 720, "Hours after which a mail that cannot be handed over counts as refused.")
    ] = 24

    def __repr__(self) -> str:
        """As always, without the password."""
        return f"Mail(host={self.host!r}, port={self.port}, user={self.user!r}, sender={self.sender!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for tracebacks in colour."""
        return [(name, getattr(self, name)) for name in ("host", "port", "user", "sender")]

    def secret(self) -> str:
        """The password; "" without one. Raises `OSError` if its file cannot be read now."""
        return first_line(Path(self.password_file)) if self.password_file else self.password


def first_line(path: Path) -> str:
    """A file's first line without its end. Raises `OSError`, also if it is no text."""
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise OSError(f"{path} is not UTF-8 text") from None


def mail_problems(mail: Mail, file: str) -> Iterator[str]:
    """What is wrong in the table, as the rest of a sentence. ``file``: the path of `password_file`."""
    signs_in = mail.password or mail.password_file
    if not mail.host:
        used = [name for name in ("user", "password", "password_file", "sender") if getattr(mail, name)]
        if used:
            yield f"`{used[0]}` is set but `host` is not: name the mail server."
        return
    if not mail.sender:
        yield "`sender` is missing: it must be a mail address, with a name or without."
    elif not is_sender(mail.sender):
        yield (
            f"`sender` is {shown(mail.sender)}, but must be a mail address such as"
            " `service@acme.example` or `Acme Bikes <service@acme.example>`."
        )
    if re.search(r"[/\s]|:\d+$", mail.host) and mail.host.count(":") < 2:
        host = re.sub(r"^\w+://|[/\s].*$|:\d+/?$", "", mail.host.strip())
        yield f"`host` is {shown(mail.host)}, but must be a host name alone; did you mean `{host}`?"
    if mail.port == 465:
        yield "`port` is 465, where encryption begins before STARTTLS can: use 587."
    if mail.password and mail.password_file:
        yield "`password` and `password_file` are both set: keep one."
    if mail.user and not signs_in:
        yield "`user` is set but neither `password_file` nor `password` is: signing in needs one."
    if signs_in and not mail.user:
        yield f"`{'password' if mail.password else 'password_file'}` is set but `user` is not: name the user."
    if signs_in and not mail.starttls and not is_loopback(mail.host):
        yield "`starttls` is false, so that the password would be sent in the clear: set it to true."
    if mail.password_file:
        yield from _file_problems(mail.password_file, Path(file))


def is_sender(text: str) -> bool:
    """Whether it can stand behind "From:"."""
    _, address = parseaddr(text)
    try:
        address = plain_address(address)
    except ValueError:
        return False
    return text.isprintable() and bool(_ADDRESS.fullmatch(address))


def _file_problems(name: str, path: Path) -> Iterator[str]:
    try:
        if not first_line(path):
            yield f"`password_file` names {name}, but its first line is empty: write the password there."
    except FileNotFoundError:
        yield f"`password_file` names {name}, but there is no such file."
    except OSError as error:
        why = error.strerror or "it is not UTF-8 text"
        yield f"`password_file` names {name}, which cannot be read: {why}."
