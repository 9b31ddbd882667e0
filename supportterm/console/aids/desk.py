"""Who speaks on the one line, and what the keys mean at the moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from supportterm.console.aids.aid import Act, Aid, Held, Helper, Outgoing, Pressed
from supportterm.console.aids.moment import Moment

if TYPE_CHECKING:
    from supportterm.console.session import Session

#: A second enter within this time is the same enter: people press it twice without meaning to.
AGAIN_MS: Final = 500
#: What has been on the screen for less has not been read.
SEEN_MS: Final = 200
#: Words that stood there to be read before a key took them need only be safe from one key that rattles.
KNOWN_MS: Final = 150


class _Held(NamedTuple):
    """A text for which an enter within ``guard`` ms of ``at`` does nothing. ``put``: the console wrote it, so
    that nobody was told yet that enter sends it."""

    chat: str = ""
    text: str = ""
    at: int = 0
    guard: int = 0
    put: bool = False


class _Seen(NamedTuple):
    chat: str
    seal: str
    since: int


class Aids:
    """All aids of one console. ``helpers`` in the order in which they may speak; the first that has something

    to say does. Every enter asks all of them, since a promise stands even while a held message speaks.
    """

    def __init__(self, session: Session, helpers: Sequence[Helper] = ()) -> None:
        self._session: Final = session
        self.helpers: Final = tuple(helpers)
        self._speaker: Helper | None = None
        self._aid: Aid | None = None
        self._seen: Final[dict[int, _Seen]] = {}
        #: The text that an enter was held for, or that an aid put there, and when.
        self._held = _Held()

    # --- the line --------------------------------------------------------------------------------

    def moment(self, text: str) -> Moment | None:
        """Now; None where no aid has business: no chat, or nothing can be written to its customer."""
        session, log = self._session, self._session.log
        if log is None or log.head is None or session.locked or session.part != "owner":
            return None
        return Moment(session, log, text, session.noting, session.now_ms(), session.link.now_ms())

    def look(self, text: str) -> Aid | None:
        """What the line says while ``text`` is in the composer; it counts as shown."""
        moment, self._speaker, self._aid = self.moment(text), None, None
        if moment is None:
            return None
        for number, helper in enumerate(self.helpers):
            aid = helper.offer(moment)
            if aid is None:
                self._seen.pop(number, None)
                continue
            for one, seal in ((helper, aid.seal), *aid.shows):
                self._show(self.helpers.index(one), seal, moment)
            self._speaker, self._aid = helper, aid
            return aid
        return None

    def _show(self, number: int, seal: str, moment: Moment) -> None:
        before = self._seen.get(number)
        if before is None or before[:2] != (moment.chat, seal):
            self._seen[number] = _Seen(moment.chat, seal, moment.run_ms)

    def speaks(self, helper: Helper) -> bool:
        """Whether the line is this one's, and so are its keys."""
        return self._speaker is helper

    @property
    def ticking(self) -> bool:
        """Whether the line changes with the seconds."""
        return self._aid is not None and self._aid.ticks

    # --- keys ------------------------------------------------------------------------------------

    def press(self, act: Act, text: str) -> Pressed | None:
        """A key while the line stands; None: it has no meaning there now."""
        aid = self.look(text)
        moment = self.moment(text)
        if aid is None or moment is None or self._speaker is None or act not in aid.takes:
            return None
        if aid.read_first and not self._seal(self.helpers.index(self._speaker), moment):
            return Pressed()
        pressed = self._speaker.press(act, moment)
        if pressed is not None and pressed.text is not None and act == "fill":
            seen = self._seen.get(self.helpers.index(self._speaker))
            read = seen is not None and seen.chat == moment.chat and moment.run_ms - seen.since >= AGAIN_MS
            self.was_put(pressed.text, known=pressed.known and read)
        return pressed

    def was_put(self, text: str, *, known: bool = False) -> None:
        """The console put this text into the composer: an enter that comes too soon was not meant for it.
        ``known``: it could be read before."""
        guard = KNOWN_MS if known else AGAIN_MS
        chat, now = self._session.inbox.selected, self._session.link.now_ms()
        self._held = _Held(chat, text, now, guard, put=True)

    def send(self, text: str, *, plain: bool = False) -> Outgoing | Held:
        """What enter does with ``text``; ``plain``: without anything beyond it."""
        moment = self.moment(text)
        if moment is None or moment.noting:
            return Outgoing(text)
        held = self._held
        if held[:2] == (moment.chat, text) and moment.run_ms - held.at < held.guard:
            return Held(why="notice.enter_sends" if held.put else "")
        out = Outgoing(text)
        for number, helper in enumerate(self.helpers):
            made = helper.send(moment, out, seen=self._seal(number, moment), plain=plain)
            if isinstance(made, Held):
                stands = text if made.text is None else made.text
                self._held = _Held(moment.chat, stands, moment.run_ms, AGAIN_MS)
                return made
            out = made
        return out

    def sent(self, out: Outgoing) -> None:
        """It is in the outbox."""
        moment = self.moment(out.text)
        self._seen.clear()
        if moment is not None:
            for helper in self.helpers:
                helper.sent(moment, out)

    def _seal(self, number: int, moment: Moment) -> str:
        seen = self._seen.get(number)
        if seen is None or seen.chat != moment.chat or moment.run_ms - seen.since < SEEN_MS:
            return ""
        return seen.seal
