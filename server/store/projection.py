"""A chat's row as its events leave it; the same rules by which `server.desk.chat.Chat` folds."""

from __future__ import annotations

import sqlite3
from typing import Final

from server.desk.events import Event, decode_data
from server.identity import sign_in_of
from server.store.interface import Origin
from supportterm.protocol import kinds

#: What each kind of event that changes a chat's state does to its row; a plain message touches none.
CHANGING: Final = {
    "joined": "UPDATE chat SET owner = :owner, state = 'open' WHERE stream = :stream",
    "closed": "UPDATE chat SET state = 'closed', closed_at = :at WHERE stream = :stream",
    "reopened": """
        UPDATE chat SET closed_at = 0, state = CASE owner WHEN '' THEN 'queued' ELSE 'open' END
        WHERE stream = :stream""",
    "requeued": "UPDATE chat SET owner = '', state = 'queued' WHERE stream = :stream",
    "unassigned": "UPDATE chat SET owner = '', state = :waits, closed_at = 0 WHERE stream = :stream",
    "left": "UPDATE chat SET state = 'left' WHERE stream = :stream",
    "identified": "UPDATE chat SET customer = :customer WHERE stream = :stream",
}


def open_chat(connection: sqlite3.Connection, stream: int, origin: Origin, at: int) -> None:
    """The row of a new chat, and its customer's: no stored chat can lack them."""
    connection.execute(
        """INSERT INTO customer (id, token_hash, shop, created) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING""",
        (origin.customer, origin.token_hash, origin.shop, at),
    )
    connection.execute(
        """INSERT INTO chat (stream, desk, shop, customer, owner, state, opened_at, closed_at)
        VALUES (?, ?, ?, ?, '', 'queued', ?, 0)""",
        (stream, origin.desk, origin.shop, origin.customer, at),
    )


def project(connection: sqlite3.Connection, stream: int, event: Event) -> None:
    """Follow one event, of a kind in `CHANGING`, of the chat whose stream has this number."""
    waits = customer = ""
    if event.kind == "identified":
        customer = decode_data(event, kinds.Identified).customer
        _know(connection, stream, customer, event.at)
    if event.kind == "unassigned":
        waits = "left" if decode_data(event, kinds.Unassigned).left else "queued"
    owner = event.actor.removeprefix("agent:")
    connection.execute(
        CHANGING[event.kind],
        {"stream": stream, "at": event.at, "owner": owner, "waits": waits, "customer": customer},
    )


def _know(connection: sqlite3.Connection, stream: int, customer: str, at: int) -> None:
    """The row of a customer who signed in during the chat, or whom the shop had forgotten and knows again."""
    connection.execute(
        """INSERT INTO customer (id, token_hash, shop, created)
        SELECT ?, ?, shop, ? FROM chat WHERE stream = ?
        ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, created = excluded.created
        WHERE token_hash IS NULL""",
        (customer, sign_in_of(customer), at, stream),
    )


def texts_again(connection: sqlite3.Connection, stream: int) -> None:
    """The chat holds texts again after they had been removed."""
    connection.execute("UPDATE chat SET texts = 1 WHERE stream = ?", (stream,))
