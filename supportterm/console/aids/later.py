"""An answer by mail or phone for the time in the text: the key that offers it, or why none does."""

from __future__ import annotations

from supportterm.coach import promising
from supportterm.console.aids import back
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import Time, time_of
from supportterm.console.callbacks import BEYOND_MS, reach, ways
from supportterm.text import SafeText


def later(moment: Moment, time: Time) -> SafeText | None:
    """The key by which the customer need not stay for it; None: it is soon, or they cannot be reached."""
    if time.at - moment.now_ms < BEYOND_MS or not ways(moment.shop, reach(moment.log)):
        return None
    return moment.words.say("chip.callback", key=moment.key("aid.fill"))


def why_not(moment: Moment) -> SafeText | None:
    """Why the key is not offered for the time in the text; None: it is, or there is no such time.

    The line has no room for it: it stands where people look when something is not as they expect.
    """
    if moment.noting or back.asked(moment.text) is not None:
        return None
    found = promising.find(moment.text, moment.lang)
    time = time_of(moment, found) if found is not None and found.kind != "vague" else None
    if time is None or later(moment, time) is not None:
        return None
    say, key, give = moment.words.say, moment.key("aid.fill"), moment.key("promise.give")
    if time.at - moment.now_ms < BEYOND_MS:
        return say("later.soon", key=key)
    no_mail = moment.shop is not None and not moment.shop.mail
    return say("later.no_mail" if no_mail else "later.unknown", key=key, give=give)
