"""What a chat's events say of the word given in it, of who is there to wait, and of the answer on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.desk.events import Event, decode_data
from server.desk.reach import Taken
from supportterm.protocol import kinds

if TYPE_CHECKING:
    from server.desk.chat import Chat


def owes(chat: Chat) -> bool:
    """Whether a time was given and the answer is still to come: one that waits here for who does not come
    asks nothing of anybody."""
    return bool(chat.promise_due) and not chat.waits_here


def promised(chat: Chat, event: Event) -> None:
    """A time was given."""
    said = decode_data(event, kinds.Promised)
    chat.promise_at = chat.given_at = event.at
    chat.promise_due = chat.promise_first = said.due_at
    chat.promise_named = chat.promise_first_named = said.named
    chat.pledge = event.seq
    chat.unsaid = False
    chat.lapsed_at = 0
    _calls_back_by(chat, said.due_at)


def promise_extended(chat: Chat, event: Event) -> None:
    """In time, a later one."""
    extended = decode_data(event, kinds.PromiseExtended)
    # Near or far is what is promised now, however long the customer waits already.
    chat.promise_at, chat.unsaid = event.at, False
    chat.promise_due, chat.promise_named = extended.due_at, extended.named
    _calls_back_by(chat, extended.due_at)


def _calls_back_by(chat: Chat, due_at: int) -> None:
    """Instead of the answer a new time, for which they need not stay either."""
    if chat.callback:
        chat.left_due = due_at
        _unanswered(chat)


def _unanswered(chat: Chat) -> None:
    """A new time was given. An answer that is to go to another address than before stays one."""
    chat.answered_at = 0
    if not (chat.reach.corrected and chat.reach.failed):
        chat.reach.answer = 0


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
    ended = decode_data(event, kinds.PromiseEnded)
    how = ended.how
    if ended.gone:
        chat.lapsed_at = event.at
    if how in ("kept", "extended"):
        _answered_promise(chat, event)
    if how == "broken":
        chat.broken_at = min(chat.promise_due, event.at)
        chat.late_at = chat.late_at or chat.broken_at
        chat.waiting_since = chat.waiting_since or chat.broken_at
    no_promise(chat)


def answers_lapsed(chat: Chat) -> None:
    """What was promised before the customer left is answered, whenever they read it."""
    if chat.lapsed_at:
        chat.lapsed_at = 0
        # Of an earlier promise, which was not kept, the answer is told by `made_good`.
        chat.given_at = chat.given_at if chat.late_at else 0


def no_promise(chat: Chat) -> None:
    """None runs any more."""
    chat.promise_at = chat.promise_due = chat.promise_first = 0
    chat.promise_named = chat.promise_first_named = chat.unsaid = False


def made_good(chat: Chat, event: Event) -> None:
    """The answer came after all."""
    chat.late_at = 0
    if chat.waiting_since == chat.broken_at:
        # The answer was written before that, and has arrived now.
        chat.waiting_since = 0
    chat.broken_at = 0
    _answered_promise(chat, event)


def nudged(chat: Chat, event: Event) -> None:
    """Whether they are still there, is asked; else it closes."""
    chat.closes_at = decode_data(event, kinds.Nudged).closes_at


def page_gone(chat: Chat, event: Event) -> None:
    """The customer has no page open."""
    chat.page_gone_at = event.at


def page_back(chat: Chat, event: Event) -> None:
    """They have one again, and wait, if what they were promised lapsed meanwhile."""
    chat.page_gone_at = 0
    if decode_data(event, kinds.PageBack).waits:
        chat.waiting_since = event.at


def _answered_promise(chat: Chat, event: Event) -> None:
    if chat.given_at:
        # What waited here for who came late did not take its agent any longer.
        at = chat.answered_at if chat.waits_here else event.at
        chat.took_ms, chat.given_at = at - chat.given_at, 0
    chat.reach.answer = 0


def left(chat: Chat, event: Event) -> None:
    """They left a message, and are not there."""
    chat.quiet = False
    chat.state = "left"
    chat.left_at, chat.left_due = event.at, decode_data(event, kinds.Left).due_at
    chat.queued_at = 0
    chat.reach.begins(event.pub)
    chat.agent_name = chat.offered = chat.asked = ""  # they know that nobody is with them now
    chat.lapsed_at = 0


def callback(chat: Chat, event: Event) -> None:
    """The customer need not stay."""
    said = decode_data(event, kinds.Callback)
    chat.quiet = False
    if not chat.left_due:
        chat.reach.begins(event.pub)
    chat.callback = said.how
    chat.callback_owner, chat.callback_name = event.actor.removeprefix("agent:"), event.name
    chat.left_at, chat.left_due = event.at, said.due_at
    chat.waiting_since = chat.broken_at = chat.closes_at = 0
    _unanswered(chat)
    chat.page_gone_at = 0
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


def identified(chat: Chat, event: Event) -> None:
    """Who they are by their shop's word, and whose the chat is with that."""
    said = decode_data(event, kinds.Identified)
    chat.customer, chat.was = said.customer, said.was
    chat.reach.vouched(event)


