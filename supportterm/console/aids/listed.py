"""Whether the time in a text stands in a canned reply: it is the shop's, and enter alone promises none of it.

"Tonight you get a mail" is said of a machine, and whoever puts it in has read no time. Only what says nothing
but that somebody is back in a moment is the agent's own promise, as if they had typed it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from supportterm.coach import promising
from supportterm.coach.promising import Found
from supportterm.coach.replying import gaps
from supportterm.console.aids.moment import Moment

_SENTENCE: Final = re.compile(r"[^.!?…\n]+(?:[.!?…](?!\s|$)[^.!?…\n]*)*[.!?…]*")
#: A sentence with gaps and fewer letters beside them may be any.
_LETTERS: Final = 12


def is_listed(moment: Moment, found: Found) -> bool:
    """Whether the time was put in with a sentence of the list, and is no promise of the agent to be back.

    A time that was filled into a gap, or written in place of the one that stood there, is theirs.
    """
    for one in moment.session.canned.of(moment.log):
        for sentence in _sentences(one.text):
            for said in sentence.finditer(moment.text):
                inside = said.start() <= found.start and found.end <= said.end()
                filled = any(a < found.end and found.start < b for a, b in said.regs[1:])
                if inside and not filled:
                    return one.reply.kind == "solution" or not promising.holding(said[0], moment.lang)
    return False


@lru_cache(maxsize=1024)
def _sentences(text: str) -> tuple[re.Pattern[str], ...]:
    """Those of a canned text, as they stand in an answer: a gap may be filled."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        said = sentence[0].strip()
        places, parts, at = gaps(said), [], 0
        for start, end in places:
            parts += [re.escape(said[at:start]), r"([^\n]{1,80}?)"]
            at = end
        fixed = len(said) - sum(end - start for start, end in places)
        if fixed >= (_LETTERS if places else 1):
            found.append(re.compile("".join([*parts, re.escape(said[at:])])))
    return tuple(found)
