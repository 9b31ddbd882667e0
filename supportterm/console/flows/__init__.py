"""Dialogs one after another, by name: what a key or the palette begins."""

from __future__ import annotations

from typing import Final

from supportterm.console.flows.callback import call_back
from supportterm.console.flows.canned import canned
from supportterm.console.flows.chats import abuse, assign, invite
from supportterm.console.flows.controls import controls
from supportterm.console.flows.handing import hand_off
from supportterm.console.flows.promise import give_time
from supportterm.console.flows.reaching import reached_at
from supportterm.console.flows.reopening import reopen
from supportterm.console.flows.status import status
from supportterm.console.flows.understood import close, gift, options, reason, summary, where
from supportterm.console.screens.stage import Flow

FLOWS: Final[dict[str, Flow]] = {
    "status": status,
    "hand_off": hand_off,
    "invite": invite,
    "abuse": abuse,
    "assign": assign,
    "controls": controls,
    "summary": summary,
    "options": options,
    "reason": reason,
    "gift": gift,
    "where": where,
    "close": close,
    "reopen": reopen,
    "promise": give_time,
    "callback": call_back,
    "reach": reached_at,
    "canned": canned,
}

__all__ = ["FLOWS"]
