"""Handing a letter over to the shop's mail server, and what came of it.

Only a clear yes to the whole letter counts as accepted, and only a clear no to this letter as refused.
Anything else, such as silence, nonsense, a password that is wrong or no encryption where it is asked for,
is an outage: the letter is handed over again later, under the same number.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email.utils import parseaddr
from typing import Final

import aiosmtplib
from msgspec import Struct

from server.mail.letter import Letter, plain_address
from server.settings.mail import Mail
from supportterm.text import safe_line

#: Answers that handing over takes, from the greeting to the letter's: together they may take no longer than
#: each of them.
_ANSWERS: Final = 10
#: Seconds for a goodbye, by which nothing changes any more.
_GOODBYE: Final = 2.0
#: Characters of a mail server's words that an agent is shown.
_WORDS: Final = 200
#: A mail server that wants us to sign in says so with these (RFC 4954): the letter is not to blame.
_SIGN_IN: Final = frozenset({530, 534, 535, 538})

#: Answers to one letter; all others are about the mail server itself.
_OF_THIS_LETTER: Final = (
    aiosmtplib.SMTPSenderRefused,
    aiosmtplib.SMTPRecipientRefused,
    aiosmtplib.SMTPDataError,
)


class Accepted(Struct, frozen=True):
    """The mail server took the letter."""


class Refused(Struct, frozen=True):
    """It never will; ``words`` are its own, made safe."""

    words: str


class Later(Struct, frozen=True):
    """It did not. ``down``: nor would it have taken another one. ``why``: in a few words, for the log and,
    at last, for an agent: without addresses."""

    why: str
    down: bool


Outcome = Accepted | Refused | Later


class Post:
    """The mail server of ``[mail]``. ``trust``: which certificates are believed; None: the system's."""

    def __init__(self, mail: Mail, trust: ssl.SSLContext | None = None) -> None:
        self._mail = mail
        self._trust = trust

    async def hand_over(self, letter: Letter) -> Outcome:
        """Hand ``letter`` over and tell what came of it. Raises nothing of its own."""

        async def tell(client: aiosmtplib.SMTP) -> None:
            await client.mail(letter.sender)
            await client.rcpt(letter.to)
            await client.data(letter.content)

        return await self._meet(tell)

    async def knock(self) -> Outcome:
        """Whether the mail server would take mail from us; nothing is sent. Raises nothing of its own."""

        async def tell(client: aiosmtplib.SMTP) -> None:
            await client.mail(plain_address(parseaddr(self._mail.sender)[1]))

        return await self._meet(tell)

    async def _meet(self, tell: Callable[[aiosmtplib.SMTP], Awaitable[None]]) -> Outcome:
        seconds = self._mail.timeout_seconds
        try:
            client = self._client()
            try:
                async with asyncio.timeout(_ANSWERS * seconds):
                    await client.connect()
                    outcome = await _answer(client, tell)
                # What was said is said, whether or not the goodbye is heard.
                with suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit(timeout=_GOODBYE)
                return outcome
            finally:
                client.close()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Later(f"it does not let us sign in ({error.code})", down=True)
        except aiosmtplib.SMTPResponseException as error:
            return Later(f"it answers {error.code}" if error.code > 0 else "it answers nonsense", down=True)
        except ssl.SSLCertVerificationError as error:
            return Later(f"its certificate is not trusted: {error.verify_message}", down=True)
        except ssl.SSLError:
            return Later("encryption fails", down=True)
        except TimeoutError:
            return Later("it does not answer in time", down=True)
        except aiosmtplib.SMTPConnectError as error:
            cause = error.__cause__
            why = cause.strerror if isinstance(cause, OSError) and cause.strerror else error.message
            return Later(_plain(f"it cannot be reached: {why}"), down=True)
        except aiosmtplib.SMTPException as error:
            return Later(_lacking(error.message), down=True)
        except (OSError, ValueError) as error:
            return Later(_plain(str(error)), down=True)

    def _client(self) -> aiosmtplib.SMTP:
        """A client that knows whom to ask. Raises OSError if the password's file cannot be read."""
        mail = self._mail
        return aiosmtplib.SMTP(
            hostname=mail.host,
            port=mail.port,
            # True: it gives up where STARTTLS is not offered, before it says who it is.
            start_tls=mail.starttls,
            tls_context=self._trust,
            username=mail.user or None,
            password=mail.secret() if mail.user else None,
            timeout=mail.timeout_seconds,
        )


async def _answer(client: aiosmtplib.SMTP, tell: Callable[[aiosmtplib.SMTP], Awaitable[None]]) -> Outcome:
    try:
        await tell(client)
    except _OF_THIS_LETTER as error:
        return _answered(error)
    return Accepted()


def _answered(error: aiosmtplib.SMTPResponseException) -> Outcome:
    """What an answer to this letter means, by its first digit (RFC 5321, 4.2.1)."""
    code = error.code
    if 500 <= code < 600 and code not in _SIGN_IN:
        # Plain: it goes on the wire as it is, and is made safe again where it is shown.
        return Refused(str(safe_line(f"{code} {error.message}", _WORDS)))
    return Later(f"it answers {code}" if code > 0 else "it answers nonsense", down=code in _SIGN_IN)


def _lacking(message: str) -> str:
    """What the mail server does not offer, in the words of our settings."""
    if "STARTTLS" in message:
        return "it offers no STARTTLS: try another `port`, or set `starttls = false` if it is on this machine"
    if "AUTH" in message:
        return "it lets nobody sign in, at least not without STARTTLS: see `user`, `port` and `starttls`"
    return _plain(message)


def _plain(text: str) -> str:
    """Words of our own side on one line, safe to log."""
    return str(safe_line(text, _WORDS)) or "it cannot be reached"
