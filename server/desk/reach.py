"""How a customer who is not there is reached: what was written for them, mailed, and seen."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from server.desk.events import Event, decode_data
from supportterm.protocol import contact, kinds
from supportterm.protocol.callbacks import How


class Trying(Struct, frozen=True):
    """A mail that was not accepted yet: ``tried`` so many times, the next time at ``again_at`` (ms since
    1970); ``why``: what was wrong the last time, in a few words."""

    tried: int
    again_at: int
    why: str


class Taken(Struct, frozen=True):
    """A mail that was accepted and may come back, and what stood before: of the chat when it was to be
    answered, and how, and of the promise that was given. ``at``: when it was accepted (ms since 1970)."""

    at: int
    upto: int
    after: int
    answer: int
    newest: int
    left_at: int
    left_due: int
    callback: Literal["", How]
    callback_owner: str
    callback_name: str
    promise: int
    promise_due: int
    promise_first: int
    given_at: int
    late_at: int

    @property
    def kept(self) -> bool:
        """Whether a promise ended because it was accepted."""
        return 0 < self.answer <= self.upto and bool(self.promise_due or self.late_at)


class Reach(Struct):
    """Of one chat, in its public numbers (0: none); changed by its events only.

    ``known``: where they are reached, and who they are (nothing of it once erased), by a word of their shop
    of ``signed_at``, its own time. ``moved_at``: when the
    chat became theirs whom the shop knows (ms since 1970): what was sent out before is not theirs.
    ``answer``: the first answer to a callback, while it is not known to have arrived; ``newest``: the newest
    message that is to. ``mailing``, ``mailed``, ``refused``: up to where the newest mail goes, and one was
    accepted or refused; ``seen``: up to where the customer saw it in the widget. ``mail_from``: the next mail
    begins after that. ``closing``: its agent is done, and the chat closes once what they wrote has arrived.
    ``letter``: the event that decided the newest mail, which begins after ``after``. ``corrected``: another
    address was given since, and what was refused may reach them there. ``taken``: by the event that decided
    them, mails that were accepted, and of which nothing shows that the customer has them.
    """

    known: contact.Known = contact.Known()
    moved_at: int = 0
    signed_at: int = 0
    answer: int = 0
    newest: int = 0
    mailing: int = 0
    mailed: int = 0
    refused: int = 0
    seen: int = 0
    mail_from: int = 0
    closing: bool = False
    letter: int = 0
    after: int = 0
    corrected: bool = False
    #: Replaced, never changed: copies of a chat share it.
    taken: dict[int, Taken] = {}

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
        if not self.known.mail or self.waits or self.newest <= self.seen:
            return False
        return self.newest > self.mailing or (self.failed and self.corrected)

    def is_told_by(self, seen: int) -> bool:
        """Whether it means something new that the customer has seen messages up to there."""
        return self.seen < self.newest and seen >= (self.answer or self.newest)

    def may_bounce(self, seen: int) -> bool:
        """Whether a mail may still come back whose reader has seen messages up to there."""
        return any(mail.upto <= seen for mail in self.taken.values())

    def knows(self, name: str, where: str) -> bool:
        """Whether that is how they are reached already."""
        return where in (self.known.mail, self.known.phone) and name in ("", self.known.name)

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
        self._is_known(self.known.telling(event.text))

    def vouched(self, event: Event) -> None:
        """``identified``: what they did not tell themselves, the shop does."""
        said = decode_data(event, kinds.Identified)
        moved, self.signed_at = bool(said.was), said.signed_at
        self._is_known(self.known.vouched(event.text, moved=moved))
        self.moved_at = event.at if moved else self.moved_at

    def _is_known(self, known: contact.Known) -> None:
        if known.mail != self.known.mail and (self.waits or self.failed):
            # Also while it is being handed over to the address before.
            self.corrected = True
        self.known = known

    def forgotten(self) -> None:
        """``erased``: with all texts, names, addresses and numbers are gone."""
        self.known = contact.Known()
        self.has_all()

    def has_all(self) -> None:
        """They have what was mailed, or nobody can tell any more: no mail that comes back matters."""
        self.taken = {}

    def goes(self, event: Event) -> bool:
        """``mailing``; whether it was refused before, or came back, and goes to another address now."""
        mailing = decode_data(event, kinds.Mailing)
        self.mailing, self.after, self.letter = mailing.upto, mailing.after, event.seq
        self.corrected = False
        if self.refused < self.mailing:
            return False
        self.refused = self.after
        return True

    def went(self, event: Event) -> bool:
        """``mailed``; whether what it says has not arrived, and was refused."""
        mailed = decode_data(event, kinds.Mailed)
        # What came before it came back meanwhile: they would read it without its beginning.
        torn = mailed.upto == self.mailing and self.after > self.mail_from
        if mailed.how == "accepted" and not torn:
            self.mailed = max(self.mailed, mailed.upto)
            self.mail_from = max(self.mail_from, mailed.upto)
            self.corrected = False
            return False
        return self._fails(mailed.upto)

    def _fails(self, upto: int) -> bool:
        self.refused = max(self.refused, upto)
        if self.failed:
            self.closing = False
        return self.failed

    def keeps(self, taken: Taken) -> None:
        """The newest mail was accepted, and may come back; those are over whose messages are in it, too."""
        others = {
            letter: mail
            for letter, mail in self.taken.items()
            if not (taken.after <= mail.after and mail.upto <= taken.upto)
        }
        self.taken = {**others, self.letter: taken}

    def came_back(self, event: Event) -> Taken:
        """``bounced``; what stood before that mail was accepted."""
        said = decode_data(event, kinds.Bounced)
        found, upto = self.taken[said.mail], said.upto
        self.taken = {letter: mail for letter, mail in self.taken.items() if letter != said.mail}
        # All that was mailed since belongs to what has to be sent again.
        refused = upto if self.waits else max(upto, self.mailing)
        self.mailed = min(self.mailed, found.after)
        self.mail_from = max(min(self.mail_from, found.after), self.seen)
        self.newest = max(self.newest, found.newest)
        self._fails(refused)
        return found

    def saw(self, event: Event) -> None:
        """``seen``."""
        self.seen = max(self.seen, decode_data(event, kinds.Seen).upto)
        self.mail_from = max(self.mail_from, self.seen)
        self.taken = {one: mail for one, mail in self.taken.items() if mail.upto > self.seen}
