"""Who waits in the queue."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from supportterm.console.flows.chats import give, take
from supportterm.console.queued import queue_forms
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.page import Page
from supportterm.console.screens.stage import Stage
from supportterm.console.screens.wording import Ends
from supportterm.console.session import Session
from supportterm.console.widgets.listing import Cell, Entry, plain, row
from supportterm.protocol.views import Waiting
from supportterm.text import join, safe_line, trusted

_DOT = trusted(" · ")
#: From so many cells on the shop has a column of its own.
_WIDE = 100


async def with_chat(stage: Stage, chat: str) -> None:
    """What a supervisor may do with a waiting chat; everybody else just takes it. One's own is opened."""
    if any(log.chat == chat for log in stage.session.inbox.own()):
        stage.console.watch_chat(chat)
        return
    if not stage.session.team.supervises:
        await take(stage, chat)
        return
    say = stage.words.say
    choices = [
        Choice("take", say("queue.take")),
        Choice("give", say("queue.give")),
        Choice("watch", say("queue.watch"), about=say("queue.about_watch")),
    ]
    match await stage.pick(stage.session.name_for(chat), choices):
        case "take":
            await take(stage, chat)
        case "give":
            await give(stage, chat)
        case "watch":
            stage.console.watch_chat(chat)
        case _:
            pass


def does_with_chat(session: Session, chat: str, take_it: str) -> str:
    """What enter does then, as a sentence's id; ``take_it``: where the chat is taken at once."""
    if any(log.chat == chat for log in session.inbox.own()):
        return "promises.choose"
    return "board.choose" if session.team.supervises else take_it


class QueuePage(Page):
    """Everybody in the queue, in the order in which they are offered."""

    CHOOSE: ClassVar[str] = "queue.choose"

    def headline(self) -> Ends:
        waits = queue_forms(self.words, self.session.journal.queue, self.session.now_ms())
        return Ends(self.words.say("queue.title"), waits[0])

    def entries(self, width: int) -> list[Entry]:
        queue = self.session.journal.queue
        if queue is None or not queue.rows:
            return [plain(self.words.say("queue.nobody"), width)]
        found = [self._entry(waiting, width) for waiting in queue.rows]
        if (more := queue.size - len(queue.rows)) > 0:
            found.append(plain(self.words.say("queue.more", n=more), width))
        return found

    def _entry(self, one: Waiting, width: int) -> Entry:
        session, say = self.session, self.words.say
        marks = []
        if one.promise_due:
            left = one.promise_due - session.now_ms()
            if left > 0:
                marks.append(say("promise.running", time=self.words.seconds(left)))
            else:
                marks.append(say("promise.late", time=self.words.late(-left)))
        if one.gone:
            marks.append(say("queue.gone"))
        if one.returned:
            marks.append(say("queue.returned"))
        if one.priority:
            marks.append(say("queue.priority", n=one.priority))
        if one.offered:
            marks.append(say("queue.offered", name=session.team.name(one.offered)))
        wants = [safe_line(part) for part in (one.lang, one.skill) if part]
        cells = [
            Cell(self.words.age(session.now_ms() - one.since), 5, "warn", right=True),
            Cell(session.name_for(one.chat), 14, "bold"),
            Cell(join(trusted(" "), wants), 12),
        ]
        if width >= _WIDE:
            cells.append(Cell(self.session.shops.name(one.shop), 20, "detail"))
        else:
            marks.append(self.session.shops.name(one.shop))
        return Entry(one.chat, (row(width, *cells, Cell(join(_DOT, marks), 0, "detail")),))

    def chooses(self, id: str) -> str:
        return does_with_chat(self.session, id, self.CHOOSE)

    def chosen(self, id: str) -> None:
        self.console.begin(partial(with_chat, chat=id))
