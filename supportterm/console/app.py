"""The Textual app around the main screen: themes, language, bell, palette, leaving."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Final, Literal

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette

from supportterm.coach import promising
from supportterm.coach.troubles import troubles
from supportterm.console.flows import FLOWS
from supportterm.console.flows.menu import menu
from supportterm.console.keymap import bindings
from supportterm.console.looks import FALLBACK, Looks
from supportterm.console.promised import running as running_promises
from supportterm.console.screens.dialog import Dialog
from supportterm.console.screens.help import HelpScreen
from supportterm.console.screens.main import MainScreen
from supportterm.console.screens.page import Page
from supportterm.console.screens.pages import PAGES
from supportterm.console.screens.palette import Palette
from supportterm.console.screens.stage import Flow, Stage
from supportterm.console.session import Session
from supportterm.console.sheet import Sheet
from supportterm.console.terminal import learn_keys
from supportterm.console.turns import Turns
from supportterm.console.widgets.edge import FRAME
from supportterm.console.words import Words, sentences
from supportterm.link.changes import Change
from supportterm.link.state import LinkState, StateChanged
from supportterm.protocol.frames import Status
from supportterm.text import SafeText, join, safe_line, trusted

#: How long leaving waits for answers; what is unanswered then stays in the outbox.
_LAST_WORDS_SECONDS: Final = 1.0
_NO_BANNER: Final = trusted("")


class Console(App[int], inherit_bindings=False):
    """The console. ``run_link`` keeps the connection until it is stopped; None: nothing connects.

    Give what the link changes to `take`. ``banner`` is a line above the status, "" for none.
    """

    CSS_PATH = "console.tcss"
    TITLE = "supportterm"
    ENABLE_COMMAND_PALETTE = False
    SUSPENDED_SCREEN_CLASS = "-covered"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("app"),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    def __init__(
        self,
        session: Session,
        looks: Looks,
        *,
        run_link: Callable[[], Awaitable[LinkState]] | None = None,
        banner: SafeText = _NO_BANNER,
    ) -> None:
        super().__init__()
        self.stylesheet = Sheet(variables=self.get_css_variables())
        self.animation_level = "none"
        learn_keys()
        self.session: Final = session
        self.looks: Final = looks
        self._run_link: Final = run_link
        self.main: Final = MainScreen(session, banner)
        #: Keys go out one after another.
        self.turns: Final = Turns(self, super().on_event)
        self._to_main = False
        self._told_of_promises = False
        for theme in looks.themes:
            self.register_theme(theme)
        self.theme_names: Final = looks.names
        wanted = session.state.look.theme or session.settings.theme
        self.theme = wanted if wanted in self.theme_names else looks.first
        self._no_theme: Final = looks.missing(wanted)
        self.set_keymap(session.settings.keymap.overrides)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours for a theme that does not name them, and how wide a dialog is."""
        return {**FALLBACK, "frame": f"{FRAME}"}

    def get_default_screen(self) -> MainScreen:
        return self.main

    def on_mount(self) -> None:
        problems = [safe_line(problem) for problem in (*self.session.settings.problems, *self.looks.problems)]
        problems += [safe_line(problem) for problem in self._no_theme]
        if self.session.state.trouble:
            problems.append(safe_line(self.session.state.trouble))
        if problems:
            self.notify(join(trusted("\n"), problems), severity="warning", markup=False, timeout=15)
        if self._run_link is not None:
            self.run_worker(self._linked(), exit_on_error=True, name="link")
        self.run_worker(self._read_words, thread=True, name="words")

    def _read_words(self) -> None:
        """Read what the first keystrokes would wait for, and say which files of words cannot be used."""
        promising.prepare()
        if found := troubles():
            told = join(trusted("\n"), [safe_line(one) for one in found])
            self.call_from_thread(self.notify, told, severity="warning", markup=False, timeout=15)

    async def _linked(self) -> None:
        assert self._run_link is not None
        await self._run_link()

    def take(self, found: Sequence[Change | StateChanged]) -> None:
        """What the link changed, all of one turn of the loop."""
        if self.is_running and self.main.is_mounted:
            # In the screen's own turn, so that a fault in showing ends in a traceback and not in silence.
            self.main.call_next(self.main.apply, found)

    async def on_event(self, event: events.Event) -> None:
        """Whoever presses a key is there; the desk wants to know it, now and then."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown) and not event.is_forwarded:
            self.session.link.pressed()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.turns.take(event)
        else:
            await super().on_event(event)

    # --- pages and dialogs over the main screen ----------------------------------------------------

    def begin(self, flow: Flow) -> None:
        """Begin a row of dialogs; what is typed meanwhile goes to them or nowhere."""
        if not any(isinstance(screen, Stage) for screen in self.screen_stack):
            self.push_screen(Stage(self.session, flow))

    def notice(self, text: SafeText) -> None:
        """Say this at the bottom for a moment."""
        self.main.notice(text)

    def watch_chat(self, chat: str) -> None:
        """Read along in a chat; one that is here already is just opened."""
        log = self.session.journal.chats.get(chat)
        self._to_main = True
        if log is not None and log.head is not None and not log.gone:
            self.main.go(chat, write=True)
        else:
            self.main.wanted = chat
            self.session.link.watch(chat)
            self.notice(self.session.words.say("notice.watching"))
        self.flow_over()

    def flow_over(self) -> None:
        """A flow ended. If it led to a chat, the pages it began on go."""
        if self._to_main and not isinstance(self.screen, Stage | Dialog):
            self._to_main = False
            self.close_pages()

    def close_pages(self) -> None:
        """Back to the conversation."""
        while isinstance(self.screen, Page):
            self.screen.dismiss()

    # --- what the desk's keys do -------------------------------------------------------------------

    def action_flow(self, name: str) -> None:
        """Begin a row of dialogs."""
        self.main.take_written()
        self.begin(FLOWS[name])

    def action_menu(self) -> None:
        """Everything about colleagues and the desk in one list."""
        self.main.take_written()
        self.begin(menu)

    def action_page(self, name: str) -> None:
        """Open a page over this one."""
        self.main.take_written()
        self.push_screen(PAGES[name](self.session))

    def action_offer(self, answer: str) -> None:
        """Yes or no to the chat that is offered."""
        session = self.session
        offer = session.team.offer(session.inbox.selected)
        if offer is None:
            self.notice(session.words.say("notice.no_offer"))
            return
        accepts = answer == "accept"
        trouble = session.acts.accept(offer.chat) if accepts else session.acts.decline(offer.chat)
        if not accepts and offer.kind == "handoff":
            said = session.words.say("notice.handoff_decline", name=safe_line(offer.by))
        else:
            said = session.words.say(f"notice.offer_{answer}")
        if accepts and not trouble:
            # Until it is there, or somebody else has it.
            self.main.notice(said, lambda: any(one.chat == offer.chat for one in session.team.offers))
        else:
            self.notice(trouble or said)
        if accepts and offer.chat in session.journal.chats:
            self.main.go(offer.chat, write=True)

    def action_breather(self, act: Literal["end", "extend"]) -> None:
        """The time after closing: over, or once more."""
        session = self.session
        if not session.team.wrap_ups:
            self.notice(session.words.say("notice.no_breather"))
            return
        trouble = session.acts.breather(session.team.wrap_ups[0].chat, act)
        self.notice(trouble or session.words.say(f"notice.breather_{act}"))

    def action_copy_id(self) -> None:
        """Copy the open chat's id by the terminal. It is shown too: some terminals keep nothing."""
        session = self.session
        if session.log is None:
            self.notice(session.words.say("chat.choose"))
            return
        self.copy_to_clipboard(session.log.chat)
        self.notice(session.words.say("notice.copied_id", id=safe_line(session.log.chat)))

    # --- what the palette does ---------------------------------------------------------------------

    def action_command_palette(self) -> None:
        """Open the palette; not over a question that waits for its answer."""
        if not any(isinstance(screen, CommandPalette | Stage) for screen in self.screen_stack):
            self.push_screen(Palette(self.session.words))

    def action_show_help(self) -> None:
        """Show every key, or put the page away again."""
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(self.session, self.main.writing.explained()))

    def set_status(self, status: Status) -> None:
        """Online or away, without a question."""
        session = self.session
        session.leaving.stay()
        self.notice(session.acts.status(status) or session.words.say(f"notice.status_{status}"))

    def choose_theme(self, name: str) -> None:
        """Another look, kept for the next visit."""
        self.theme = name
        self.session.state.look.theme = name
        self.main.notice(self.session.words.say("notice.theme", name=safe_line(name)))
        self.main.save_drafts()

    def choose_language(self, language: str) -> None:
        """Another language, kept for the next visit."""
        self.session.words = Words(language, self.session.settings.zone)
        self.session.state.look.language = language
        self.main.reword()
        name = trusted(sentences(language)["name.language"])
        self.main.notice(self.session.words.say("notice.language", name=name))
        self.main.save_drafts()

    def toggle_bell(self) -> None:
        """The bell on or off, kept for the next visit."""
        self.session.bell = self.session.state.look.bell = not self.session.bell
        self.main.notice(self.session.words.say(f"notice.bell_{'on' if self.session.bell else 'off'}"))
        self.main.save_drafts()

    def action_help_quit(self) -> None:
        """Ctrl+c copies here; who expects to leave by it is told how."""
        key = self.main.wording.key("quit")
        self.main.notice(self.session.words.say("notice.leave_by", key=key))

    async def action_leave(self) -> None:
        """Keep everything and leave.

        Closings somebody began are meant: they go out, or wait in the outbox. Who promised a time that still
        runs is told so first; the next time they mean it.
        """
        session = self.session
        running = running_promises(session)
        if running and not self._told_of_promises:
            self._told_of_promises = True
            keys = {"status": self.main.wording.key("me.status"), "again": self.main.wording.key("quit")}
            self.main.notice(session.words.say("notice.promised_leave", n=len(running), **keys))
            return
        session.close_due(all_=True)
        self.main.save_drafts()
        if session.journal.online and self._run_link is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS_SECONDS):
                    await session.link.drained()
        session.link.stop()
        self.exit(0)

    async def action_quit(self) -> None:
        """Textual's own way out, the same as ours."""
        await self.action_leave()
