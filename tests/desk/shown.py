"""What must be true of every view of a desk, whatever happened to it."""

from __future__ import annotations

from collections.abc import Iterable

from server.desk import routing, showing
from server.desk.commands import Person
from server.desk.desk import Desk
from server.desk.rules import Now
from supportterm.protocol import views


def sums(desk: Desk, queue: views.Queue) -> None:
    """What is kept up with each event is what a walk through the whole queue would find."""
    waiting = [desk.chats[name] for name in desk.queue]
    there = [chat.queued_at for chat in waiting if not chat.page_gone]
    assert (queue.size, queue.gone) == (len(waiting), len(waiting) - len(there))
    assert queue.oldest_at == min(there or [chat.queued_at for chat in waiting], default=0)
    for one in queue.lines:
        alike = [chat for chat in waiting if (chat.lang, chat.skill) == (one.lang, one.skill)]
        here = [chat.queued_at for chat in alike if not chat.page_gone]
        assert (one.n, one.gone) == (len(here), len(alike) - len(here))
        assert one.oldest_at == min(here or [chat.queued_at for chat in alike])
    assert sum(one.n + one.gone for one in queue.lines) == queue.size


def check(desk: Desk, customers: Iterable[Person], now: Now) -> None:
    """Make each view and compare it with the desk and with the others."""
    queue = showing.queue(desk)
    assert [row.chat for row in queue.rows] == list(desk.queue)
    sums(desk, queue)
    team = {one.agent: one for one in showing.team(desk, now).agents}
    for agent in desk.agents.values():
        mine = showing.mine(desk, agent.id, sorted(agent.chats | agent.offers), True, now)
        assert agent.member.disabled or mine.load == team[agent.id].load
        assert mine.load.points == sum(part.points for part in mine.load.parts)
        assert mine.load.points == desk.scales.points(agent, now.run, desk.rules)
        assert {offer.chat for offer in mine.offers} == agent.offers
        assert {wrap.chat for wrap in mine.wrap_ups} == agent.wraps
        if (desk.next_due() or now.run + 1) > now.run:
            assert all(offer.until > now.at for offer in mine.offers)
            assert all(wrap.until > now.at for wrap in mine.wrap_ups)
    alerts = showing.alerts(desk, now).alerts
    assert len({alert.key for alert in alerts}) == len(alerts)
    assert {row.chat for row in showing.left(desk).rows} == desk.left
    assert {block.chat for block in showing.blocks(desk, now).blocks} <= set(desk.blocks)
    for chat in desk.chats.values():
        wait = showing.wait(desk, chat, None, now)
        assert (wait.position > 0) == (chat.state == "queued" and not chat.silently_waiting)
        assert 0 <= wait.low_ms <= wait.high_ms
        if wait.position:
            # Whom the desk would offer the chat to is there, and for nobody there is neither range nor hope.
            assert not (wait.nobody and routing.somebody_free(desk, chat, now))
            assert wait.nobody or any(one.here and one.status == "online" for one in desk.agents.values())
            assert not wait.nobody or (wait.leave and not wait.high_ms and not wait.worse)
            assert wait.since <= now.at
    assert showing.today(desk, now).shops
    for who in customers:
        door = showing.door(desk, who, "en", now)
        assert not (door.open and door.closed)
