"""What must hold of mails when all is quiet: none is lost, and the log says of each what its server did."""

from __future__ import annotations

from typing import Any

import msgspec

from server.desk.events import CUSTOMER, Event
from server.mail.numbers import Numbers

from .post import Post
from .witness import Witness


def check_mails(log: dict[str, list[Event]], post: Post, numbers: Numbers, witness: Witness) -> None:
    """Every mail that was decided has an outcome, which is the true one; and what a mail keeps, it kept."""
    known: set[str] = set()
    for chat, events in log.items():
        told = [(event, _data(event)) for event in events]
        for place, (event, data) in enumerate(told):
            if event.kind == "mailing":
                number = numbers.of(chat, event.seq)
                known.add(number)
                wrong = _wrong(number, data["upto"], told[place + 1 :], post)
                if wrong:
                    witness.fail(f"{chat} {event.seq}, a mail: {wrong}")
            if event.kind == "promise_ended" and data["how"] in ("kept", "extended"):
                _kept(chat, place, told, witness)
    strangers = set(post.taken) - known
    if strangers:
        witness.fail(f"letters were handed over that nobody decided on: {strangers}")


def _wrong(number: str, upto: int, after: list[tuple[Event, dict[str, Any]]], post: Post) -> str:
    """What the log says of one mail and is not so; "": all is well."""
    again = next(
        (n for n, (e, d) in enumerate(after) if e.kind == "mailing" and d["upto"] == upto), len(after)
    )
    mailed = [(e, d) for e, d in after[:again] if e.kind == "mailed" and d["upto"] == upto]
    seen = any(e.kind == "seen" and d["upto"] >= upto for e, d in after)
    if len(mailed) > 1:
        return "has two outcomes"
    if not mailed:
        return "" if seen else "has no outcome"
    event, data = mailed[0]
    taken, returned = number in post.taken, number in post.returned
    if data["how"] == "accepted" and not taken:
        return "counts as accepted, and the mail server never took it"
    if any(e.kind == "erased" for e, _ in after):
        return ""  # nothing is left of what it said, and of why
    ours = not event.text.startswith("550")
    if data["how"] == "refused" and not (number in post.refused or returned or ours):
        return f"counts as refused ({event.text}), and the mail server said no such thing"
    if data["how"] == "refused" and ours and taken and not returned:
        return f"was taken, and counts as refused: {event.text}"
    if returned and data["how"] == "accepted":
        return _wrong_return(event.seq, upto, after)
    return ""


def _wrong_return(seq: int, upto: int, after: list[tuple[Event, dict[str, Any]]]) -> str:
    """It was accepted and came back: its chat says so, unless the customer has it, or something newer
    takes its place."""
    for event, data in after:
        if event.kind == "bounced" and data["upto"] >= upto:
            return ""
        if event.seq > seq and event.kind == "mailing":
            return ""  # it goes out again with what was written since
        if event.kind == "seen" and data["upto"] >= upto:
            return ""
        if event.kind == "erased" or (event.kind in ("message", "closed") and event.actor == CUSTOMER):
            return ""
    before = next((e for e, _ in after if e.kind == "closed" and e.seq < seq), None)
    return "" if before is not None else "came back, and its chat does not know"


def _kept(chat: str, place: int, told: list[tuple[Event, dict[str, Any]]], witness: Witness) -> None:
    """A callback by mail is kept by a mail that was accepted, or because the customer has the answer."""
    called = False
    for event, _ in told[:place]:
        if event.kind == "callback":
            called = True
        elif event.kind in ("requeued", "closed") or (called and event.kind == "reopened"):
            called = False
        elif event.kind == "unassigned":
            called = called or _data(event)["reason"] == "bounced"
    event = told[place][0]
    if not called or event.actor != "desk":
        return
    for before, data in reversed(told[max(0, place - 3) : place]):
        if (before.kind == "mailed" and data["how"] == "accepted") or before.kind == "seen":
            return
    after = next((e for e, _ in told[place + 1 :] if e.kind != "made_good"), None)
    if after is None or after.kind not in ("message", "reopened") or after.actor != CUSTOMER:
        witness.fail(f"{chat} {event.seq}: a callback was kept by nothing that arrived")


def _data(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(event.data or b"{}")
    return found
