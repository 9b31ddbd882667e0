"""Numbers both sides obey. The server repeats the ones a client needs in `welcome`."""

from __future__ import annotations

from typing import Final

SUBPROTOCOL: Final = "supportterm.1"
VERSION: Final = 1

#: A typed message: long enough for a pasted order mail, short enough to answer.
TEXT_CODE_POINTS: Final = 4_000
#: 4,000 code points of four UTF-8 bytes each, escaped or not, fit with room for the frame's own keys.
FRAME_BYTES: Final = 16_384
#: Random ids made by clients: 128 bits or more in base64url.
ID_CHARS_MIN: Final = 16
ID_CHARS_MAX: Final = 40
#: A customer's or agent's token: 256 bits in base64url without padding.
TOKEN_CHARS: Final = 43
#: One page of history, and what a fresh subscription starts with.
PAGE_EVENTS: Final = 100
#: Messages a client keeps while it is offline.
OUTBOX: Final = 100
#: A shop's word for who a customer is: a JWT with some claims and room for longer ones.
IDENTITY_CHARS: Final = 2_000
#: By how much the clock of who made it may differ from ours (ms).
IDENTITY_LEEWAY_MS: Final = 60_000
#: Seconds a connection may stay silent before it says `hello`.
HELLO_SECONDS: Final = 5.0
#: Home routers forget idle connections after a minute; browsers cannot see pings.
BEAT_MS: Final = 25_000
#: A client that has heard nothing for this long reconnects.
DEAD_MS: Final = 60_000
#: A typing sign fades by itself after this long; a client repeats it at half of it.
TYPING_MS: Final = 6_000
#: A language model has this long for a draft: the customer waits while the agent does.
DRAFT_MS: Final = 3_000
#: A banner stands in one line above a chat.
BANNER_CHARS: Final = 160
#: An agent's console says at most this often that keys are pressed.
ACTIVE_MS: Final = 10_000
#: Solutions a customer is asked to choose from; of more than three people choose none.
OPTIONS: Final = 3
OPTION_LABEL: Final = 120
OPTION_WHY: Final = 200
#: Nobody can be asked to count down less; what takes longer than a week is told as a day.
SHORTEST_PROMISE_MS: Final = 30_000
LONGEST_PROMISE_MS: Final = 7 * 24 * 3_600_000
#: The furthest day that may be named.
NAMED_PROMISE_MS: Final = 90 * 24 * 3_600_000
