"""Whether a shop's door is open: hours, what a supervisor set for today, how many wait, who is there."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from server.desk import records, rules
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.rules import Entry, Now
from server.desk.state import State
from supportterm.protocol import kinds


def attended(state: State) -> bool:
    """Whether somebody is there to answer: online, and not gone for longer than the grace time."""
    return any(agent.status == "online" and agent.here for agent in state.agents.values())


def held(state: State, what: str, shop: str, now: Now) -> records.Control | None:
    """What a supervisor set for the shop, or for all shops, and that holds now."""
    for key in ((what, shop), (what, "")):
        control = state.controls.get(key)
        if control is not None and control.until > now.at:
            return control
    return None


def is_open(state: State, shop: str, now: Now, skill: str = "") -> bool:
    """Whether the shop takes new chats now; ``skill``: and has hours for it."""
    forced = _forced(state, shop, now)
    if forced is not None:
        return forced.what == "open"
    found = state.rules.shop(shop)
    of_skill = found.skill_hours.get(skill)
    return all(hours.is_open(now.at) for hours in (found.hours, of_skill) if hours is not None)


def changes_at(state: State, shop: str, now: Now) -> int:
    """When the shop opens or closes next; 0: not in sight."""
    hours = state.rules.shop(shop).hours
    control = _forced(state, shop, now)
    if control is None:
        return hours.changes_at(now.at) if hours is not None else 0
    # When it ends, the hours hold again; they may say the same.
    if hours is None:
        return control.until if control.what == "closed" else 0
    same = hours.is_open(control.until) == (control.what == "open")
    return hours.changes_at(control.until) if same else control.until


def _forced(state: State, shop: str, now: Now) -> records.Control | None:
    """What a supervisor set whatever the hours say; what was set for this shop before what holds for all."""
    for place in (shop, ""):
        for what in ("closed", "open"):
            control = state.controls.get((what, place))
            if control is not None and control.until > now.at:
                return control
    return None


def is_full(state: State, shop: str, now: Now) -> bool:
    """Whether as many wait for the shop as may. Who is gone keeps their place, and nobody out."""
    most = _places(state, shop, now)
    if most is None or len(state.queue) < most:
        return False
    return sum(1 for _ in _waiting(state, shop)) >= most


def is_crowded(state: State, who: Person, now: Now) -> bool:
    """Whether as many wait from the customer's address as may: a new token costs nothing, and somebody with
    many of them must keep nobody else out. Half of the places are always for others."""
    most = state.rules.shop(who.shop).max_queue_per_address
    if not most or not who.address:
        return False
    places = _places(state, who.shop, now)
    if places is not None:
        most = min(most, (places + 1) // 2)
    if len(state.queue) < most:
        return False
    return sum(chat.address == who.address for chat in _waiting(state, who.shop)) >= most


def _places(state: State, shop: str, now: Now) -> int | None:
    """How many may wait for the shop; None: any."""
    control = held(state, "queue", shop, now)
    if control is not None:
        return control.value
    return state.rules.shop(shop).max_queue or None


def _waiting(state: State, shop: str) -> Iterator[Chat]:
    for name in state.queue:
        chat = state.chats[name]
        if chat.shop == shop and not chat.page_gone:
            yield chat


def waits_too_long(state: State, chat: Chat, now: Now) -> bool:
    """Whether the customer has waited longer than the shop wants."""
    longest = state.rules.shop(chat.shop).max_wait_ms
    return bool(longest) and chat.state == "queued" and now.at - chat.queued_at >= longest


def entry_of(shop: rules.Shop, page: str, topic: str, language: str) -> Entry | None:
    """The first entry rule that fits where and how a chat begins."""
    path = "/" + page.split("://", 1)[-1].partition("/")[2].split("?", 1)[0].split("#", 1)[0]
    for entry in shop.entries:
        if entry.page and not fnmatchcase(path, entry.page):
            continue
        if entry.topic and entry.topic != topic:
            continue
        if entry.language and entry.language != language.split("-", 1)[0].lower():
            continue
        return entry
    return None


def entered(state: State, shop_key: str, page: str, topic: str, language: str, now: Now) -> kinds.Entered:
    """What a chat that begins like this wants, and what will do instead after a while."""
    shop = state.rules.shop(shop_key)
    entry = entry_of(shop, page, topic, language)
    found = entry or Entry()
    today = held(state, "languages", shop_key, now)
    steps = []
    for fallback in shop.steps((found.wants or language).split("-", 1)[0].lower(), entry):
        langs = [one for one in fallback.languages if today is None or one in today.text.split()]
        if fallback.any_skill:
            steps.append(kinds.Step(fallback.after_ms, any_skill=True))
        if langs:
            steps.append(kinds.Step(fallback.after_ms, langs=langs))
    skill = found.skill
    if skill and not is_open(state, shop_key, now, skill):
        # Outside the skill's own hours anybody will do; the shop itself is open.
        skill = ""
    return kinds.Entered(skill, found.wants or language, found.priority, steps)
