"""A desk from the log: its own stream, the chats that can still change, and what readers were not shown."""

from __future__ import annotations

from server.desk.desk import Desk
from server.desk.events import chat_stream, desk_stream
from server.desk.rules import Now
from server.feeds import Feeds
from server.store.interface import Log


async def fold(desk: Desk, log: Log, feeds: Feeds, now: Now) -> int:
    """Bring a desk that knows nothing yet to what the log says; the number its snapshot stands at, or 0."""
    snapshot = await log.snapshot(desk.id)
    if snapshot is not None:
        desk.restore(snapshot.seq, snapshot.data)
    for event in await log.stream(desk_stream(desk.id), desk.seq):
        desk.apply(event)
    for row in await log.rows(desk.id, now.at - desk.rules.known_ms):
        events = await log.stream(chat_stream(row.chat))
        chat = desk.load(row.chat, row.customer, events, now)
        feed = feeds.get(row.chat)
        if feed is None:
            feeds.add(chat)
        elif feed.chat.seq < chat.seq:
            unseen = events[feed.chat.seq :]
            feeds.publish((event, row.customer) for event in unseen)
    # Chats that nobody can reopen are not folded, but somebody may be reading them.
    for feed in [feed for feed in feeds.all() if feed.cursors and feed.chat.id not in desk.chats]:
        unseen = await log.stream(chat_stream(feed.chat.id), feed.chat.seq)
        if feeds.get(feed.chat.id) is feed:
            feeds.publish([(event, feed.chat.customer) for event in unseen])
    for feed in [feed for feed in feeds.all() if not feed.cursors]:
        if feed.chat.id not in desk.chats:
            feeds.drop(feed.chat.id)
    desk.begin(now)
    return snapshot.seq if snapshot is not None else 0
