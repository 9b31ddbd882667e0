"""A customer's connection."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from server.desk.chat import Chat
from server.desk.commands import Identify, Masked
from server.desk.decision import Decided, Decision
from server.feeds import Feed
from server.gateway.rates import Bucket
from server.gateway.session import Session
from supportterm.protocol import frames
from supportterm.protocol.codes import ERRORS, Close
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text

#: How often it is asked whether what let a connection in would still do so.
_LOOK_SECONDS: Final = 20.0
_DAY_MS = 24 * 3_600_000
#: A closed chat is shown to who comes back within a day; after that the widget starts afresh.
SHOWN_AFTER_CLOSE_MS = _DAY_MS
#: The answer to a message that was left is there for longer: nobody waits in front of the widget for it,
#: and who has read it on one page of a shop wants to find it on the next.
ANSWER_SHOWN_AFTER_CLOSE_MS = 30 * _DAY_MS


def customer_id(shop: str, token: str) -> str:
    """A customer's id follows from their token, so that the same browser is the same customer at once
    in every tab; nobody can turn it back into the token. It begins with a letter, because operators
    type it after `supportterm erase`, where a dash would be an option."""
    digest = hashlib.blake2b(token.encode(), digest_size=16, person=b"customer", key=shop.encode()[:64])
    return "c" + base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def address_hash(network: str, key: bytes) -> str:
    """By which a block knows who comes from the same network again; without the key nobody can turn it back.

    ``key``: up to 64 bytes that are not in the database, since all addresses are tried in no time, and that
    outlive a restore.
    """
    digest = hashlib.blake2b(network.encode(), digest_size=12, person=b"address", key=key)
    return base64.urlsafe_b64encode(digest.digest()).decode()


class CustomerSession(Session):
    """What a customer may do: their own chats, public events only."""

    public = True
    lang = ""
    #: Whether what opened the chats of this connection still would; None: their browser's token, for ever.
    good: Callable[[], bool] | None = None
    #: How the connection ends when it would not any more.
    over = Close.IDENTITY_OVER
    _openings: Bucket | None = None
    _watching: asyncio.Task[None] | None = None

    def limit_sayings(self, bucket: Bucket) -> None:
        """Take messages from this bucket as well: fewer in a minute than frames in a burst."""
        self._sayings = bucket

    def watch(self) -> None:
        """Begin to look, now and then, whether this connection may still read what it reads."""
        if self.good is not None and self._watching is None:
            self._watching = asyncio.create_task(self._watch(self.good), name="still good")

    async def _watch(self, good: Callable[[], bool]) -> None:
        """Whoever was let in for a time does not stay because they came before its end."""
        while True:
            if not good():
                await self.close(self.over)
                return
            await asyncio.sleep(_LOOK_SECONDS)

    def end(self) -> None:
        """See `Session.end`."""
        super().end()
        if self._watching is not None:
            self._watching.cancel()

    async def identify(self) -> None:
        """Whom their shop knows goes on with their open chat, or takes along the one of this browser."""
        doorway = self.hub.doorway
        open_of = doorway.desk.open_of
        if not self.person.identity.sub:
            return
        for chat in [open_of.get(who) for who in (self.person.id, *self.person.browsers)]:
            if chat is not None and await self._goes_on(chat):
                return

    async def _goes_on(self, chat: str) -> bool:
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def decided(decision: Decision) -> None:
            if not done.done():
                done.set_result(isinstance(decision, Decided))

        self.hub.doorway.submit(self.person, Identify(chat), decided)
        return await done

    def lose(self, chat: str) -> None:
        """The chat went to who signed in, and is not this browser's any more."""
        if chat in self.cursors:
            self.unsubscribe(chat)
            self.outlet.answer(frames.Gone(chat))

    async def begin(self, retention_days: int = 0) -> list[Feed]:
        """The chats to show: the newest one, unless it was closed too long ago.

        ``retention_days``: after so many the shop removes texts, and nothing is left to show; 0: never.
        """
        doorway, who = self.hub.doorway, self.person.id
        while True:
            newest = doorway.feeds.newest_of(who)
            if newest is not None:
                shown = await doorway.feed(newest.chat.id)
            else:
                rows = await doorway.chats_of(who)
                shown = await doorway.feed(rows[0].chat) if rows else None
                if rows:
                    self.person = replace(self.person, last_agent=rows[0].owner, last_at=rows[0].closed_at)
            # Another tab may have opened a chat while the log was read.
            if doorway.feeds.newest_of(who) in (newest, shown):
                break
        # It may have gone to who signed in while the log was read.
        if shown is None or not shown.chat.readable_by(self.person):
            return []
        chat = shown.chat
        age = self.hub.clock.now().at - chat.closed_at
        return [] if chat.state == "closed" and age > shown_for(chat, retention_days) else [shown]

    def limit_openings(self, bucket: Bucket) -> None:
        """Take each opening or reopening of a chat from this bucket, which others share."""
        self._openings = bucket

    def command(self, command: frames.Command | Masked) -> None:
        """The page's address is a person's text too; and opening chats is limited by address."""
        if isinstance(command, frames.Say):
            # Nearly all that comes, and nothing of it is looked at here.
            super().command(command)
            return
        bucket = self._openings
        if (
            isinstance(_plain(command), frames.Open | frames.Reopen | frames.LeaveMessage)
            and bucket is not None
            and not bucket.take(asyncio.get_running_loop().time())
        ):
            error = ERRORS["too_fast"]
            after = max(error.after_ms, int(bucket.wait() * 1000))
            cid = _plain(command).id
            self.outlet.answer(frames.Err(error.code, True, after, error.text, cid, command.chat))  # type: ignore[union-attr]
            return
        match command:
            case frames.Open():
                self._look_back()
                command = replace(command, page=_page(command.page))
            case frames.LeaveMessage() | Masked(command=frames.LeaveMessage()):
                command = _cleaned(command)
            case frames.GiveContact():
                # What looks like a card's number is none to call, and is not kept.
                contact, _ = mask(wire_text(command.contact).strip())
                command = replace(command, contact=contact, name=wire_text(command.name).strip())
            case _:
                pass
        super().command(command)

    def decided(self, command: frames.Command) -> None:
        """As always; what of a command is hidden from customers cannot answer it."""
        if isinstance(command, frames.GiveContact):
            self.outlet.answer(frames.Ok(command.id))
        else:
            super().decided(command)

    def _look_back(self) -> None:
        """Whoever had their last chat gets them again, if they can."""
        newest = self.hub.doorway.feeds.newest_of(self.person.id)
        if newest is not None and newest.chat.state == "closed":
            chat = newest.chat
            self.person = replace(self.person, last_agent=chat.owner, last_at=chat.closed_at)


def shown_for(chat: Chat, retention_days: int) -> int:
    """How long after its closing a chat is shown to its customer, in ms."""
    if not chat.answered_at:
        return SHOWN_AFTER_CLOSE_MS
    kept = retention_days * _DAY_MS or ANSWER_SHOWN_AFTER_CLOSE_MS
    return max(SHOWN_AFTER_CLOSE_MS, min(ANSWER_SHOWN_AFTER_CLOSE_MS, kept))


def _plain(command: frames.Command | Masked) -> frames.Command:
    return command.command if isinstance(command, Masked) else command


def _cleaned(command: frames.LeaveMessage | Masked) -> frames.LeaveMessage | Masked:
    if isinstance(command, Masked):
        assert isinstance(command.command, frames.LeaveMessage)
        return replace(command, command=_cleaned(command.command))
    return replace(
        command,
        name=wire_text(command.name).strip(),
        contact=wire_text(command.contact).strip(),
        page=_page(command.page),
    )


def _page(address: str) -> str:
    """The page as agents see it. Its fragment is between the page and its visitor: it may be a link's."""
    return wire_text(address).partition("#")[0]
