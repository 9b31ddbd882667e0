"""What tests of callbacks have in common: a shop that mails, and a chat whose customer need not stay."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from server.desk.chat import Chat
from server.desk.commands import CLOCK, Mailed, Person, Seen
from server.desk.events import Event
from server.desk.rules import Shop
from supportterm.protocol import frames
from supportterm.protocol.callbacks import How
from supportterm.protocol.views import ShopFacts

from .story import ANNA, HOUR, MIA, RULES, TOM, Story, data_of, kinds_of, new_id

Outcome = Literal["accepted", "refused"]
#: 1 July 2025, 16:00 UTC.
FOUR = 1_751_385_600_000
ADDRESS = "anna@example.org"
NUMBER = "+31 20 123 45 67"
BIKES = Shop("Bikes", mail=True, facts=ShopFacts("bikes", "Bikes", "Europe/Amsterdam"))


def a_story() -> Story:
    story = Story(replace(RULES, shops={"bikes": BIKES}))
    story.at = FOUR
    return story


def promised(story: Story, how: How = "mail", ahead: int = 3 * HOUR, who: Person = ANNA) -> Chat:
    """Mia, or who has the chat, calls the customer back; Tom is there, too."""
    story.arrive(MIA)
    chat = story.open(who)
    story.say(who, chat, "Where is it?")
    story.arrive(TOM)
    contact = ADDRESS if how == "mail" else NUMBER
    owner = MIA if chat.owner == "mia" else TOM
    story.do(owner, frames.CallBack(new_id(), chat.id, story.at + ahead, how, contact, "Anna"))
    return chat


def answered(story: Story, how: How = "mail") -> Chat:
    """And took it again to write the answer."""
    chat = promised(story, how)
    story.tick(HOUR)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "It is in Utrecht.")
    return chat


def mailed(story: Story, chat: Chat, outcome: Outcome = "accepted") -> list[str]:
    """What the mail server says brings about these kinds of events."""
    return kinds_of(story.do(CLOCK, Mailed(chat.id, chat.reach.mailing, outcome, "250 ok")))


def saw(story: Story, chat: Chat, upto: int = 0) -> list[str]:
    """The customer sees the newest message, or one before."""
    return kinds_of(story.do(CLOCK, Seen(chat.id, upto or chat.pub)))


def ends(events: list[Event]) -> list[str]:
    """How promises ended by these events."""
    return [data_of(event).how for event in events if event.kind == "promise_ended"]  # type: ignore[attr-defined]
