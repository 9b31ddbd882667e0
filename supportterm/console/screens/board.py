"""The supervisor's board: alerts, everybody with their load, the queue by language and skill, blocks."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from supportterm.console.alerts import alert_line, move_line
from supportterm.console.flows.supervise import with_agent, with_alert, with_block
from supportterm.console.load import bar, pace, sentence
from supportterm.console.queued import queue_forms
from supportterm.console.screens.page import Page
from supportterm.console.screens.waiting import QueuePage
from supportterm.console.screens.wording import Ends
from supportterm.console.widgets.listing import Cell, Entry, heading, plain, row
from supportterm.protocol.views import Alert, Block, Colleague, QueueLine
from supportterm.text import fill, join, safe_line, trusted

_NOTHING: Final = trusted("")
_DOT: Final = trusted(" · ")
#: Who is there first, who takes new chats before who does not.
_ORDER: Final = {"online": 0, "finishing": 1, "away": 2, "offline": 3}


class BoardPage(Page):
    """Everybody at a glance. Rows change one by one, so that the page stays quiet while people work."""

    CHOOSE: ClassVar[str] = "board.choose"

    def headline(self) -> Ends:
        say, agents = self.words.say, self.session.team.agents
        there = sum(one.present and one.status == "online" for one in agents)
        return Ends(say("board.title"), say("board.there", n=there, all=len(agents)))

    def entries(self, width: int) -> list[Entry]:
        session, say = self.session, self.words.say
        if not session.team.supervises:
            return [plain(say("board.only"), width)]
        if session.journal.team is None:
            return [plain(say("page.waiting"), width)]
        found: list[Entry] = []
        alerts = session.team.alerts
        if alerts:
            found.append(heading(say("board.alerts"), width, fill("{n}", n=len(alerts))))
            found += [self._alert(alert, width) for alert in alerts]
        found.append(heading(say("board.agents"), width))
        found += [self._agent(one, width) for one in sorted(session.team.agents, key=_by_status)]
        waits = queue_forms(self.words, session.journal.queue, session.now_ms())
        found.append(heading(say("board.queue"), width, waits[0]))
        found += self._queue(width)
        blocks = session.journal.blocks.blocks if session.journal.blocks else []
        if blocks:
            found.append(heading(say("board.blocks"), width))
            found += [self._block(block, width) for block in blocks]
        return found

    def _alert(self, alert: Alert, width: int) -> Entry:
        session = self.session
        customer = session.name_for(alert.chat) if alert.chat else _NOTHING
        age = self.words.age(session.now_ms() - alert.at)
        text = trusted("▲ ") + alert_line(self.words, alert, customer)
        rows = [row(width, Cell(text, 0, "warn"), Cell(age, 5, "detail", right=True))]
        for move in alert.moves[:1]:
            line = move_line(self.words, move, session.name_for(move.chat), safe_line(alert.name))
            rows.append(row(width, Cell(_NOTHING, 1), Cell(line, 0, "detail")))
        return Entry(f"alert {alert.key}", tuple(rows))

    def _agent(self, one: Colleague, width: int) -> Entry:
        words, now = self.words, self.session.now_ms()
        status = words.status(one.status, one.reason, present=one.present)
        if one.since:
            status = join(trusted(" "), [status, words.age(now - one.since)])
        marks = []
        if one.overdue:
            marks.append(words.say("board.overdue", n=one.overdue))
        if one.oldest_at:
            marks.append(words.say("board.customer_waits", time=words.age(now - one.oldest_at)))
        if one.promises:
            marks.append(words.say("board.promises", n=one.promises))
        carried = [sentence(words, one.load)]
        if one.today:
            carried.append(words.say("board.today"))
        loaded = "warn" if one.load.points > one.load.ceiling else "load"
        urgent = "warn" if one.overdue else "text"
        rows = [
            row(
                width,
                Cell(safe_line(one.name), 13, "bold"),
                Cell(status, 20, "text" if one.present and one.status == "online" else "detail"),
                Cell(join(_DOT, marks), 0, urgent),
            ),
            row(
                width,
                Cell(_NOTHING, 1),
                Cell(bar(one.load, 12), 14, loaded),
                Cell(join(_DOT, carried), 0, "detail"),
            ),
        ]
        if (lower := pace(words, one.load)) is not None:
            rows.append(row(width, Cell(_NOTHING, 16), Cell(lower, 0, "detail")))
        return Entry(f"agent {one.agent}", tuple(rows))

    def _queue(self, width: int) -> list[Entry]:
        """The desk's own sum of the whole queue: of a long one only the first rows are here."""
        queue = self.session.journal.queue
        if queue is None:
            return []
        found = [self._line(one, width) for one in queue.lines]
        if (more := queue.size - sum(one.n + one.gone for one in queue.lines)) > 0:
            found.append(plain(self.words.say("queue.more", n=more), width))
        return found

    def _line(self, one: QueueLine, width: int) -> Entry:
        say = self.words.say
        wants = [safe_line(part) for part in (one.lang, one.skill) if part]
        name = join(trusted(" "), wants) or say("board.any")
        marks = []
        if one.n:
            marks.append(say("board.oldest", time=self.words.age(self.session.now_ms() - one.oldest_at)))
        if one.gone:
            marks.append(say("board.gone", n=one.gone))
        cells = (
            Cell(name, 24, "bold"),
            Cell(say("list.waiting", n=one.n), 14),
            Cell(join(_DOT, marks), 0, "detail"),
        )
        return Entry(f"queue {one.lang} {one.skill}", (row(width, *cells),))

    def _block(self, block: Block, width: int) -> Entry:
        words, now = self.words, self.session.now_ms()
        time, name = words.clock(block.until), safe_line(block.by)
        if words.day_number(block.until) == words.day_number(now):
            until = words.say("block.until_today", time=time, name=name)
        else:
            until = words.say("block.until", day=words.day(block.until, now), time=time, name=name)
        cells = (Cell(self.session.name_for(block.chat), 18, "bold"), Cell(until, 0, "detail"))
        return Entry(f"block {block.block}", (row(width, *cells),))

    def chosen(self, id: str) -> None:
        kind, _, rest = id.partition(" ")
        match kind:
            case "alert":
                self.console.begin(partial(with_alert, key=rest))
            case "agent":
                self.console.begin(partial(with_agent, agent=rest))
            case "block":
                self.console.begin(partial(with_block, block=rest))
            case _:
                self.app.push_screen(QueuePage(self.session))


def _by_status(one: Colleague) -> tuple[int, bool, float, str]:
    order = _ORDER.get(one.status, 3) if one.present else 3
    return order, not one.overdue, -one.load.points / max(1, one.load.ceiling), one.name
