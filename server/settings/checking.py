"""Whether what stands in a desk or shop fits together, key by key and with the rest of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from server.settings.about import hundredths
from server.settings.desks import Desk
from server.settings.keys import Server
from server.settings.opening import opening_problems
from server.settings.origins import is_loopback, is_origin, origin_help
from server.settings.routing import routing_problems
from server.settings.sentences import ID, ID_RULE, LANGUAGE, nearest, shown, twice
from server.settings.shops import Shop
from server.settings.understanding import understanding_problems

#: Where in the file, and what is wrong there.
Problem = tuple[str, str]


def desk_problems(desk: Desk) -> Iterator[str]:
    """What is wrong in a desk's table, as the rest of a sentence that begins with its name."""
    for skill in desk.skills:
        if not ID.fullmatch(skill):
            yield f"`skills` has {shown(skill)}: {ID_RULE}"
    for skill in twice(desk.skills):
        yield f"`skills` has {shown(skill)} twice: keep one."
    needed = hundredths(desk.weight_waiting) + hundredths(desk.hysteresis)
    for key in ("ceiling", "trainee_ceiling"):
        value: float = getattr(desk, key)
        if hundredths(value) < needed:
            yield (
                f"`{key}` is {value}, but must be at least {needed / 100}: a new chat costs `weight_waiting`"
                f" ({desk.weight_waiting}), and who was full gets it `hysteresis` ({desk.hysteresis}) below."
            )
    if desk.near_promise_minutes > desk.far_promise_minutes:
        yield (
            f"`near_promise_minutes` is {desk.near_promise_minutes}, but must be at most"
            f" `far_promise_minutes` ({desk.far_promise_minutes})."
        )


def shop_problems(
    key: str, shop: Shop, server: Server, desks: Mapping[str, Desk], named: Collection[str]
) -> Iterator[Problem]:
    """What is wrong in a shop's tables. ``named``: the ids of all desks, of those with mistakes too."""
    where = f"[shop.{key}]"
    if shop.desk not in named:
        near = nearest(shop.desk, named, "desks") if named else "add it."
        yield where, f"`desk` names `{shop.desk}`, but there is no [desk.{shop.desk}]; {near}"
    desk = desks.get(shop.desk)
    for origin in shop.origins:
        if origin == "*":
            if not ((desk and desk.practice) or is_loopback(server.host)):
                yield (
                    where,
                    "`origins` has `*`, which lets any page on the web use this shop: name the shop's own"
                    " addresses. (`*` is valid on loopback and on practice desks.)",
                )
        elif not is_origin(origin):
            yield where, f"`origins` has {shown(origin)}: {origin_help(origin)}"
    for name, values in (("origins", shop.origins), ("languages", shop.languages)):
        for value in twice(values):
            yield where, f"`{name}` has {shown(value)} twice: keep one."
    for language in shop.languages:
        if not LANGUAGE.fullmatch(language):
            yield where, f"`languages` has {shown(language)}: write a code such as `nl`, `da` or `en`."
    if not shop.languages:
        yield where, "`languages` is empty: name the language that the shop's customers write."
    skills = desk.skills if desk else None
    yield from opening_problems(key, shop, skills)
    yield from routing_problems(key, shop, skills)
    yield from understanding_problems(key, shop)
