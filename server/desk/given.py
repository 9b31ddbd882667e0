"""What a chat's events say of the word that was given in it, and of the answer on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.desk.events import Event, decode_data
from supportterm.protocol import kinds

if TYPE_CHECKING:
    from server.desk.chat import Chat


def promised(chat: Chat, event: Event) -> None:
    """A time was given."""
    said = decode_data(event, kinds.Promised)
    chat.promise_at = chat.given_at = event.at
    chat.promise_due = chat.promise_first = said.due_at
    chat.promise_named = chat.promise_first_named = said.named
    _calls_back_by(chat, said.due_at)


def promise_extended(chat: Chat, event: Event) -> None:
    """In time, a later one."""
    extended = decode_data(event, kinds.PromiseExtended)
    # Near or far is what is promised now, however long the customer waits already.
    chat.promise_at = event.at
    chat.promise_due, chat.promise_named = extended.due_at, extended.named
    _calls_back_by(chat, extended.due_at)


def _calls_back_by(chat: Chat, due_at: int) -> None:
    """Instead of the answer a new time, for which they need not stay either."""
    if chat.callback:
        chat.left_due = due_at
        chat.answered_at = chat.reach.answer = 0


def promise_moved(chat: Chat, event: Event) -> None:
    """The clock was set."""
    moved = decode_data(event, kinds.PromiseMoved)
    by = moved.due_at - chat.promise_due
    chat.promise_first = moved.first_at or chat.promise_first + by
    chat.promise_due = moved.due_at
    if chat.callback:
        chat.left_due = moved.due_at
    # How long it was to take stays what it was. The log's times go on from a clock that is set back.
    chat.promise_at += by
    chat.given_at += max(0, by)


def promise_ended(chat: Chat, event: Event) -> None:
    """Kept, broken or void."""
    how = decode_data(event, kinds.PromiseEnded).how
    if how in ("kept", "extended"):
        _answered_promise(chat, event)
    if how == "broken":
        chat.broken_at = min(chat.promise_due, event.at)
        chat.late_at = chat.late_at or chat.broken_at
        chat.waiting_since = chat.waiting_since or chat.broken_at
    no_promise(chat)


def no_promise(chat: Chat) -> None:
    """None runs any more."""
    chat.promise_at = chat.promise_due = chat.promise_first = 0
    chat.promise_named = chat.promise_first_named = False


def made_good(chat: Chat, event: Event) -> None:
    """The answer came after all."""
    chat.late_at = 0
    if chat.waiting_since == chat.broken_at:
        # The answer was written before that, and has arrived now.
        chat.waiting_since = 0
    chat.broken_at = 0
    _answered_promise(chat, event)


def _answered_promise(chat: Chat, event: Event) -> None:
    if chat.given_at:
        chat.took_ms, chat.given_at = event.at - chat.given_at, 0
    chat.reach.answer = 0


def callback(chat: Chat, event: Event) -> None:
    """The customer need not stay."""
    said = decode_data(event, kinds.Callback)
    if not chat.left_due:
        chat.reach.begins(event.pub)
    chat.callback = said.how
    chat.callback_owner, chat.callback_name = event.actor.removeprefix("agent:"), event.name
    chat.left_at, chat.left_due = event.at, said.due_at
    chat.waiting_since = chat.broken_at = chat.closes_at = 0
    chat.answered_at = chat.reach.answer = 0
    chat.page_gone = False
    chat.agent_name = ""


def lives(chat: Chat) -> None:
    """The customer is there again, and answered as in any chat."""
    chat.left_at = chat.left_due = chat.answered_at = 0
    chat.reach.lives()
    no_callback(chat)


def no_callback(chat: Chat) -> None:
    """The customer is not called back any more."""
    chat.callback = ""
    chat.callback_owner = chat.callback_name = ""


def contact(chat: Chat, event: Event) -> None:
    """Where to reach them."""
    chat.reach.told(event)


def mailing(chat: Chat, event: Event) -> None:
    """What was written goes out by mail."""
    chat.reach.goes(event)


def mailed(chat: Chat, event: Event) -> None:
    """What the mail server said to that."""
    if chat.reach.went(event):
        # As if nothing had been written.
        chat.answered_at = 0


def seen(chat: Chat, event: Event) -> None:
    """They have seen it in the widget."""
    chat.reach.saw(event)
    if chat.left_due and (chat.reach.answer or not chat.callback):
        chat.answered_at = chat.answered_at or event.at


def phoned(chat: Chat, event: Event) -> None:
    """Somebody called them."""
    if decode_data(event, kinds.Phoned).reached:
        chat.waiting_since = chat.broken_at = 0
        chat.answered_at = chat.answered_at or event.at
