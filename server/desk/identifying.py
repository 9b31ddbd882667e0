"""Who a customer is, by their shop's word: which chat goes on with them, and what is known of them then.

A chat is one customer's. Who signs in during a chat takes it along, so that it is theirs wherever they sign
in, and no longer that of whoever uses the browser after them. What stands above that was written by somebody
whom the shop did not know yet, and agents read where that ends. Nor is anything sent to where they said that
they are reached; who waits for an answer there, because they left a message or are called back, gets it.
"""

from __future__ import annotations

from server.desk import callbacks, page
from server.desk.chat import Chat
from server.desk.commands import Identify, Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import kinds
from supportterm.protocol.contact import written_identity
from supportterm.protocol.limits import IDENTITY_LEEWAY_MS


def identify(state: State, who: Person, command: Identify, now: Now) -> Decision:
    """The customer, whom their shop knows, is here with an open chat. The same news twice is news once."""
    chat = state.chats.get(command.chat)
    if chat is None or chat.state == "closed" or not who.identity.sub or chat.shop != who.shop:
        return refuse("no_chat")
    if chat.customer == who.id:
        # Who was erased and stays is not written down again by the next page.
        old = who.signed_at < chat.reach.signed_at  # from a page that was open for long
        if chat.erased_at or old or chat.reach.known.identity == who.identity:
            return Decided([])
    elif not _goes_along(state, chat, who):
        return refuse("no_chat")
    else:
        state.deadlines.drop(("page", chat.customer))
    # Of who had it before, the page may be gone.
    events = [identified(state, chat, who, now), *page.back(state, chat, now)]
    callbacks.mail_soon(state, chat, now)
    return Decided(events)


def _goes_along(state: State, chat: Chat, who: Person) -> bool:
    """Whether this browser has begun it, it may go along, and it would be the only chat they have.

    Nor does what was written there since their shop said who they are: a page on which they are signed in may
    stay open while somebody else uses another.
    """
    begun = chat.customer in who.browsers and may_go_along(chat)
    before = chat.spoke_at <= who.signed_at + IDENTITY_LEEWAY_MS
    return begun and before and who.id not in state.open_of


def may_go_along(chat: Chat) -> bool:
    """Whether it is nobody's yet, and nobody waits for an answer elsewhere or has got one."""
    return not (chat.reach.known.identity.sub or chat.left_due or chat.reach.mailing)


def identified(state: State, chat: Chat, who: Person, now: Now) -> Event:
    """The chat is theirs, and the shop says who that is."""
    was = chat.customer if chat.customer != who.id else ""
    text = "" if chat.erased_at else written_identity(who.identity)
    return state.add(
        chat, "identified", DESK, now, data=kinds.Identified(who.id, was, who.signed_at), text=text
    )