def contact(chat: Chat, event: Event) -> None:
    """Where to reach them."""
    chat.reach.told(event)


def mailing(chat: Chat, event: Event) -> None:
    """What was written goes out by mail, maybe once more."""
    once_more = chat.reach.goes(event)
    if chat.left_due and (chat.reach.answer or not chat.callback):
        chat.answered_at = chat.answered_at or event.at
        # Nobody has it, and nobody has to come for what was written long ago.
        chat.reach.closing = chat.reach.closing or (once_more and chat.state == "left")


def mailed(chat: Chat, event: Event) -> None:
    """What the mail server said to that."""
    reach, newest = chat.reach, decode_data(event, kinds.Mailed).upto == chat.reach.mailing
    follows = newest and reach.waits and bool(chat.left_due) and chat.state != "closed"
    before = _taken(chat, event) if follows else None
    if reach.went(event):
        # As if nothing had been written.
        chat.answered_at = 0
    elif before is not None and reach.mailed >= before.upto:
        reach.keeps(before)


def _taken(chat: Chat, event: Event) -> Taken:
    reach = chat.reach
    return Taken(
        at=event.at,
        upto=reach.mailing,
        after=reach.after,
        answer=reach.answer,
        newest=reach.newest,
        left_at=chat.left_at,
        left_due=chat.left_due,
        callback=chat.callback,
        callback_owner=chat.callback_owner,
        callback_name=chat.callback_name,
        promise=chat.pledge,
        promise_due=chat.promise_due,
        promise_first=chat.promise_first,
        given_at=chat.given_at,
        late_at=chat.late_at,
    )


def bounced(chat: Chat, event: Event) -> None:
    """A mail came back: as if it had been refused, with what ended because it was not."""
    said, was = decode_data(event, kinds.Bounced), chat.reach.came_back(event)
    if chat.reach.failed:
        chat.answered_at = 0
    if not said.again:
        return
    if chat.state == "closed" or not chat.left_due:
        chat.quiet = chat.state == "closed"
        chat.left_at, chat.left_due, chat.callback = was.left_at, was.left_due, was.callback
        chat.callback_owner, chat.callback_name = was.callback_owner, was.callback_name
        chat.page_gone_at = 0
    chat.reach.answer = chat.reach.answer or was.answer
    if said.due_at:
        chat.pledge, chat.promise_at, chat.given_at = said.promise, event.at, was.given_at
        chat.promise_due, chat.promise_first = said.due_at, was.promise_first
        # As the clock on the wall told it: which other one it went by meant something while it ran.
        chat.promise_named = chat.promise_first_named = chat.unsaid = True
    if said.late_at:
        chat.broken_at = chat.late_at = said.late_at
        chat.waiting_since = chat.waiting_since or said.late_at


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
