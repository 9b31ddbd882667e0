"""Settings and people as the desk counts them: points in hundredths, times in milliseconds."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Final

from server.desk.agent import Member
from server.desk.rules import Entry, Fallback, Rules, Shop, Topic, Weights
from server.settings import Settings, desks, shops
from server.settings.about import hundredths
from server.settings.opening import days_of
from server.settings.reasons import Reason
from server.store.interface import Agent
from supportterm.coach.hours import ALWAYS, Hours, Week
from supportterm.coach.timetable import BadHours, day_of, shifts_of, time_of, week_of
from supportterm.coach.tone import Glossary, glossary_of
from supportterm.protocol import views
from supportterm.protocol.views import ShopFacts

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

#: When a shop that says nothing about it asks for its other languages, too.
_OTHER_LANGUAGES_MS: Final = 60 * SECOND


def rules_of(settings: Settings, desk: str) -> Rules:
    """What a desk of the settings decides by, with all its shops."""
    found: desks.Desk = settings.desks[desk]
    # Whoever is simulated or played by a colleague gave an address that may be somebody's.
    mail = bool(settings.mail.host) and not found.practice
    return Rules(
        weights=Weights(
            waiting=hundredths(found.weight_waiting),
            promise=hundredths(found.weight_promise),
            due=hundredths(found.weight_promise_due),
            answered=hundredths(found.weight_answered),
            quiet=hundredths(found.weight_quiet),
            closing=hundredths(found.weight_closing),
        ),
        ceiling=hundredths(found.ceiling),
        trainee_ceiling=hundredths(found.trainee_ceiling),
        by_pace=found.ceiling_by_pace and not found.practice,
        hysteresis=hundredths(found.hysteresis),
        cap=found.hard_cap,
        trainee_cap=found.trainee_hard_cap,
        quiet_ms=found.quiet_seconds * SECOND,
        far_promise_ms=found.far_promise_minutes * MINUTE,
        near_promise_ms=found.near_promise_minutes * MINUTE,
        overdue_offer_ms=found.overdue_offer_seconds * SECOND,
        callback_lead_ms=found.callback_lead_minutes * MINUTE,
        callbacks_per_hour=found.callbacks_per_hour,
        suggest_percentile=found.suggest_percentile,
        auto_accept=found.accept == "auto",
        accept_ms=found.accept_seconds * SECOND,
        silence_ms=found.silence_seconds * SECOND,
        ramp_ms=found.ramp_seconds * SECOND,
        breather_ms=found.breather_seconds * SECOND,
        abuse_breather_ms=found.abuse_breather_seconds * SECOND,
        presence_grace_ms=found.presence_grace_seconds * SECOND,
        reserve_ms=found.reserve_minutes * MINUTE,
        affinity_ms=found.affinity_hours * HOUR,
        handoff_ms=found.handoff_seconds * SECOND,
        reopen_ms=found.reopen_minutes * MINUTE,
        idle_close_ms=found.idle_close_hours * HOUR,
        nudge_ms=found.nudge_minutes * MINUTE,
        nudged_close_ms=found.nudged_close_minutes * MINUTE,
        need_time_ms=found.need_time_minutes * MINUTE,
        gone_close_ms=found.gone_close_minutes * MINUTE,
        page_grace_ms=found.page_grace_seconds * SECOND,
        shops={
            key: shop_of(
                key,
                shop,
                mail=mail,
                callbacks_per_hour=found.callbacks_per_hour,
                drafts=settings.drafter.serves(key),
                practice=found.practice,
            )
            for key, shop in settings.shops_of(desk).items()
        },
        # A desk has no clock of its own: its people work by that of its first shop.
        zone=next((shop.time_zone for shop in settings.shops_of(desk).values()), "UTC"),
    )


def member_of(agent: Agent) -> Member:
    """Somebody of the store as their desk knows them."""
    return Member(
        id=agent.id,
        name=agent.name,
        title=agent.title,
        languages=agent.languages,
        skills=agent.skills,
        ceiling=agent.ceiling,
        cap=agent.limit,
        trainee=agent.trainee,
        disabled=agent.disabled,
        shift=_shift(agent.shifts),
    )


def _shift(texts: tuple[str, ...]) -> Week:
    """When somebody works; what a later version may have written means nothing to this one."""
    try:
        return shifts_of(texts) if texts else ()
    except BadHours:
        return ()


def shop_of(
    key: str,
    shop: shops.Shop,
    *,
    mail: bool = False,
    callbacks_per_hour: int = 0,
    drafts: bool = False,
    practice: bool = False,
) -> Shop:
    """A shop of the settings as its desk knows it. ``mail``: its answers can be mailed; ``practice``: its
    customers are simulated, and may all come from one machine."""
    hours = hours_of(shop)
    usual = hours or Hours(shop.time_zone, ALWAYS)
    return Shop(
        name=shop.name,
        languages=tuple(shop.languages),
        hours=hours,
        skill_hours={skill: usual.within(week_of(week.by_day())) for skill, week in shop.skill_hours.items()},
        entries=tuple(
            Entry(
                page=entry.page,
                topic=entry.topic,
                language=entry.language,
                skill=entry.skill,
                wants=entry.wants,
                priority=entry.priority,
                fallbacks=tuple(_fallback(step) for step in entry.fallback),
            )
            for entry in shop.entry
        ),
        fallbacks=fallbacks_of(shop),
        topics=tuple(Topic(topic.id, topic.label) for topic in shop.topic),
        max_queue=shop.max_queue,
        max_queue_per_address=0 if practice else shop.max_queue_per_address,
        max_wait_ms=shop.max_wait_minutes * MINUTE,
        answer_left_ms=shop.answer_left_hours * HOUR,
        appeal=shop.appeal,
        summary_required=shop.summary_required,
        summary_messages=shop.summary_messages,
        summary_chars=shop.summary_characters,
        reasons={reason.id: tuple(gift.id for gift in reason.mandate) for reason in shop.reason},
        mail=mail,
        facts=facts_of(key, shop, hours, mail=mail, callbacks_per_hour=callbacks_per_hour, drafts=drafts),
        replies=tuple(views.Reply(one.id, one.kind, one.label, one.text, one.reasons) for one in shop.reply),
    )


def facts_of(
    key: str,
    shop: shops.Shop,
    hours: Hours | None,
    *,
    mail: bool,
    callbacks_per_hour: int = 0,
    drafts: bool = False,
) -> ShopFacts:
    """A shop of the settings as its agents' consoles know it. ``mail``: its answers can be mailed;
    ``drafts``: a language model may read its chats."""
    return ShopFacts(
        shop=key,
        name=shop.name,
        zone=shop.time_zone,
        hours=hours,
        afternoon_ends=time_of(shop.afternoon_ends),
        familiar=[one for one in shop.languages if shop.tone_in(one) == "familiar"],
        guard=shop.interrupt_guard,
        summary_messages=shop.summary_messages,
        summary_chars=shop.summary_characters,
        summary_required=shop.summary_required,
        reasons=[_reason(one) for one in shop.reason],
        glossary=_glossary(shop.glossary),
        mail=mail,
        callbacks_per_hour=callbacks_per_hour,
        drafts=drafts,
        topics=[views.Subject(one.id, one.label) for one in shop.topic],
    )


def _reason(reason: Reason) -> views.Reason:
    gifts = [views.Gift(one.id, one.label, one.insert) for one in reason.mandate]
    return views.Reason(reason.id, reason.label, reason.next_issue, gifts)


def _glossary(file: str) -> Glossary:
    """What a glossary says; settings were checked to name one that can be read."""
    return glossary_of(Path(file).read_bytes(), file)[0] if file else {}


def hours_of(shop: shops.Shop) -> Hours | None:
    """When the shop is open; None: always, without exception."""
    if shop.hours is None and not shop.exception:
        return None
    week = ALWAYS if shop.hours is None else week_of(shop.hours.by_day())
    exceptions = {day: day_of(one.hours) for one in shop.exception for day in days_of(one)}
    return Hours(shop.time_zone, week, exceptions)


def fallbacks_of(shop: shops.Shop) -> tuple[Fallback, ...]:
    """The steps of each language that has its own, then those of all others."""
    if not shop.fallback:
        others = tuple(shop.languages)
        return (Fallback(_OTHER_LANGUAGES_MS, languages=others),) if len(others) > 1 else ()
    own: dict[str, list[shops.ShopStep]] = {}
    for step in shop.fallback:
        own.setdefault(step.language, []).append(step)
    usual = [_fallback(step) for step in own.pop("", ())]
    return (*(step for language in own for step in _followed(language, own)), *usual)


def _followed(language: str, own: dict[str, list[shops.ShopStep]]) -> Iterable[Fallback]:
    """A language's steps and, from when each language opens, the steps of that one."""
    opened, any_skill = {language}, False
    order = count()
    due = [(step.after_seconds, next(order), step) for step in own[language]]
    heapq.heapify(due)
    while due:
        after, _, step = heapq.heappop(due)
        new = tuple(one for one in step.languages if one not in opened)
        if not new and (any_skill or not step.any_skill):
            continue
        opened.update(new)
        any_skill = any_skill or step.any_skill
        yield Fallback(after * SECOND, step.any_skill, new, language)
        for one in new:
            for following in own.get(one, ()):
                heapq.heappush(due, (after + following.after_seconds, next(order), following))


def _fallback(step: shops.Step) -> Fallback:
    return Fallback(step.after_seconds * SECOND, step.any_skill, tuple(step.languages))
