"""Keys in the order they were pressed.

Textual runs a priority binding at once, before letters that still wait in the text field's queue, and
any other binding only after the key has climbed up to the app. Over a slow line keys come in bursts, and then
"ctrl+n, hello, enter" would send half of it to the wrong customer. So each widget that can have the focus
looks its keys up itself and acts within its own turn; when that is, `supportterm.console.turns` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget as _Base
else:
    # Textual takes styles from a widget's first base only; that must be the widget this is mixed into.
    _Base = object


class Keyed(_Base):
    """A widget that acts on `keys` in order. Put it before the widget it is mixed into.

    A key that comes when this widget has just lost the focus, or its screen was covered by something that
    came by itself, is dropped: that harms nobody.
    """

    #: Key → action, such as "screen.next_waiting"; the screen fills it in.
    keys: Mapping[str, str] = {}
    #: The same for what the widget does by itself with keys that are not ours, such as "delete_left".
    own: Mapping[str, str] = {}

    async def on_key(self, event: events.Key) -> None:
        """Act on a key of ours; leave others to the widget."""
        if self.screen.focused is not self or self.app.screen is not self.screen:
            event.stop()
            event.prevent_default()
            return
        action = self.keys.get(event.key) or self.own.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)
        elif event.is_printable and event.character and self.typed(event.character):
            event.stop()
            event.prevent_default()

    def typed(self, character: str) -> bool:
        """A letter nobody wanted here; true if something was done with it."""
        return False
