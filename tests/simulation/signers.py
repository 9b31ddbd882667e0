"""The shops' own servers, which sign who is logged in there; and their secrets, one of which changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from supportterm.protocol.limits import IDENTITY_LEEWAY_MS as LEEWAY_MS
from tests.signing import token

#: The numbers of two customers, in each shop two others. They stand in no frame of a customer's.
SUBS: Final = ("klant-eva", "klant-tom")
#: Where acme's secret lies, beside the settings; bikes has none.
SECRET_FILE: Final = "acme-identity"
TOYS_SECRET: Final = "f" * 40
#: Seconds from now on until a word expires; supportterm believes it for a minute longer.
_LASTS: Final = (-50, -30, 0, 600, 600)


class Moment(NamedTuple):
    """``at``: on the clock that never jumps (s); ``wall``: what the server's clock says (ms since 1970)."""

    at: float
    wall: int


class Word(NamedTuple):
    """What a shop's page says of who is logged in: ``account`` is them, ``number`` which of its secrets it is
    signed with; -1: somebody else tries to be them."""

    token: str
    account: str
    shop: str
    number: int
    made: int
    until: int


class Signers:
    """``written``, ``known``: when each of acme's secrets stood in its file, and was to be known."""

    def __init__(self, directory: Path, seed: str, now: Callable[[], Moment]) -> None:
        self.written: list[float] = [0.0]
        self.known: list[float] = [0.0]
        self._file = directory / SECRET_FILE
        self._now = now
        self._dice = random.Random(f"{seed}/signers")
        self._file.write_text(_secret(0) + "\n")

    def sign(self, shop: str, sub: str) -> Word:
        """What the next page says of this customer. The shop's clock goes as the server's does."""
        number, now = len(self.written) - 1, self._now().wall // 1_000
        until = now + self._dice.choice(_LASTS)
        # Who has a name in the shop need not have an address there.
        more = {"name": "Eva Jansen", "email": f"{sub}@shop.example"} if sub == SUBS[0] else {}
        secret = TOYS_SECRET if shop == "toys" else _secret(number)
        made = token({"sub": sub, "aud": shop, "iat": now, "exp": until} | more, secret)
        return Word(made, f"{sub}@{shop}", shop, number, now * 1_000, until * 1_000 + LEEWAY_MS)

    def forge(self, shop: str, sub: str) -> Word:
        """Somebody else's try: another secret, another shop's word, one that is over, an unsigned one."""
        now = self._now().wall // 1_000
        claims = {"sub": sub, "aud": shop, "iat": now - 9_000, "exp": now + 600}
        # As a copied one: of long before any jump of the clock.
        over = claims | {"iat": now - 90_000, "exp": now - 9_000}
        tries = [
            token(claims, "x" * 40),
            token(over, _secret(0)),
            token(claims | {"aud": "bikes"}, TOYS_SECRET),
            token(claims, header={"alg": "none"}).rpartition(".")[0] + ".",
        ]
        return Word(self._dice.choice(tries), f"{sub}@{shop}", shop, -1, now * 1_000, (now + 600) * 1_000)

    def change(self) -> None:
        """Another secret stands in the file; `known` is for who had the server read it."""
        self.written.append(self._now().at)
        self._file.write_text(_secret(len(self.written) - 1) + "\n")

    # --- what the server must make of it --------------------------------------------------------------

    def may(self, word: Word, since: Moment, now: Moment) -> bool:
        """Whether the word is good at some moment from ``since`` to ``now``."""
        if not _is_signed(word) or self._retired(word, since.at):
            return False
        return _jumped(since, now) or _holds(word, since.wall) or _holds(word, now.wall)

    def must(self, word: Word, since: Moment, now: Moment) -> bool:
        """Whether it is good at all of them."""
        if not _is_signed(word) or _jumped(since, now):
            return False
        if word.shop == "acme":
            read = word.number < len(self.known) and self.known[word.number] <= since.at
            newest = word.number == len(self.written) - 1
            if not (read and newest):
                return False
        return _holds(word, since.wall) and _holds(word, now.wall)

    def is_over(self, word: Word, now: Moment) -> bool:
        """Whether the word is good no more, beyond all doubt."""
        return self._retired(word, now.at) or now.wall >= word.until

    def _retired(self, word: Word, at: float) -> bool:
        """Whether the server had to know by then that its secret is another one."""
        after = word.number + 1
        return word.shop == "acme" and after < len(self.known) and self.known[after] < at


def _secret(number: int) -> str:
    return f"{number:02}" + "5f1b0c9a7d3e48f2a6c4e8b0d2f41735"


def _is_signed(word: Word) -> bool:
    """By a shop, and one whose customers supportterm is to know."""
    return word.number >= 0 and word.shop != "bikes"


def _jumped(since: Moment, now: Moment) -> bool:
    """Whether the server's clock was set meanwhile."""
    return abs((now.wall - since.wall) - (now.at - since.at) * 1_000) > 5


def _holds(word: Word, wall: int) -> bool:
    return word.made - LEEWAY_MS <= wall < word.until
