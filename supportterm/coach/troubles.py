"""What is wrong with the files of words that come with supportterm, or that somebody changed."""

from __future__ import annotations

from supportterm.coach import giving, greeting, promising, tone, understanding


def troubles() -> tuple[str, ...]:
    """A sentence for each file that is not used, with its name, the key and the reason. The rest works."""
    return (
        *promising.troubles(),
        *greeting.troubles(),
        *giving.troubles(),
        *understanding.troubles(),
        *tone.builtin()[1],
    )
