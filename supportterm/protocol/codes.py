"""Typed tables of error codes and close codes: what each means and what a client does about it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class ErrorCode(NamedTuple):
    """Why a command was refused.

    ``retry`` says whether the same command may succeed later; ``after_ms`` is how long to wait
    first (the server may send a longer wait in the frame itself).
    """

    code: str
    retry: bool
    after_ms: int
    text: str


_ERRORS: Final = (
    ErrorCode("bad_frame", False, 0, "The frame is not one this server knows."),
    ErrorCode("bad_text", False, 0, "The text is empty or holds characters that cannot be sent."),
    ErrorCode("text_too_long", False, 0, "The text is longer than 4,000 characters: split it."),
    ErrorCode("no_chat", False, 0, "There is no such chat, or it is not yours."),
    ErrorCode("id_conflict", False, 0, "This id was already used for something else."),
    ErrorCode("chat_closed", False, 0, "This chat is closed: open a new one."),
    ErrorCode("already_open", False, 0, "You already have an open chat here: it is named in the frame."),
    ErrorCode("already", False, 0, "That is already so: nothing was changed."),
    ErrorCode("not_allowed", False, 0, "Your role does not allow this."),
    ErrorCode("not_owner", False, 0, "Only the chat's owner writes to the customer: write a note."),
    ErrorCode("taken", False, 0, "Somebody else has this chat."),
    ErrorCode("cap", False, 0, "That would be more chats than one person may have at once."),
    ErrorCode("over_ceiling", False, 0, "That is more than your ceiling: take it knowingly, or leave it."),
    ErrorCode(
        "second_handoff", False, 0, "This chat was handed on before: hand it on knowingly, or keep it."
    ),
    ErrorCode("handing", False, 0, "This chat is being handed on: take that back first."),
    ErrorCode("not_offered", False, 0, "This chat is not offered to you any more."),
    ErrorCode("to_self", False, 0, "That is you: choose a colleague."),
    ErrorCode("no_agent", False, 0, "Nobody of this desk has that name."),
    ErrorCode("agent_offline", False, 0, "They are not there: choose somebody who is, or a skill."),
    ErrorCode("no_skill", False, 0, "Nobody of this desk has that skill."),
    ErrorCode("no_shop", False, 0, "This desk has no such shop."),
    ErrorCode("bad_time", False, 0, "That is no time from now on: from half a minute up to seven days."),
    ErrorCode("summary_first", False, 0, "Say first how you understood the customer: this shop wants that."),
    ErrorCode("not_asked", False, 0, "This is answered already, or was never asked."),
    ErrorCode("no_reason", False, 0, "The shop's settings have no such reason."),
    ErrorCode("no_mandate", False, 0, "The shop's settings allow no such gift for that reason."),
    ErrorCode("shop_closed", False, 0, "The shop is closed now: leave a message."),
    ErrorCode("queue_full", False, 0, "Too many are waiting: leave a message."),
    ErrorCode("address_full", False, 0, "Too many are waiting from your address: leave a message."),
    ErrorCode("blocked", False, 0, "You cannot open a chat here for now."),
    ErrorCode("no_contact", False, 0, "That needs an e-mail address, such as name@example.org, or a number."),
    ErrorCode("no_identity", False, 0, "The shop has not said who this customer is."),
    ErrorCode("no_mail", False, 0, "This server sends no mail: its settings name no mail server."),
    ErrorCode("read_only", False, 0, "Another console of yours is writing: take over to write here."),
    ErrorCode("too_fast", True, 2_000, "Too many messages at once: wait a moment."),
    ErrorCode("busy", True, 1_000, "The server is catching up: try again in a moment."),
    ErrorCode("storage", True, 5_000, "The server is not accepting messages: its storage has a problem."),
    ErrorCode("stopping", True, 2_000, "The server is restarting."),
    ErrorCode("bad_login", False, 0, "The name or the password is wrong."),
    ErrorCode("bad_invite", False, 0, "The invitation is unknown, used or expired: ask for a new one."),
    ErrorCode("weak_password", False, 0, "The password is too short: use at least 10 characters."),
    ErrorCode("login_wait", True, 60_000, "Too many attempts: wait a minute."),
)

ERRORS: Final[dict[str, ErrorCode]] = {error.code: error for error in _ERRORS}


class Close(IntEnum):
    """Why a connection was closed. Below 4500 a client reconnects; from 4500 it stops."""

    NORMAL = 1000
    GOING_AWAY = 1001
    UNSUPPORTED_DATA = 1003
    INVALID_TEXT = 1007
    POLICY = 1008
    TOO_BIG = 1009
    RESTART = 4000
    REPLACED = 4001
    SLOW = 4008
    TOO_FAST = 4009
    HELLO_LATE = 4011
    IDENTITY_OVER = 4012
    BAD_TOKEN = 4500
    PROTOCOL = 4501
    VERSION = 4502
    UNKNOWN_SHOP = 4503
    FOREIGN_ORIGIN = 4504
    SIGNED_OUT = 4505
    BAD_LINK = 4506


CLOSE_TEXT: Final[dict[int, str]] = {
    Close.RESTART: "The server restarts: come back in a moment.",
    Close.REPLACED: "A newer connection of the same window took over.",
    Close.SLOW: "The connection did not read what it was sent in time.",
    Close.TOO_FAST: "Too many frames: come back slower.",
    Close.HELLO_LATE: "No hello came in time.",
    Close.IDENTITY_OVER: "What the shop said of who this is has expired: come back.",
    Close.BAD_TOKEN: "The token is not valid: sign in again.",
    Close.PROTOCOL: "The frame is not one this server knows.",
    Close.VERSION: "This server speaks version 1 only: update the client.",
    Close.UNKNOWN_SHOP: "No shop has this key: copy the snippet again (supportterm snippet).",
    Close.FOREIGN_ORIGIN: "This page's address is not among the shop's origins in supportterm.toml.",
    Close.SIGNED_OUT: "This sign-in was ended: sign in again.",
    Close.BAD_LINK: "This link opens no chat here: it is older than 30 days, cut off, or of another shop.",
}

#: Standard codes after which a client must not come back by itself either: it would only repeat the fault.
_STOP: Final = frozenset({Close.UNSUPPORTED_DATA, Close.INVALID_TEXT, Close.POLICY, Close.TOO_BIG})


def reconnects(code: int) -> bool:
    """Whether a client comes back by itself after a close with ``code`` (1006 and unknown ones: yes)."""
    return code < 4500 and code not in _STOP
