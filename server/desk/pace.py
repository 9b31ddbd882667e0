"""What runs out for a chat, on the running clock. Nothing of it is stored: each start begins anew.

Only a promise keeps its true time, which is in the log.
"""

from __future__ import annotations

from server.desk.chat import Chat
from server.desk.rules import MINUTE, Now, Rules

#: Who waits, has said nothing and has no page left: milliseconds until that is over.
_WORDLESS = MINUTE


class Pace:
    """Moments on the running clock; 0: nothing runs.

    ``active``: when something was said last; ``quiet``: from when on the chat counts as quiet;
    ``nudge``: when its customer is asked whether they are there; ``close``: when it closes for silence;
    ``gone``: when it closes because the page is gone, and ``away``: since when that is (in the past, and not
    looked at); ``offer``, ``handoff``, ``silence``: when an
    agent must have reacted by; ``step``: when the next fallback opens; ``reserved``: until when an
    absent agent keeps it; ``wrap``: the end of the time after closing; ``promise``: when it falls due, and
    ``promise_first``: when it did at first; ``late``: since when the customer waits for one that was not kept
    (in the past, and not looked at); ``rescue``: when a colleague is asked, since it was broken, and
    ``look``: when it is looked whether there is one to ask, which its owner is told then;
    ``up``: when a callback comes up; ``mail``: when what was written last is mailed;
    ``typed``: when its owner was seen typing last (looked at only then);
    ``passed``: until when each agent who let it pass is not offered it again.
    """

    __slots__ = (
        "active",
        "away",
        "close",
        "expected_ms",
        "gone",
        "handoff",
        "last",
        "late",
        "look",
        "mail",
        "nobody",
        "nudge",
        "offer",
        "passed",
        "promise",
        "promise_first",
        "quiet",
        "rescue",
        "reserved",
        "silence",
        "step",
        "typed",
        "up",
        "wrap",
    )

    def __init__(self) -> None:
        self.active = 0
        self.quiet = 0
        self.nudge = 0
        self.close = 0
        self.gone = self.away = 0
        self.offer = 0
        self.handoff = 0
        self.silence = 0
        self.step = 0
        self.reserved = 0
        self.wrap = 0
        self.promise = 0
        self.promise_first = 0
        self.late = 0
        self.rescue = self.look = 0
        #: At the last such look nobody was there to be asked, so that the owner was told nothing.
        self.nobody = False
        self.up = 0
        self.mail = 0
        self.typed = 0
        #: How long the desk thought it would take when the chat began to wait; 0: it could not tell.
        self.expected_ms = 0
        #: The customer's last agent, who gets them again if they can.
        self.last = ""
        self.passed: dict[str, int] = {}

    def next(self, idle_close_ms: int) -> int:
        """The first of its moments; the last resort is the long silence that closes any chat."""
        due = self.active + idle_close_ms
        for at in (
            self.quiet,
            self.nudge,
            self.close,
            self.gone,
            self.offer,
            self.handoff,
            self.silence,
            self.step,
            self.reserved,
            self.promise,
            self.rescue,
            self.look,
            self.up,
            self.mail,
        ):
            if at and at < due:
                due = at
        for at in self.passed.values():
            due = min(due, at)
        return due

    def spoke(self, chat: Chat, rules: Rules, now: Now) -> None:
        """Something was said: who is silent now, and until when that means nothing."""
        self.active = now.run
        if chat.waiting_since or chat.state != "open":
            self.quiet = self.nudge = 0
        else:
            self.quiet = now.run + rules.quiet_ms
            self.await_customer(chat, rules, now)
        self.close = 0

    def await_customer(self, chat: Chat, rules: Rules, now: Now) -> None:
        """It is the customer's turn, if it is: ask after a while whether they are there."""
        # Who left a message is not expected to be.
        theirs = chat.state == "open" and not (chat.waiting_since or chat.left_due or chat.promise_due)
        self.nudge = now.run + rules.nudge_ms if theirs and rules.nudge_ms and not chat.closes_at else 0

    def begin(self, chat: Chat, rules: Rules, now: Now) -> None:
        """The chat was read from the log: what runs begins anew, but for what the log tells the time of."""
        self.active = now.run
        if chat.state == "closed":
            breather = rules.breather(chat.closed_for) * (2 if chat.breathed == "extend" else 1)
            left = chat.closed_at + breather - now.at
            ours = chat.owner and chat.breathed != "end" and chat.closed_for in WRAPPED
            self.wrap = now.run + left if ours and left > 0 else 0
            return
        self.spoke(chat, rules, now)
        if self.quiet:
            said = max(0, min(now.at - chat.at, rules.quiet_ms))
            self.quiet = now.run + rules.quiet_ms - said
        if chat.closes_at:
            self.close, self.nudge = now.run + rules.nudged_close_ms, 0
        if chat.promise_due:
            self.promise = now.run + chat.promise_due - now.at
            self.promise_first = now.run + chat.promise_first - now.at
        if chat.late_at:
            self.late = now.run + chat.late_at - now.at
        self.await_rescue(chat, rules, now)
        self.await_callback(chat, rules, now)
        if chat.wants_mail and rules.shop(chat.shop).mail:
            # Whoever is on the page has time to come back and see it.
            self.mail = now.run + MAIL_AFTER
        if chat.handoff:
            self.handoff = now.run + rules.handoff_ms
        # Whom the owner named has as long as the handoff itself.
        if chat.offered and not (chat.handoff and chat.handoff.agent):
            self.offer = now.run + rules.accept_ms
        if chat.page_gone:
            self.left_page(chat, rules, now)
            # What a promise is measured by is not begun anew.
            self.away -= max(0, now.at - chat.page_gone_at)
        if chat.state == "queued":
            self.await_step(chat, now.run - max(0, now.at - chat.queued_at), now.run)
        if chat.state == "open" and not chat.heard and chat.waiting_since and rules.silence_ms:
            self.silence = now.run + rules.silence_ms

    def await_step(self, chat: Chat, since: int, run: int) -> None:
        """Aim at the next fallback of a chat that waits since ``since``, not before ``run``."""
        if chat.steps_done < len(chat.steps):
            self.step = max(since + chat.steps[chat.steps_done].after_ms, run)
        else:
            self.step = 0

    def left_page(self, chat: Chat, rules: Rules, now: Now) -> None:
        """The customer has no page open any more. Who has said nothing yet left nothing to come back to."""
        self.away = now.run
        self.await_return(rules, now)
        if self.gone and chat.state == "queued" and not (chat.telling.said or chat.heard):
            self.gone = min(self.gone, now.run + _WORDLESS)

    def await_return(self, rules: Rules, now: Now) -> None:
        """They have a while from now to come back."""
        self.gone = now.run + rules.gone_close_ms if rules.gone_close_ms else 0

    def is_back(self, chat: Chat, rules: Rules, now: Now) -> None:
        """The customer has a page open again: what nobody did while they had none goes on."""
        self.gone = self.away = 0
        self.await_customer(chat, rules, now)
        if self._may_rescue(chat, rules):
            self.rescue_at(max(self.rescue, now.run + WARNING_MS))

    def await_rescue(self, chat: Chat, rules: Rules, now: Now) -> None:
        """A broken promise is its owner's to make good, for a while, if it is not on its way already."""
        self.rescue_at(now.run + rules.overdue_offer_ms if self._may_rescue(chat, rules) else 0)

    def rescue_at(self, at: int) -> None:
        """A colleague is asked then, and before that it is looked whether there is one; 0: nobody is."""
        self.rescue, self.nobody = at, False
        self.look = max(1, at - WARNING_MS) if at else 0

    def _may_rescue(self, chat: Chat, rules: Rules) -> bool:
        open_ = chat.state == "open" and chat.broken_at and not chat.reach.answer
        return bool(open_ and rules.overdue_offer_ms)

    def await_callback(self, chat: Chat, rules: Rules, now: Now) -> None:
        """It comes up before it is due, in the second half of the time that was given for it."""
        lead = min(rules.callback_lead_ms, (chat.promise_due - chat.promise_at) // 2)
        self.up = max(now.run, self.promise - lead) if chat.calls_back else 0

    def assigned(self) -> None:
        """It has an owner now: what it waited for in the queue is over."""
        self.offer = self.handoff = self.step = self.reserved = self.silence = self.up = 0
        self.passed.clear()

    def waits(self) -> None:
        """It has no owner any more."""
        self.silence = self.reserved = self.quiet = self.nudge = self.close = 0
        self.handoff = self.offer = 0
        self.rescue_at(0)

    def ended(self) -> None:
        """It is closed."""
        for name in self.__slots__:
            if name not in {"active", "passed", "expected_ms", "last"}:
                setattr(self, name, 0)
        self.passed.clear()


#: The owner learns that a colleague will be asked this long before.
WARNING_MS = 10_000
#: Who answers in three messages sends one mail; and who reads them at once needs none.
MAIL_AFTER = 30_000
#: Reasons of closing after which its agent gets a moment.
WRAPPED = frozenset({"agent", "customer", "abuse"})
