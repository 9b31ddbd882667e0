"""The server dies under load, again and again."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.crash.soak import Soak

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "5"))
SEED = int(os.environ.get("CRASH_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)

pytestmark = [pytest.mark.crash, pytest.mark.timeout(max(120, 20 * ROUNDS))]


async def test_nothing_is_lost_doubled_or_reordered(tmp_path: Path) -> None:
    """``CRASH_SEED`` repeats the moments of a run, as far as the machine allows."""
    summary = await Soak(tmp_path, ROUNDS, SEED, print).go()
    print(summary)
    assert summary.clean, str(summary)
    assert summary.kills >= ROUNDS
    assert summary.findings.put == summary.findings.stored
    assert summary.findings.shown_customer > 0
