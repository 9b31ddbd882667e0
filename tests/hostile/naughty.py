"""Texts that have broken programs before, and that people write all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

_ATTACKS: Final = Path(__file__).parents[1] / "data" / "terminal_attacks.json"

#: What makes terminals do things.
ATTACKS: Final[list[str]] = [attack["text"] for attack in json.loads(_ATTACKS.read_text("utf-8"))]

NAUGHTY: Final[list[str]] = [
    # markup of terminals' toolkits
    "[@click=app.quit]x[/]",
    "[@click='app.bell()']ring[/]",
    "[bold red]not bold[/bold red]",
    "[link=https://evil.example]bank[/link]",
    "[/]",
    "[/bold]",
    "[",
    "\\[not markup\\]",
    "$primary [on $error]x",
    "[reverse blink conceal]hidden[/]",
    # markup of pages
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    '"><iframe srcdoc="<script>parent.pwned=1</script>">',
    "<style>*{display:none}</style>",
    "<!-- never closed",
    "&lt;b&gt; &amp; &#x41; &nbsp;",
    "javascript:window.pwned=1",
    "https://shop.example/?q=<script>window.pwned=1</script>",
    "https://evil.example/\u202egnp.exe",
    "data:text/html,<script>window.pwned=1</script>",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    "<plaintext>",
    "<a href=x id=__proto__>",
    # other languages than the one it is shown in
    "'; DROP TABLE event; --",
    '" OR "1"="1',
    "%s %d %n %x %(name)s {0} {name!r}",
    "$(reboot) `reboot` ; reboot | reboot & reboot",
    "../../../../etc/passwd",
    "\\u0000 \\x1b[2J \\n",
    '{"t":"bye","after_ms":1}',
    "null undefined NaN true",
    "__proto__ constructor toString",
    "=cmd|' /C calc'!A0",
    "1e999 -0 9007199254740993 0x10",
    # scripts, directions, joiners
    "مرحبا، أين طلبي؟",
    "שלום, איפה ההזמנה שלי?",
    "abc \u202egnp.exe\u202c def",
    "\u2066isolated\u2069 \u200flrm\u200e",
    "\u202e\u202e\u202e\u202enested",
    "नमस्ते, मेरा ऑर्डर कहाँ है?",
    "ขอบคุณครับ น้ำ",
    "注文はどこですか。全角ＡＢＣ",
    "주문이 어디 있나요? 각",
    "Ω≈ç√∫˜µ≤≥÷ œ∑´®†¥¨ˆøπ",
    "İstanbul ıI ß ﬁ ŉ",
    "Zalgo: " + "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030a\u030b" * 12,
    "\u0301begins with a combining mark",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family",
    "\U0001f1f3\U0001f1f1\U0001f1e9\U0001f1f0\U0001f1ea\U0001f1fa\U0001f1ea flags, and a half",
    "\U0001f44d\U0001f3fb\U0001f44d\U0001f3ff \u2764\ufe0f \u2764\ufe0e 1\ufe0f\u20e3",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "zero\u200bwidth\u200b \ufeffmark\u2060 so\u00adft",
    "\u200d\u200d\u200d\u200dx",
    "ａ\u3000ｂ\u00a0c\u2003d\u1680e",
    "\U0001d54f\U00010348\U000102b9 beyond the first plane",
    "private \ue000\uf8ff\U000f0000 and unassigned \u0378\U0001fbff",
    "not a character \ufffe\uffff\U0010ffff, replaced \ufffd",
    "\ufdfd ﷽ ⸻ 𒐫 wide ones",
    # lines
    "one\r\ntwo\rthree\nfour\u2028five\u2029six\x0bseven\x0ceight\x85nine",
    "\n" * 50 + "deep",
    "a" * 3_990,
    "\u4e2d" * 2_000,
    "word " * 790,
    "\tindented\t\ttwice",
    "nul \0 inside",
    "backspace aaa\b\b\bbbb and delete\x7f\x7f",
    "bell \a\a\a",
    "no colour please \x1b[31m\x1b[5m\x1b[8m",
]
