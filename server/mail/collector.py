"""Looks into the mailbox that mails come back to, now and then, and has what it finds told to the desks."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from server.clock import Clock
from server.mail.bounces import Bounces
from server.mail.mailbox import Mailbox, NoMailbox, Place
from server.platform import Platform, Worker
from server.settings import Settings
from server.settings.mail import Mail
from server.store.interface import StoreError

_log = logging.getLogger("supportterm.mail")

#: A visit asks for much, one thing after another: together it may take so many times as long as one answer.
_ANSWERS: Final = 30


@asynccontextmanager
async def _limited(mail: Mail, box: Mailbox) -> AsyncIterator[None]:
    """No visit takes for ever, however little the server says at a time."""
    try:
        async with asyncio.timeout(_ANSWERS * mail.timeout_seconds):
            yield
    except TimeoutError:
        box.abort()
        raise NoMailbox("it does not answer in time") from None
    except asyncio.CancelledError:
        box.abort()
        raise


async def knock(mail: Mail, worker: Worker, trust: ssl.SSLContext | None = None) -> str:
    """Why the mailbox cannot be read; "": it can. Nothing in it changes."""
    box = Mailbox(mail, trust)
    try:
        async with _limited(mail, box):
            await worker.run(box.enter)
    except NoMailbox as trouble:
        return str(trouble)
    finally:
        await worker.run(box.leave)
    return ""


class Collector:
    """Runs while ``[mail]`` names an IMAP server. ``trust``: which certificates are believed (None: the
    system's)."""

    def __init__(
        self,
        bounces: Bounces,
        platform: Platform,
        clock: Clock,
        settings: Settings,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._bounces = bounces
        self._platform = platform
        self._clock = clock
        self._mail = settings.mail
        self._trust = trust
        # Not stored: after a start everything that is not seen is looked at again, which changes nothing.
        self._place = Place()
        self._task: asyncio.Task[None] | None = None
        #: Why the mailbox could not be read the last time; "" if it could.
        self.trouble = ""

    def start(self) -> None:
        """Begin to look, if there is a mailbox."""
        if self._mail.host and self._mail.imap_host and self._task is None:
            self._task = asyncio.create_task(self._run(), name="mail collector")

    async def stop(self) -> None:
        """Look no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def apply(self, settings: Settings) -> None:
        """Take reloaded settings; if those of the mail changed, the mailbox is looked at anew."""
        if settings.mail == self._mail:
            return
        await self.stop()
        self._mail, self._place, self.trouble = settings.mail, Place(), ""
        self.start()

    async def _run(self) -> None:
        worker = self._platform.worker("mailbox")
        try:
            while True:
                if not await self.look(worker):
                    await asyncio.sleep(self._mail.imap_seconds)
        finally:
            await asyncio.shield(worker.stop())

    async def look(self, worker: Worker) -> bool:
        """Visit the mailbox once; whether there is more to look at now."""
        box, why, more = Mailbox(self._mail, self._trust), "", False
        try:
            more = await self._visit(box, worker)
        except NoMailbox as trouble:
            why = str(trouble)
        except StoreError as error:
            why = "nothing can be stored"
            _log.warning("mails that came back wait, because the store cannot be read or written: %s", error)
        except Exception as error:
            why = "something went wrong"
            _log.error("the mailbox cannot be looked through: %s", type(error).__name__)
        finally:
            await worker.run(box.leave)
        if why and why != self.trouble:
            _log.warning("the mailbox for mails that come back cannot be read: %s", why)
        self.trouble = why
        return more

    async def _visit(self, box: Mailbox, worker: Worker) -> bool:
        async with _limited(self._mail, box):
            validity = await worker.run(box.enter)
            if validity != self._place.validity:
                self._place = Place(validity)
            messages, place, more = await worker.run(lambda: box.reports(self._place, self._clock.now().at))
            told: list[int] = []
            for message in messages:
                outcome = await self._bounces.take(message.content)
                if outcome == "later":
                    # From here on again, when the desk can store it.
                    place, more = Place(validity, message.uid), False
                    break
                if outcome == "told":
                    told.append(message.uid)
            if told:
                await worker.run(lambda: box.done(told))
            self._place = place
            return more
