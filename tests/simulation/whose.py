"""Whose each chat is: a browser's, or a customer's whom their shop knows; and who may be told of it.

Kept beside the desk: from what it decides, and from the log whenever that is read anew, since a crash takes
back what was decided and not stored. A chat that moved is its new owner's at once. To who had it before,
what was said until then may still be on its way; nothing else ever is.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from server.desk.commands import Person
from server.desk.events import CUSTOMER, Event
from supportterm.protocol import frames
from supportterm.protocol.limits import IDENTITY_LEEWAY_MS

from .signers import Moment, Signers, Word

#: Seconds by which whom a word let in has to be out: the server looks every twenty, and says goodbye.
OVER_SECONDS: Final = 26.0


class Move(NamedTuple):
    """``upto``: the last public event from before."""

    was: str
    to: str
    seq: int
    upto: int


class Reader:
    """One connection of a customer's page. ``account``: as whom it reads, once that is known."""

    def __init__(self, page: str, word: Word | None, since: Moment) -> None:
        self.page = page
        self.account = ""
        self.word = word
        self.since = since
        #: What it was told to be gone.
        self.lost: set[str] = set()


class Whose:
    """``owner_of``: by chat the account, which is a page's name or a number with its shop.

    A page has two names: its browser's, and, while somebody is signed in, that of them in this browser,
    which they go by when their shop's word is not believed.
    """

    def __init__(self, signers: Signers, now: Callable[[], Moment], fail: Callable[[str], None]) -> None:
        self.signers = signers
        self.now = now
        self.fail = fail
        self.owner_of: dict[str, str] = {}
        self.moves: dict[str, Move] = {}
        #: Since when a move is stored for sure (s).
        self.sure: dict[str, float] = {}
        #: The pages' names by the ids that follow from their tokens.
        self.pages: dict[str, str] = {}
        #: By page and account when their shop said last that they are signed in there (ms).
        self.signed_in: dict[tuple[str, str], int] = {}
        self.readers: dict[str, Reader] = {}
        self.said: Counter[str] = Counter()
        #: Since when the words of one time are seen to be over (s).
        self._over: dict[tuple[str, int], float] = {}
        self._words: defaultdict[tuple[str, int], set[Word]] = defaultdict(set)
        self._accounts: dict[str, str] = {}
        #: When a customer wrote last in each chat; whose answer is awaited elsewhere, or was mailed there.
        self._wrote: dict[str, int] = {}
        self._elsewhere: dict[str, str] = {}
        self._mailed: set[str] = set()

    # --- what the desk decides, and the log holds -----------------------------------------------------

    def decided(self, who: Person, events: Iterable[Event], pub: int) -> None:
        """A desk decided this for somebody; ``pub``: how many public events the chat has then."""
        for event in events:
            if event.kind == "opened":
                self._forget(event.chat)
                self.owner_of[event.chat] = self._account(who)
            elif event.kind == "identified":
                data = _data(event)
                account = self._account(who)
                if data["customer"] != who.id or not self._vouched_for(who, account):
                    self.fail(f"{event.chat} was identified to be {data}, for {account}")
                if data.get("was"):
                    self._moved(event, account, self._of(data["was"]), pub)
                elif self.owner_of.get(event.chat) != account:
                    self.fail(f"{event.chat} of {self.owner_of.get(event.chat)} is called {data}")
            self._note(event)

    def read(self, chat: str, customer: str, events: Iterable[Event]) -> None:
        """A desk read the chat from the log: what it does not hold has not happened."""
        begun, moved, pub = self._of(customer), False, 0
        sure = self.sure.get(chat, self.now().at)
        self._forget(chat)
        for event in events:
            pub = event.pub or pub
            self._note(event)
            if event.kind == "identified" and _data(event).get("was"):
                data = _data(event)
                begun, moved = self._of(data["was"]), True
                self.moves[chat] = Move(begun, self._of(data["customer"]), event.seq, pub)
                self.sure[chat] = sure
        self.owner_of[chat] = self.moves[chat].to if moved else begun
        if self.owner_of[chat] != self._of(customer):
            self.fail(f"{chat} is stored for {self._of(customer)}, and belongs to {self.owner_of[chat]}")

    def stored(self, event: Event) -> None:
        """It is in the log."""
        if event.kind == "identified" and event.chat in self.moves and _data(event).get("was"):
            self.sure.setdefault(event.chat, self.now().at)

    def _forget(self, chat: str) -> None:
        self.moves.pop(chat, None)
        self.sure.pop(chat, None)
        self._wrote.pop(chat, None)
        self._elsewhere.pop(chat, None)
        self._mailed.discard(chat)

    def _note(self, event: Event) -> None:
        """What keeps a chat from going along: words that came later, or an answer that went elsewhere."""
        if event.actor == CUSTOMER and event.kind in ("opened", "message", "reopened", "contact"):
            self._wrote[event.chat] = event.at
        elsewhere, taken = self._elsewhere.get(event.chat), event.kind == "joined"
        if event.kind in ("left", "callback"):
            self._elsewhere[event.chat] = event.kind
        elif taken and elsewhere == "callback":
            self._elsewhere[event.chat] = "taken"
        elif event.kind in ("requeued", "reopened"):
            self._elsewhere.pop(event.chat, None)
        elif event.kind == "message" and event.actor == CUSTOMER and elsewhere == "taken":
            del self._elsewhere[event.chat]  # they came back, and somebody is with them
        elif event.kind == "mailing":
            self._mailed.add(event.chat)

    def _moved(self, event: Event, to: str, was: str, pub: int) -> None:
        chat = event.chat
        if chat in self.moves:
            self.fail(f"{chat} moved twice: {self.moves[chat]}, and to {to}")
        if self.owner_of.get(chat) != was or was not in self.pages.values():
            self.fail(f"{chat} of {self.owner_of.get(chat)} moved from {was} to {to}")
        said = self.signed_in.get((was, to), 0)
        if not said:
            self.fail(f"{chat} moved to {to}, who never signed in at {was}")
        if self._wrote.get(chat, 0) > said + IDENTITY_LEEWAY_MS:
            self.fail(f"{chat} moved to {to}, and somebody wrote there after they had signed in")
        if chat in self._elsewhere or chat in self._mailed:
            self.fail(f"{chat} moved to {to}, and somebody waits for its answer elsewhere")
        self.moves[chat] = Move(was, to, event.seq, pub)
        self.owner_of[chat] = to

    def _account(self, who: Person) -> str:
        """Who the desk holds somebody to be. An id is one account's, and an account has one id."""
        if not who.identity.sub:
            return self._of(who.id)
        account = f"{who.identity.sub}@{who.shop}"
        if self._accounts.setdefault(who.id, account) != account or who.id in self.pages:
            self.fail(f"{account} has the id of {self._of(who.id)}")
        if sum(other == account for other in self._accounts.values()) > 1:
            self.fail(f"{account} has two ids")
        return account

    def _of(self, id: str) -> str:
        return self.pages.get(id) or self._accounts.get(id, "a stranger")

    def _vouched_for(self, who: Person, account: str) -> bool:
        """Whether their shop ever said so at one of these pages."""
        return any((self._of(id), account) in self.signed_in for id in who.browsers)

    # --- who is told what -------------------------------------------------------------------------------

    def connected(self, device: str, page: str, browser: str, word: Word | None) -> None:
        """A page has a new connection, and says who it is next."""
        self.readers[device] = Reader(page, word, self.now())
        if word is not None and word.number >= 0:
            for name in (page, browser):
                last = self.signed_in.get((name, word.account), 0)
                self.signed_in[name, word.account] = max(last, word.made)
            self._words[word.account, word.made].add(word)

    def welcomed(self, device: str, identity: str) -> None:
        """The server says whether it believes who this is."""
        reader, now = self.readers[device], self.now()
        word = reader.word
        if (identity == "") != (word is None):
            self.fail(f"{device} came with {word}, and was told {identity!r}")
            return
        if word is not None and identity == "good" and not self.signers.may(word, reader.since, now):
            self.fail(f"{device} was believed to be {word.account}: {word}")
        if word is not None and identity == "bad" and self.signers.must(word, reader.since, now):
            self.fail(f"{device} was not believed to be {word.account}: {word}")
        self.said[identity] += 1
        reader.account = word.account if word is not None and identity == "good" else reader.page

    def account(self, device: str) -> str:
        """As whom a page came last; "": nobody knows yet."""
        reader = self.readers.get(device)
        return reader.account if reader is not None else ""

    def chats_of(self, account: str) -> set[str]:
        """All that are somebody's now."""
        return {chat for chat, owner in self.owner_of.items() if owner == account}

    def served(self, sessions: Iterable[tuple[str, int]]) -> None:
        """The server has these on the line, by account and the time of the word that said so (ms): no word
        is believed much longer than it lasts."""
        now = self.now()
        for key in sessions:
            words = self._words[key]
            if not all(self.signers.is_over(word, now) for word in words):
                self._over.pop(key, None)
            elif now.at - self._over.setdefault(key, now.at) > OVER_SECONDS:
                self.fail(f"{key[0]} is still believed, by a word that is over: {words}")

    def is_signed_in(self, device: str) -> bool:
        """Whether the page's connection is a customer's whom their shop knows: they may have others."""
        reader = self.readers[device]
        return reader.account != reader.page

    def is_theirs(self, device: str, chat: str) -> bool:
        """Whether the chat belongs to who uses the page, beyond all doubt."""
        reader, move = self.readers[device], self.moves.get(chat)
        return self.owner_of.get(chat) == reader.account and (
            move is None or self.sure.get(chat, reader.since.at) < reader.since.at
        )

    def hears(self, device: str, chat: str, upto: int = 0) -> None:
        """A customer's page was sent something of a chat; ``upto``: the newest event it tells of."""
        reader, move = self.readers[device], self.moves.get(chat)
        if chat in reader.lost:
            self.fail(f"customer {device} got something of {chat}, which they were told is gone")
        elif not self.may_hear(device, chat):
            moved = f": it had moved to {move.to}" if move is not None else ""
            self.fail(f"customer {device} got something of chat {chat}, which is not theirs{moved}")
        elif move is not None and move.was == reader.account and upto > move.upto:
            self.fail(f"customer {device} got number {upto} of {chat}, which moved after {move.upto}")

    def may_hear(self, device: str, chat: str) -> bool:
        """Whether the chat is theirs, or was when this connection began and what is sent was on its way."""
        reader, move = self.readers[device], self.moves.get(chat)
        if self.owner_of.get(chat) == reader.account:
            return True
        known = move is None or self.sure.get(chat, reader.since.at) < reader.since.at
        return move is not None and move.was == reader.account and not known

    def gone(self, device: str, chat: str) -> None:
        """A page was told that it has the chat no more: it moved, and only then."""
        reader, move = self.readers[device], self.moves.get(chat)
        if move is None or move.was != reader.account:
            self.fail(f"customer {device} lost their chat {chat}")
        reader.lost.add(chat)

    def seen(self, device: str, frame: frames.Chat) -> None:
        """A chat begins on a connection."""
        if self.owner_of.get(frame.chat) == self.readers[device].account:
            self.readers[device].lost.discard(frame.chat)
        self.hears(device, frame.chat, frame.last)


def _data(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event.data or b"{}")
    return found
