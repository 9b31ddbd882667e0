"""All that an aid may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from supportterm.console.keymap import show_key
from supportterm.console.state import Away
from supportterm.console.words import Words
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.views import ShopFacts
from supportterm.text import SafeText, safe_line

if TYPE_CHECKING:
    from supportterm.console.session import Session


class Moment(Struct, frozen=True):
    """The open chat as it stands. ``text`` is in the composer, a note if ``noting``.

    ``now_ms``: the server's wall clock; ``run_ms``: a steady local clock that only measures.
    """

    session: Session
    log: ChatLog
    text: str
    noting: bool
    now_ms: int
    run_ms: int

    @property
    def chat(self) -> str:
        """The chat's id."""
        return self.log.chat

    @property
    def lang(self) -> str:
        """The language the customer writes, such as "nl"; "" if unknown."""
        return self.session.readings.of(self.log).language

    @property
    def shop(self) -> ShopFacts | None:
        """The chat's shop, None before its facts came."""
        return self.session.shops.told(self.log)

    @property
    def away(self) -> Away:
        """What was put away in this chat."""
        return self.session.state.away(self.chat)

    def put_away(self) -> Away:
        """The same, to be changed: it outlives the console."""
        return self.session.state.put_away(self.chat, self.now_ms)

    @property
    def words(self) -> Words:
        """Sentences in the agent's language."""
        return self.session.words

    def key(self, id_: str) -> SafeText:
        """How a key is written."""
        return safe_line(show_key(self.session.settings.keymap.keys[id_]))
