"""How a customer who is not there is reached: what was written for them, mailed, and seen."""

from __future__ import annotations

from msgspec import Struct

from server.desk.events import Event, decode_data
from supportterm.protocol import contact, kinds


class Reach(Struct):
    """Of one chat, in its public numbers (0: none); changed by its events only.

    ``name``, ``mail`` and ``phone`` as they were given last ("": never, or erased since). ``answer``: the
    first answer to a callback, while it is not known to have arrived; ``newest``: the newest message that is
    to. ``mailing``, ``mailed``, ``refused``: up to where the newest mail goes, and one was accepted or
    refused; ``seen``: up to where the customer saw it in the widget. ``mail_from``: the next mail begins
    after that. ``closing``: its agent is done, and the chat closes once what they wrote has arrived.
    """

    name: str = ""
    mail: str = ""
    phone: str = ""
    answer: int = 0
    newest: int = 0
    mailing: int = 0
    mailed: int = 0
    refused: int = 0
    seen: int = 0
    mail_from: int = 0
    closing: bool = False

    @property
    def waits(self) -> bool:
        """The newest mail is on its way, and the customer has not seen what it says."""
        return self.mailing > max(self.mailed, self.refused, self.seen)

    @property
    def failed(self) -> bool:
        """The newest mail was refused, and the customer has not seen what it says."""
        return self.refused > max(self.mailed, self.seen) and self.refused >= self.mailing

    @property
    def wants_mail(self) -> bool:
        """Something was written that can be mailed, and was not.

        One mail at a time: the next one begins where this one was accepted, or again where it began.
        """
        return bool(self.mail) and self.newest > max(self.mailing, self.seen) and not self.waits

    def is_told_by(self, seen: int) -> bool:
        """Whether it means something new that the customer has seen messages up to there."""
        return self.seen < self.newest and seen >= (self.answer or self.newest)

    def knows(self, name: str, where: str) -> bool:
        """Whether that is how they are reached already."""
        return where in (self.mail, self.phone) and name in ("", self.name)

    def wrote(self, pub: int, *, owed: bool) -> None:
        """An agent wrote something that is to arrive; ``owed``: it was promised."""
        self.newest = pub
        if owed and not self.answer:
            self.answer = pub

    def begins(self, pub: int) -> None:
        """What was said before, they were there to read."""
        self.mail_from = pub

    def lives(self) -> None:
        """The customer is there again: nothing has to be brought to them."""
        self.answer = self.newest = 0
        self.closing = False

    def told(self, event: Event) -> None:
        """``contact``: where they can be reached. Of an erased one nothing is known."""
        given = contact.read(event.text)
        self.name = given.name or self.name
        match contact.kind_of(given.contact):
            case "mail":
                self.mail = given.contact
            case "phone":
                self.phone = given.contact

    def forgotten(self) -> None:
        """``erased``: with all texts, names, addresses and numbers are gone."""
        self.name = self.mail = self.phone = ""

    def goes(self, event: Event) -> None:
        """``mailing``."""
        self.mailing = decode_data(event, kinds.Mailing).upto

    def went(self, event: Event) -> bool:
        """``mailed``; whether what it says has not arrived, and was refused."""
        mailed = decode_data(event, kinds.Mailed)
        if mailed.how == "accepted":
            self.mailed = max(self.mailed, mailed.upto)
            self.mail_from = max(self.mail_from, mailed.upto)
            return False
        self.refused = max(self.refused, mailed.upto)
        if self.failed:
            self.closing = False
        return self.failed

    def saw(self, event: Event) -> None:
        """``seen``."""
        self.seen = max(self.seen, decode_data(event, kinds.Seen).upto)
        self.mail_from = max(self.mail_from, self.seen)
