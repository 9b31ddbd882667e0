"""Dialogs one after another, told as a plain coroutine: a *flow*.

The stage lies under every dialog of its flow. Keys pressed between two of them wait for the next, and nothing
typed ahead ever reaches a customer: see `supportterm.console.turns`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias, cast

from textual.binding import BindingType
from textual.screen import ModalScreen

from supportterm.console.screens.dialog import Ask, Check, Choice, Free, Line, Pick
from supportterm.console.session import Session
from supportterm.console.words import Words
from supportterm.text import SafeText, trusted

if TYPE_CHECKING:
    from supportterm.console.app import Console

_NOTHING: Final = trusted("")


class Stage(ModalScreen[None]):
    """Runs one flow, then goes."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = ""

    def __init__(self, session: Session, flow: Flow) -> None:
        super().__init__()
        self.session: Final = session
        self._flow: Final = flow
        self._then: Callable[[], object] | None = None
        self._asked = False

    @property
    def console(self) -> Console:
        """The app."""
        return cast("Console", self.app)

    @property
    def words(self) -> Words:
        """Sentences in the person's language."""
        return self.session.words

    def on_mount(self) -> None:
        self.run_worker(self._run(), name="flow")

    def on_screen_suspend(self) -> None:
        """A dialog lies over it."""
        self._asked = True

    async def _run(self) -> None:
        try:
            await self._flow(self)
        finally:
            if self.is_current:
                self.dismiss()
            self.console.flow_over()
        if self._then is not None:
            self._then()
        self.console.turns.stage_left(asked=self._asked)

    def then(self, act: Callable[[], object]) -> None:
        """Do this at once when the flow is over: it may begin another one."""
        self._then = act

    # --- what a flow asks ------------------------------------------------------------------------

    async def pick(
        self,
        title: SafeText,
        choices: Sequence[Choice],
        *,
        about: SafeText = _NOTHING,
        free: Free | None = None,
        selected: str = "",
        nobody: SafeText = _NOTHING,
        unchosen: bool = False,
    ) -> str:
        """The id of what was chosen; "" if nothing was."""
        pick = Pick(
            self.session,
            title,
            choices,
            about=about,
            free=free,
            selected=selected,
            nobody=nobody,
            unchosen=unchosen,
        )
        return await self.app.push_screen_wait(pick) or ""

    async def ask(self, question: SafeText, yes: SafeText, about: SafeText = _NOTHING) -> bool:
        """Ask once; the safe answer is the one that is chosen at first."""
        ask = Ask(self.session, question, yes, about=about)
        answer: str | None = await self.app.push_screen_wait(ask)
        return answer is not None

    async def line(self, title: SafeText, hint: SafeText, text: str = "", wrong: Check | None = None) -> str:
        """One line of text; "" if it was closed or left empty. ``wrong`` says what is the matter with it."""
        return await self.app.push_screen_wait(Line(self.session, title, hint, text, wrong)) or ""

    def notice(self, text: SafeText | None) -> None:
        """Say something at the bottom for a moment; None says nothing."""
        if text:
            self.console.notice(text)


Flow: TypeAlias = Callable[[Stage], Awaitable[None]]
