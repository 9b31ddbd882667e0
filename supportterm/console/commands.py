"""The palette: what can be done right now, as "area: Verb"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from textual.command import Hit, Hits, Provider
from textual.content import Content

from supportterm.coach.phrases import folded
from supportterm.console.aids.gifts import may_give
from supportterm.console.aids.reading import read_from_words
from supportterm.console.callbacks import settled
from supportterm.console.flows.chats import take
from supportterm.console.keymap import show_key
from supportterm.console.promised import by_deadline
from supportterm.console.searching import place, stands_in
from supportterm.console.words import LANGUAGES, Words, sentences
from supportterm.text import SafeText, safe_line, trusted

if TYPE_CHECKING:
    from supportterm.console.app import Console


#: How well a command fits that is called something else; Textual's own scores of titles are higher.
_MEANT: Final = 0.01
_NO_KEY: Final = trusted("")


class Command(NamedTuple):
    """One line of the palette; ``help`` is its key, if it has one. ``also``: other words that people look for
    when they mean it."""

    title: SafeText
    run: Callable[[], object]
    help: SafeText = _NO_KEY
    also: SafeText = trusted("")

    def named(self, query: str) -> bool:
        """Whether every word of a query stands in its title or is another word for it."""
        return stands_in(query, f"{self.title} {self.also}")


def also(words: Words, id_: str) -> SafeText:
    """Other words for a command; none where its title is all that people call it."""
    return words.say(f"find.{id_}") if words.has(f"find.{id_}") else trusted("")


def commands(app: Console) -> Iterator[Command]:
    """What makes sense in this moment, in the order people want it."""
    main, session = app.main, app.session
    words, key, log = session.words, main.wording.key, session.log
    say = words.say

    def named(id_: str, run: Callable[[], object], keys: SafeText = _NO_KEY, **values: SafeText) -> Command:
        return Command(say(f"palette.{id_}", **values), run, keys, also(words, id_))

    if session.inbox.waiting():
        yield Command(say("palette.chat.next_waiting"), main.action_next_waiting, key("chat.next_waiting"))
    if log is not None and log.head is not None:
        if session.closings.seconds_left(log.chat, session.link.now_ms()):
            yield Command(say("palette.chat.undo_close"), main.action_undo_close, key("chat.undo_close"))
        elif log.head.state == "closed":
            yield named("chat.reopen", main.action_close_or_reopen, key("chat.close"))
        else:
            yield named("chat.close", main.action_close_or_reopen, key("chat.close"))
        note = "write.message" if session.noting else "write.note"
        yield named(note, main.action_toggle_note, key("write.note"))
        if log.refused:
            yield Command(say("palette.write.retry"), main.action_retry, key("write.retry"))
        if log.refused or any(not entry.sent for entry in log.outbox):
            yield Command(say("palette.write.take_back"), main.action_take_back, key("write.take_back"))
    for other in session.inbox.chats():
        if other.chat != session.inbox.selected:
            yield Command(say("palette.chat.go", name=session.name(other)), _going(app, other.chat))
    yield from desk_commands(app)
    if session.locked == "elsewhere":
        yield Command(say("palette.me.take_over"), main.action_take_over, key("me.take_over"))
    if session.link.state.kind == "waiting":
        yield Command(say("palette.me.connect"), session.link.hurry)
    yield named("me.status", partial(app.action_flow, "status"), key("me.status"))
    if session.away:
        yield Command(say("palette.me.online"), partial(app.set_status, "online"))
    else:
        yield Command(say("palette.me.away"), partial(app.set_status, "away"))
    yield named("help.keys", app.action_show_help, key("help"))
    yield named("view.bell_off" if session.bell else "view.bell_on", app.toggle_bell)
    for name in app.theme_names:
        if name != app.theme:
            yield named("view.theme", _theming(app, name), name=safe_line(name))
    for language in LANGUAGES:
        if language != words.language:
            name_of = trusted(sentences(language)["name.language"])
            yield named("view.language", _speaking(app, language), name=name_of)
    yield named("help.leave", app.action_leave, key("quit"))


def desk_commands(app: Console) -> Iterator[Command]:
    """What concerns the desk: this chat among colleagues, offers, pages, supervision."""
    session = app.session
    say, log, team = session.words.say, session.log, session.team

    def key(id_: str) -> SafeText:
        return safe_line(show_key(session.settings.keymap.keys[id_]))

    def flow(id_: str, name: str, title: str = "") -> Command:
        run = partial(app.action_flow, name)
        return Command(say(title or f"palette.{id_}"), run, key(id_), also(session.words, id_))

    def page(id_: str, name: str) -> Command:
        run = partial(app.action_page, name)
        return Command(say(f"palette.{id_}"), run, key(id_), also(session.words, id_))

    if log is not None and log.head is not None and log.head.state == "open" and session.part == "owner":
        if session.canned.any_for(log):
            yield flow("write.canned", "canned")
        yield flow("understood.summary", "summary")
        yield flow("understood.options", "options")
        if session.shops.of(log).reasons:
            yield flow("understood.reason", "reason")
        if may_give(session.readings.of(log)):
            yield flow("understood.gift", "gift")
        yield flow("understood.where", "where")
        if read_from_words(session.readings.of(log), log) is not None:
            reread = say("palette.understood.reread")
            yield Command(reread, app.main.action_reread, key("understood.reread"))
    if team.offers:
        for answer in ("accept", "decline"):
            title = say(f"palette.offer.{answer}")
            yield Command(title, partial(app.action_offer, answer), key(f"offer.{answer}"))
    if team.wrap_ups:
        yield Command(say("palette.breather.end"), partial(app.action_breather, "end"), key("breather.end"))
        if not team.wrap_ups[0].extended:
            title = say("palette.breather.extend")
            yield Command(title, partial(app.action_breather, "extend"), key("breather.extend"))
    if promised := by_deadline(session):
        title = say("palette.promise.next", name=session.name(promised[0]))
        yield Command(title, app.main.action_next_promise, key("promise.next"))
    if log is not None and log.head is not None and log.head.state == "open" and not log.gone:
        if session.part == "owner":
            more = "palette.promise.more" if log.head.promise_due else ""
            yield flow("promise.give", "promise", more)
            yield flow("promise.callback", "callback")
            yield flow("callback.reach", "reach")
            if log.head.callback and not settled(log):
                for how in ("reached", "not"):
                    id_ = "callback.reached" if how == "reached" else "callback.not_reached"
                    yield Command(say(f"palette.{id_}"), partial(app.main.action_phoned, how), key(id_))
            handing = team.handing(log) is not None
            yield flow("chat.hand_off", "hand_off", "palette.chat.recall" if handing else "")
            yield flow("chat.invite", "invite")
            yield flow("chat.abuse", "abuse")
        elif session.part == "guest":
            yield flow("chat.invite", "invite", "palette.chat.leave")
    if log is not None and session.locked == "left":
        title = say("palette.chat.take")
        yield Command(
            title, partial(app.begin, partial(take, chat=log.chat)), also=also(session.words, "chat.take")
        )
    if log is not None:
        yield page("chat.why", "why")
        yield Command(
            say("palette.chat.copy_id"),
            app.action_copy_id,
            key("chat.copy_id"),
            also(session.words, "chat.copy_id"),
        )
        if team.supervises:
            yield flow("chat.assign", "assign")
    for name in ("queue", "promises", "left", "today"):
        yield page(f"desk.{name}", name)
    if team.supervises:
        yield page("desk.board", "board")
        yield page("desk.report", "report")
        yield flow("desk.controls", "controls")


def _going(app: Console, chat: str) -> Callable[[], None]:
    return lambda: app.main.go(chat, write=True)


def _theming(app: Console, name: str) -> Callable[[], None]:
    return lambda: app.choose_theme(name)


def _speaking(app: Console, language: str) -> Callable[[], None]:
    return lambda: app.choose_language(language)


@dataclass(eq=False)
class Found(Hit):
    """A command, its letters that were looked for marked, and its key."""

    key: SafeText = _NO_KEY


class Commands(Provider):
    """Gives `commands` to Textual's palette; titles never as markup."""

    @property
    def _console(self) -> Console:
        return cast("Console", self.app)

    async def discover(self) -> Hits:
        """Everything, before a letter is typed."""
        for command in commands(self._console):
            yield Found(0, Content(command.title), command.run, command.title, key=command.help)

    async def search(self, query: str) -> Hits:
        """What matches ``query``, best first."""
        matcher = self.matcher(folded(query))
        for command in commands(self._console):
            # What is called so goes before what is meant by it.
            score = matcher.match(folded(command.title)) or _MEANT * command.named(query)
            if score > 0:
                shown = _marked(command.title, query)
                yield Found(score, shown, command.run, command.title, key=command.help)


def _marked(title: SafeText, query: str) -> Content:
    first, last = place(query, title)
    return Content(title).stylize("bold", first, last) if last else Content(title)
