"""A phrase that could be kinder or clearer, while it is written: one at a time, never twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from supportterm.coach.tone import Hint, Tone, rewrite
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.protocol.views import ShopFacts
from supportterm.text import SafeText, join, safe_line, trusted

#: Letters of a rewrite that the line shows; the text shows the rest.
_SHOWN: Final = 44
#: Letters of the phrase where its rewrite needs the room.
_PHRASE: Final = 12
_DOT: Final = trusted(" · ")


class ToneHints:
    """One console's hints. ``looks`` counts how often a text was searched."""

    def __init__(self) -> None:
        self.looks = 0
        self._tones: Final[dict[str, tuple[ShopFacts | None, Tone]]] = {}
        #: By chat, the hint that is on show. What was shown and is over is kept with what was put away.
        self._now: Final[dict[str, Hint]] = {}
        self._looked: tuple[str, str, int] | None = None

    def offer(self, moment: Moment) -> Aid | None:
        """The first phrase worth a hint."""
        hint = self._hint(moment)
        if hint is None:
            return None
        words = moment.words
        phrase = safe_line(moment.text[hint.start : hint.end])
        what = words.say("hint.about", phrase=phrase, why=words.say(f"tone.{hint.kind}"))
        keys = {"fill": moment.key("aid.fill"), "away": moment.key("aid.dismiss")}
        away = words.say("hint.away", **keys)
        only, few = words.say(f"tone.{hint.kind}"), words.say(f"tone_brief.{hint.kind}")
        if hint.text is None:
            briefs = ((what, NOTHING), (only, NOTHING), (few, NOTHING))
            return Aid(what, away, briefs=briefs, takes=frozenset({"dismiss"}))
        full = self._instead(moment, hint, keys["fill"])
        brief = words.say("hint.rewrite", **keys)
        return Aid(
            what,
            join(_DOT, [full, away]),
            briefs=(
                (what, full),
                (what, brief),
                (only, brief),
                (phrase, full),
                (phrase.clip(_PHRASE), full),
                (few, brief),
            ),
            takes=frozenset({"fill", "dismiss"}),
        )

    def _instead(self, moment: Moment, hint: Hint, key: SafeText) -> SafeText:
        if not hint.text:
            return moment.words.say("hint.leave_out", fill=key)
        return moment.words.say("hint.instead", fill=key, text=safe_line(hint.text).clip(_SHOWN))

    def _hint(self, moment: Moment) -> Hint | None:
        chat = moment.chat
        if moment.noting or not moment.session.settings.tone:
            return None
        over = moment.away.hints
        if self._looked != (chat, moment.text, len(over)):
            now = self._now.get(chat)
            found = self._search(moment, over)
            if now is not None and (found is None or found.key != now.key):
                moment.put_away().hint_over(now.key)
                del self._now[chat]
                over = moment.away.hints
            if found is not None:
                self._now[chat] = found
            self._looked = (chat, moment.text, len(over))
        return self._now.get(chat)

    def _search(self, moment: Moment, over: Collection[str]) -> Hint | None:
        self.looks += 1
        if not moment.text.strip():
            return None
        hint = self._tone(moment).hint(moment.text, moment.lang, over)
        # At the very end it may still become another word.
        return hint if hint is not None and hint.end < len(moment.text) else None

    def _tone(self, moment: Moment) -> Tone:
        shop = moment.shop
        name = shop.shop if shop is not None else ""
        known = self._tones.get(name)
        if known is None or known[0] != shop:
            made = Tone(glossary=shop.glossary, familiar=shop.familiar) if shop is not None else Tone()
            known = self._tones[name] = (shop, made)
        return known[1]

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Other words, or none."""
        hint = self._hint(moment)
        if hint is None:
            return None
        self._end(moment)
        if act == "fill" and hint.text is not None:
            new = rewrite(moment.text, hint)
            return Pressed(new.text, select=(new.start, new.end))
        return Pressed() if act == "dismiss" else None

    def _end(self, moment: Moment) -> None:
        if (hint := self._now.pop(moment.chat, None)) is not None:
            moment.put_away().hint_over(hint.key)
        self._looked = None

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """A hint never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """The words were meant."""
        self._end(moment)
