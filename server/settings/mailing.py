"""Mistakes in ``[mail]``, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Final

from server.mail.letter import plain_address
from server.settings.mail import Mail, first_line
from server.settings.origins import is_loopback
from server.settings.sentences import shown

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+|[^@\s]+@localhost")
#: Keys that mean nothing without `host`.
_OF_HOST: Final = ("user", "password", "password_file", "sender", "bounces_to", "imap_host")


def mail_problems(mail: Mail, file: str, imap_file: str) -> Iterator[str]:
    """What is wrong in the table, as the rest of a sentence. ``file``, ``imap_file``: the paths of
    `password_file` and `imap_password_file`."""
    signs_in = mail.password or mail.password_file
    if not mail.host:
        used = [name for name in _OF_HOST if getattr(mail, name)]
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
    if mail.bounces_to and not is_address(mail.bounces_to):
        yield (
            f"`bounces_to` is {shown(mail.bounces_to)}, but must be a mail address alone, such as"
            " `bounces@acme.example`."
        )
    yield from _host_problems("host", mail.host)
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
        yield from _file_problems("password_file", mail.password_file, Path(file))
    yield from _imap_problems(mail, imap_file)


def _imap_problems(mail: Mail, file: str) -> Iterator[str]:
    signs_in = mail.imap_password or mail.imap_password_file
    if not mail.imap_host:
        used = [name for name in ("imap_user", "imap_password", "imap_password_file") if getattr(mail, name)]
        if used:
            yield f"`{used[0]}` is set but `imap_host` is not: name the server of the mailbox."
        return
    yield from _host_problems("imap_host", mail.imap_host)
    if not (mail.imap_user or mail.user):
        yield "`imap_host` is set but neither `imap_user` nor `user` is: a mailbox is somebody's."
    if mail.imap_user and not signs_in:
        yield "`imap_user` is set but neither `imap_password_file` nor `imap_password` is: it needs one."
    if signs_in and not mail.imap_user:
        name = "imap_password" if mail.imap_password else "imap_password_file"
        yield f"`{name}` is set but `imap_user` is not: name the user."
    if mail.imap_password and mail.imap_password_file:
        yield "`imap_password` and `imap_password_file` are both set: keep one."
    if not mail.imap_tls and not is_loopback(mail.imap_host):
        yield "`imap_tls` is false, so that the password would be sent in the clear: set it to true."
    if mail.imap_tls and mail.imap_port == 143:
        yield "`imap_port` is 143, where nothing is encrypted at first: use 993."
    for name in ("imap_folder", "imap_move_to"):
        folder = getattr(mail, name)
        if not (folder.isascii() and (folder.isprintable())):
            yield f"`{name}` is {shown(folder)}, but must be the name of a folder in ASCII characters."
    if not mail.imap_folder:
        yield "`imap_folder` is empty: name the folder that mails come back to, such as `INBOX`."
    if mail.imap_move_to == mail.imap_folder:
        yield "`imap_move_to` is the folder that is read: name another one, or leave it empty."
    if mail.imap_password_file:
        yield from _file_problems("imap_password_file", mail.imap_password_file, Path(file))


def _host_problems(key: str, host: str) -> Iterator[str]:
    if re.search(r"[/\s]|:\d+$", host) and host.count(":") < 2:
        meant = re.sub(r"^\w+://|[/\s].*$|:\d+/?$", "", host.strip())
        yield f"`{key}` is {shown(host)}, but must be a host name alone; did you mean `{meant}`?"


def is_sender(text: str) -> bool:
    """Whether it can stand behind "From:"."""
    return text.isprintable() and is_address(parseaddr(text)[1])


def is_address(text: str) -> bool:
    """Whether it is an address and nothing else."""
    try:
        return bool(_ADDRESS.fullmatch(plain_address(text)))
    except ValueError:
        return False


def _file_problems(key: str, name: str, path: Path) -> Iterator[str]:
    try:
        if not first_line(path):
            yield f"`{key}` names {name}, but its first line is empty: write the password there."
    except FileNotFoundError:
        yield f"`{key}` names {name}, but there is no such file."
    except OSError as error:
        why = error.strerror or "it is not UTF-8 text"
        yield f"`{key}` names {name}, which cannot be read: {why}."
