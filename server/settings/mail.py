"""The keys of ``[mail]``: the server that takes answers which customers get by mail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct

from server.settings.about import about, secret, true_or_false, whole


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
            "Who the mails are from; what customers answer goes there, and mails that come back do, without"
            " `bounces_to`.",
            "a mail address, with a name or without",
            "Acme Bikes <service@acme.example>",
        ),
    ] = ""
    bounces_to: Annotated[
        str,
        about(
            "Where mails come back to that cannot be delivered. Empty: to `sender`.",
            "a mail address",
            "bounces@acme.example",
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

    imap_host: Annotated[
        str,
        about(
            "The IMAP server with the mailbox that mails come back to. Empty: it is not read.",
            "a host name or an IP address",
            "imap.acme.example",
        ),
    ] = ""
    imap_port: Annotated[int, whole(1, 65_535, "Its port.")] = 993
    imap_tls: Annotated[
        bool, true_or_false("Whether to encrypt from the first byte on. Without it only on this machine.")
    ] = True
    imap_user: Annotated[
        str, about("Whom to sign in as there. Empty: as `user`, with the same password.", "a text")
    ] = ""
    imap_password: Annotated[
        str, secret("The password of `imap_user`. Better keep it in a file: `imap_password_file`.", "a text")
    ] = ""
    imap_password_file: Annotated[
        str,
        about(
            "A file whose first line is that password. A relative path starts at this file.",
            "a path to a file that the server may read",
            "/etc/supportterm/imap-password",
        ),
    ] = ""
    imap_folder: Annotated[str, about("The folder that is read.", "a text of ASCII characters")] = "INBOX"
    imap_move_to: Annotated[
        str,
        about(
            "A folder that mails go to which were about one of ours. Empty: they stay, marked as seen.",
            "a text of ASCII characters",
            "Bounces",
        ),
    ] = ""
    imap_seconds: Annotated[int, whole(5, 86_400, "Seconds between two looks at the mailbox.")] = 60

    def __repr__(self) -> str:
        """As always, without the password."""
        return f"Mail(host={self.host!r}, port={self.port}, user={self.user!r}, sender={self.sender!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for tracebacks in colour."""
        return [(name, getattr(self, name)) for name in ("host", "port", "user", "sender")]

    def secret(self) -> str:
        """The password; "" without one. Raises `OSError` if its file cannot be read now."""
        return first_line(Path(self.password_file)) if self.password_file else self.password

    def imap_secret(self) -> str:
        """The mailbox's password; "" without one. Raises `OSError` if its file cannot be read now."""
        if not self.imap_user:
            return self.secret()
        if self.imap_password_file:
            return first_line(Path(self.imap_password_file))
        return self.imap_password


def first_line(path: Path) -> str:
    """A file's first line without its end. Raises `OSError`, also if it is no text."""
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise OSError(f"{path} is not UTF-8 text") from None
