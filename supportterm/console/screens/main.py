"""The main screen: the list, the conversation, the composer, and what each key does there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Literal, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer

from supportterm.console.aids.aid import Act
from supportterm.console.aids.desk import Aids
from supportterm.console.aids.everyone import helpers
from supportterm.console.flows.chats import take
from supportterm.console.keymap import actions, aid_acts, bindings
from supportterm.console.news import News
from supportterm.console.promised import counts_seconds
from supportterm.console.screens.below import Below, Holds
from supportterm.console.screens.board import BoardPage
from supportterm.console.screens.dialog import Dialog
from supportterm.console.screens.notices import notices
from supportterm.console.screens.page import Page
from supportterm.console.screens.reminding import Reminding
from supportterm.console.screens.understood import Understood
from supportterm.console.screens.wording import Ends, Wording
from supportterm.console.screens.writing import Writing
from supportterm.console.session import Session
from supportterm.console.widgets.bar import Bar
from supportterm.console.widgets.blocks import Setting
from supportterm.console.widgets.chatlist import ChatList
from supportterm.console.widgets.composer import Composer
from supportterm.console.widgets.facts import Facts
from supportterm.console.widgets.strips import Strips
from supportterm.console.widgets.transcript import Transcript
from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.state import StateChanged
from supportterm.text import SafeText

if TYPE_CHECKING:
    from supportterm.console.app import Console

#: Ages are shown in minutes; looking more often would repaint for nothing.
AGES_SECONDS: Final = 10.0
NOTICE_SECONDS: Final = 4.0
SAVE_SECONDS: Final = 1.0
_TONES: Final = ("note", "closing", "locked", "offline", "waiting")


class MainScreen(Screen[None]):
    """Where the agent works. `apply` takes what the link changed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("desk")]
    # Textual declares these as they are here.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "#composer"

    def __init__(self, session: Session, banner: SafeText) -> None:
        super().__init__()
        self.session: Final = session
        self.wording: Final = Wording(session)
        self.writing: Final = Writing(self, Aids(session, helpers()))
        self.understood: Final = Understood(self, self.writing.aids)
        self.reminding: Final = Reminding(self)
        self.banner: Final = banner
        self._news: Final = News(session)
        #: A chat asked for that is not here yet: it is opened when it comes, unless something is written.
        self.wanted = ""
        self.below = Below(self, self.paint)
        self._save_timer: Timer | None = None
        self._seconds: Timer | None = None
        self._ready = False
        self._first_unread = 0

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Bar(id="title")
                yield ChatList(self, id="chats")
                yield Bar(id="post")
            with Vertical(id="middle"):
                yield Bar(id="head")
                yield Transcript(self, id="transcript")
                yield Bar(id="line")
                yield Bar(id="aid")
                yield Composer(self, id="composer")
            yield Facts(id="side")
        yield Bar(id="banner")
        yield Strips(id="strips")
        yield Bar(id="status")

    @property
    def console(self) -> Console:
        """The app."""
        return cast("Console", self.app)

    def on_mount(self) -> None:
        self.title_bar, self.head_bar = self.query_one("#title", Bar), self.query_one("#head", Bar)
        self.line_bar, self.status_bar = self.query_one("#line", Bar), self.query_one("#status", Bar)
        self.aid_bar, self.post_bar = self.query_one("#aid", Bar), self.query_one("#post", Bar)
        self.aid_bar.display = False
        self.chats, self.side = self.query_one(ChatList), self.query_one(Facts)
        self.strips = self.query_one(Strips)
        self.strips.display = False
        self.transcript, self.composer = self.query_one(Transcript), self.query_one(Composer)
        keys = self.session.settings.keymap.keys
        self.chats.keys = actions(keys, "desk", "chats")
        self.transcript.keys = actions(keys, "desk", "transcript")
        self.composer.keys = actions(keys, "desk", "composer")
        self.composer.aid_keys = aid_acts(keys)
        banner = self.query_one("#banner", Bar)
        banner.display = bool(self.banner)
        banner.show(self.banner)
        self.set_interval(AGES_SECONDS, self.paint)
        self.watch(self.app, "app_focus", self.paint, init=False)
        self._seconds = self.set_interval(1.0, self._second, pause=True)
        self._ready = True
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        # What came before this screen could show it is told now.
        heads = [changes.HeadChanged(chat) for chat in self.session.journal.chats]
        views = [changes.ViewChanged(name) for name in ("mine", "alerts", "today")]
        self.apply([changes.Welcomed(), *heads, *views])
        # `apply` may have been quicker; going on from its chat would skip who has waited longest.
        if not self.session.inbox.selected:
            self.go(self.session.inbox.next_waiting() or self.session.inbox.beside(1))
        self.paint()

    # --- painting --------------------------------------------------------------------------------

    def apply(self, found: Sequence[Change | StateChanged]) -> None:
        """Show what changed; only what differs is drawn again."""
        session, selected = self.session, self.session.inbox.selected
        redraw = prepended = False
        for change in found:
            match change:
                case changes.Forgotten():
                    session.inbox.forget()
                    session.readings.forget()
                    session.modelled.forget_all()
                    self.transcript.forget()
                    redraw = True
                case changes.Erased():
                    session.erased(change.chat)
                    self.transcript.forget()
                    if change.chat == selected:
                        self._show_draft()
                    self.save_soon()
                case changes.Drafted():
                    session.modelled.came(change.draft)
                case changes.Welcomed():
                    session.welcomed()
                case changes.HeadChanged():
                    if session.over(change.chat):
                        self.save_soon()
                case changes.Older():
                    prepended = prepended or change.chat == selected
                case changes.Moved() if change.chat == selected:
                    session.inbox.selected = change.to
                case changes.ViewChanged(name="team" | "shops"):
                    redraw = True
                case changes.Began() if change.chat == self.wanted:
                    self._came()
                case _:
                    pass
            redraw = redraw or getattr(change, "chat", "") == selected or isinstance(change, StateChanged)
        if session.count_gifts():
            self.save_soon()
        heard = self._news.read(found)
        for text in heard.said:
            self.notice(text)
        if left := session.leave_if_settled():
            self.notice(left)
        for chat in heard.ask_take:
            self._ask_take(chat)
        if not session.inbox.selected and session.inbox.chats():
            self.go(session.inbox.next_waiting() or session.inbox.beside(1))
        elif redraw and session.log is not None:
            self.transcript.update_rows(self._setting(), prepended=prepended)
        self.understood.look()
        watched = heard.wrote and self.app.app_focus and len(found) < 2 and self._reading()
        alarm = heard.alarm and not self._watching()
        up = heard.came_up and session.rings_promises
        if up or (session.bell and (alarm or heard.offered or (heard.wrote and not watched))):
            self.app.bell()
        self.paint()
        for page in self._pages():
            page.heard(found)
            page.paint()
        for screen in self.app.screen_stack:
            if isinstance(screen, Dialog):
                screen.heard()

    def _watching(self) -> bool:
        """Whether a supervisor has the board, with its alerts, before their eyes."""
        return self.app.app_focus and any(isinstance(page, BoardPage) for page in self._pages()[-1:])

    def _pages(self) -> list[Page]:
        return [screen for screen in self.app.screen_stack if isinstance(screen, Page)]

    def _came(self) -> None:
        """The chat that was asked for is here. Nobody who writes is torn away from what they write."""
        chat, self.wanted = self.wanted, ""
        self.below.over()
        if self.app.screen is self and self.composer.text.strip():
            name = self.session.name_for(chat)
            self.notice(self.session.words.say("notice.came", name=name))
            return
        self.console.close_pages()
        self.go(chat, write=True)

    def _ask_take(self, chat: str) -> None:
        """The desk will give this chat only to who means it. Nobody is asked in the middle of writing."""
        if isinstance(self.app.screen, Page):
            self.console.begin(partial(take, chat=chat))
        else:
            why = self.session.words.refusal("over_ceiling")
            self.notice(self.session.words.say("notice.refused", why=why))

    def paint(self) -> None:
        """Bring every small text up to date; each repaints itself only if it differs."""
        if not self._ready:
            return
        session, wording = self.session, self.wording
        self._read()
        self.below.look()
        self.reminding.look()
        self._ends(self.title_bar, wording.list_title())
        self.chats.show(wording.lines(), session.inbox.selected, wording.list_empty(self.chats.size.width))
        post = wording.post(self.chats.size.width - 2)
        self.post_bar.display = bool(post.left)
        self._ends(self.post_bar, post)
        self._ends(self.head_bar, wording.head())
        log = session.log
        below = session.inbox.unread(log) if log is not None and not self.transcript.at_end else 0
        line = wording.line(self.composer.text, below)
        self._ends(self.line_bar, line)
        self.writing.paint()
        self._tone(self.composer, line.tone)
        self.composer.read_only = bool(session.locked)
        self.composer.hint(self.understood.placeholder() or wording.placeholder())
        self.strips.show(notices(session, wording.key))
        self._ends(self.status_bar, wording.status(self.below.text, self.size.width))
        if self.side.display:
            self.side.show(wording.facts(self.banner))
        if log is None:
            self.transcript.show_nothing(wording.empty())
        self._tick_when_needed()

    def _ends(self, bar: Bar, ends: Ends) -> None:
        bar.show(ends.left, ends.right, left_wins=ends.left_wins)
        self._tone(bar, ends.tone)

    def _tone(self, widget: Bar | Composer, tone: str) -> None:
        for name in _TONES:
            widget.set_class(name == tone, f"-{name}")

    def _setting(self) -> Setting:
        return self.wording.setting(self.transcript.size.width, self._first_unread)

    def _reading(self) -> bool:
        """Whether the newest message of the open chat is before the agent's eyes."""
        return self.app.app_focus and self.app.screen is self and self.transcript.at_end

    def _read(self) -> None:
        session, log = self.session, self.session.log
        if log is None or log.head is None:
            return
        if self._reading():
            session.inbox.read(log.chat)
            session.link.saw(log.chat)
        elif not self._first_unread and (first := session.inbox.first_unread(log)):
            self._first_unread = first
            self.transcript.update_rows(self._setting())

    def _tick_when_needed(self) -> None:
        """Seconds are counted down only while somebody needs to see them."""
        if self._seconds is None:
            return
        team, state = self.session.team, self.session.link.state
        running = team.offers or team.wrap_ups or self.writing.aids.ticking or counts_seconds(self.session)
        if self.session.closings or state.kind == "waiting" or running:
            self._seconds.resume()
        else:
            self._seconds.pause()

    def _second(self) -> None:
        if trouble := self.session.close_due():
            self.notice(trouble)
        self.paint()

    def notice(self, text: SafeText, holds: Holds | None = None) -> None:
        """Say this at the bottom for a moment, and no longer than it ``holds``."""
        self.say_below(text, holds)
        self.paint()

    def say_below(self, text: SafeText, holds: Holds | None = None, *, stays: bool = False) -> None:
        """The same, while everything is being painted. ``stays``: as long as it holds, or until another."""
        for page in self._pages():
            page.notice(text)
        self.below.say(text, None if stays else NOTICE_SECONDS, holds)

    def reword(self) -> None:
        """The language changed."""
        if self.session.log is not None:
            self.transcript.update_rows(self._setting())
        self.paint()

    # --- going from chat to chat -------------------------------------------------------------------

    def go(self, chat: str, *, write: bool = False) -> None:
        """Open this chat; "" changes nothing."""
        session = self.session
        if write:
            self.write()
        if not chat or chat == session.inbox.selected:
            return
        self.take_written()
        if session.inbox.selected:
            session.link.stopped_typing(session.inbox.selected)
        self.save_drafts()
        # Whoever opened a chat, or goes from it, knows of its promise.
        session.late.pop(session.inbox.selected, None)
        session.late.pop(chat, None)
        session.inbox.selected = chat
        log = session.log
        self._first_unread = session.inbox.first_unread(log) if log is not None else 0
        if log is not None:
            self.transcript.show(log, self._setting())
            self._older_if_short()
        self._show_draft()
        self.paint()

    def _older_if_short(self) -> None:
        log = self.session.log
        if log is not None and log.older and self.transcript.max_scroll_y <= 0:
            self.session.link.more(log.chat)

    def _show_draft(self) -> None:
        draft = self.session.draft
        self.composer.put(draft.note if self.session.noting else draft.message)

    def choose(self, chat: str, *, write: bool) -> None:
        """The list's choice."""
        self.go(chat, write=write)

    def write(self) -> None:
        """Give the composer the focus, at once: the next key is meant for it."""
        self.set_focus(self.composer)

    def type(self, character: str) -> None:
        """A letter typed elsewhere."""
        self.write()
        if not self.composer.read_only:
            self.composer.add(character)

    def on_transcript_reached_top(self) -> None:
        log = self.session.log
        if log is not None and log.older:
            self.session.link.more(log.chat)
            self.transcript.update_rows(self._setting(), prepended=True)

    def on_transcript_scrolled(self) -> None:
        self.paint()

    # --- writing -----------------------------------------------------------------------------------

    def on_composer_written(self) -> None:
        self.take_written()
        self.paint()

    def take_written(self) -> None:
        """Into the draft with what was written, before anything else happens to the composer."""
        if self.composer.take_changes():
            self.session.written(self.composer.text)
            self.save_soon()

    def send(self, text: str) -> None:
        """Enter: send the composer's text, or what the aid line says."""
        self.writing.send(text)

    def aid(self, act: Act) -> bool:
        """A key that the aid line may take; whether it did."""
        return self.writing.press(act)

    def sent(self) -> None:
        """What was written is in the outbox."""
        self.composer.clear_text()
        self._first_unread = 0
        self.save_drafts()
        self._redraw()
        self.transcript.scroll_newest()
        self.paint()

    def page(self, pages: int) -> None:
        """Move the conversation by pages of its height, less two rows to hold on to."""
        self.transcript.scroll_by(pages * max(1, self.transcript.size.height - 2))

    def _redraw(self) -> None:
        if self.session.log is not None:
            self.transcript.update_rows(self._setting())

    def save_soon(self) -> None:
        """Put what changed on the disk within a second."""
        if self._save_timer is None:
            self._save_timer = self.set_timer(SAVE_SECONDS, self.save_drafts)

    def save_drafts(self) -> None:
        """Put drafts on the disk now."""
        if not self._ready:
            return
        self.take_written()
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None
        if trouble := self.session.save():
            self.notice(trouble)

    # --- what the keys do ----------------------------------------------------------------------------

    def action_next_waiting(self) -> None:
        chat = self.session.inbox.next_waiting()
        if not chat:
            self.notice(self.session.words.say("notice.nobody_waits"))
        self.go(chat, write=True)

    def action_next_promise(self) -> None:
        self.reminding.next()

    def action_previous_chat(self) -> None:
        self._beside(-1)

    def action_next_chat(self) -> None:
        self._beside(1)

    def _beside(self, step: Literal[-1, 1]) -> None:
        self.go(self.session.inbox.beside(step))

    def action_toggle_note(self) -> None:
        self.take_written()
        self.session.toggle_note()
        self._show_draft()
        self.write()
        self.paint()

    def action_retry(self) -> None:
        self.notice(self.session.retry())
        self._redraw()

    def action_take_back(self) -> None:
        if self.composer.text.strip():
            self.notice(self.session.words.say("notice.draft_first"))
            return
        text, notice = self.session.take_back()
        if text:
            self._show_draft()
            self.write()
            self.composer.add(text)
            self._redraw()
        self.notice(notice)

    def action_close_or_reopen(self) -> None:
        self.understood.close()

    def action_phoned(self, how: str) -> None:
        self.notice(self.session.phoned(reached=how == "reached"))

    def action_reread(self) -> None:
        self.understood.reread()

    def action_undo_close(self) -> None:
        session = self.session
        if said := session.undo_close():
            chat = session.inbox.selected
            self.notice(said, lambda: not session.closings.seconds_left(chat, session.link.now_ms()))
        elif self.composer.has_focus:
            self.composer.undo()

    def action_take_over(self) -> None:
        if self.session.locked == "elsewhere":
            self.session.link.take_over()

    def action_scroll_newest(self) -> None:
        self.transcript.scroll_newest()
        self.paint()

    def action_back(self) -> None:
        self.clear_selection()
        self.write()
