"""Whether a shop's topics, entry rules and fallbacks mean something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from server.settings.sentences import (
    ID,
    ID_RULE,
    LABEL,
    LANGUAGE,
    nearest,
    numbered,
    shown,
    text_problems,
    twice,
)
from server.settings.shops import Entry, Shop, ShopStep, Step


def routing_problems(key: str, shop: Shop, skills: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """(table, what is wrong in it). ``skills``: those of the shop's desk; None if that is not known."""
    yield from _topic_problems(key, shop)
    for number, entry in numbered(shop.entry):
        where = f"[[shop.{key}.entry]] {number}"
        for problem in _entry_problems(shop, entry, skills):
            yield where, problem
        yield from _step_problems(f"{where}, fallback", shop, numbered(entry.fallback), entry.wants)
    groups: dict[str, list[tuple[int, ShopStep]]] = {}
    for number, step in numbered(shop.fallback):
        where = f"[[shop.{key}.fallback]] {number}"
        if step.language and step.language not in shop.languages:
            yield where, f"`language` is {shown(step.language)}; {_languages_help(shop, step.language)}"
        groups.setdefault(step.language, []).append((number, step))
    for language, steps in groups.items():
        yield from _step_problems(f"[[shop.{key}.fallback]]", shop, steps, language)
    if circle := _circle(shop):
        yield (
            f"[[shop.{key}.fallback]]",
            f"goes round in a circle: {' → '.join(circle)}; take out a step of one of these languages.",
        )


def _topic_problems(key: str, shop: Shop) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for number, topic in numbered(shop.topic):
        where = f"[[shop.{key}.topic]] {number}"
        if not ID.fullmatch(topic.id):
            yield (
                where,
                f"`id` is {shown(topic.id)}: {ID_RULE}",
            )
        if topic.id in seen:
            yield where, f"`id` is `{topic.id}`, and so is that of number {seen[topic.id]}: keep one."
        seen.setdefault(topic.id, number)
        for problem in text_problems("label", topic.label, shop.languages, LABEL):
            yield where, problem


def _entry_problems(shop: Shop, entry: Entry, skills: Collection[str] | None) -> Iterator[str]:
    topics = [topic.id for _, topic in numbered(shop.topic)]
    if entry.topic and entry.topic not in topics and len(topics) == len(shop.topic):
        near = nearest(entry.topic, topics, "topics")
        yield f"`topic` is {shown(entry.topic)}, which the shop does not have; {near}"
    if entry.skill and skills is not None and entry.skill not in skills:
        near = nearest(entry.skill, skills, "skills")
        yield f"`skill` is {shown(entry.skill)}, which no `skills` in [desk.{shop.desk}] has; {near}"
    if entry.wants and entry.wants not in shop.languages:
        yield f"`wants` is {shown(entry.wants)}; {_languages_help(shop, entry.wants)}"
    if entry.language and not LANGUAGE.fullmatch(entry.language):
        yield f"`language` is {shown(entry.language)}: write a code such as `nl`, `da` or `en`."
    elif "-" in entry.language:
        short = entry.language.partition("-")[0]
        yield f"`language` is {shown(entry.language)}: write `{short}`, which is all of its countries."
    if entry.page and not entry.page.startswith(("/", "*")):
        yield f"`page` is {shown(entry.page)}, but must be a path: begin it with `/` or `*`."
    if not (entry.skill or entry.wants or entry.priority or entry.fallback):
        yield "changes nothing: set `skill`, `wants`, `priority` or a fallback."


def _step_problems(
    where: str, shop: Shop, steps: Iterable[tuple[int, Step]], wanted: str
) -> Iterator[tuple[str, str]]:
    """``wanted``: the language that chats of these steps want anyway, if that is known."""
    last: Step | None = None
    for number, step in steps:
        here = f"{where} {number}"
        if last is not None and step.after_seconds <= last.after_seconds:
            yield (
                here,
                f"`after_seconds` is {step.after_seconds}, but must be more than in the step before"
                f" ({last.after_seconds}).",
            )
        last = step
        if not (step.any_skill or step.languages):
            yield here, "opens nothing: set `any_skill` or `languages`."
        for language in step.languages:
            if language not in shop.languages:
                yield here, f"`languages` has {shown(language)}; {_languages_help(shop, language)}"
            elif language == wanted:
                yield here, f"`languages` has `{language}`, which these chats want anyway: take it out."
        for language in twice(step.languages):
            yield here, f"`languages` has `{language}` twice: keep one."


def _languages_help(shop: Shop, language: str) -> str:
    return f"the shop's `languages` do not have it: {nearest(language, shop.languages, 'languages')}"


def _circle(shop: Shop) -> list[str]:
    """Languages that fall back to each other without end, such as da, nb, da; none: [].

    A chat goes on by the steps of each language that opens to it, so that these would come again and again.
    """
    opens: dict[str, list[str]] = {}
    for _, step in numbered(shop.fallback):
        if step.language:
            opens.setdefault(step.language, []).extend(one for one in step.languages if one != step.language)
    done: set[str] = set()

    def walk(language: str, way: list[str]) -> list[str]:
        if language in way:
            return [*way[way.index(language) :], language]
        if language in done:
            return []
        for following in opens.get(language, ()):
            if circle := walk(following, [*way, language]):
                return circle
        done.add(language)
        return []

    return next((circle for language in opens if (circle := walk(language, []))), [])
