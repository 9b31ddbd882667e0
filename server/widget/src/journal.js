import { begin, forget, hasOlder, newLog, prepend, read } from "./chatlog.js";

/** @import { ChatLog } from "./chatlog.js" */
/** @import { Err, FromClient, FromServer, Limits, View, ViewValue } from "./frames.js" */
/** @import { Outbox, Told } from "./outbox.js" */

/** At most one `mark` per chat in this time (ms). */
const MARK_MS = 1000;

/** @typedef {ReturnType<typeof openJournal>} Journal */

/**
 * What the rest of the widget must hear of, besides that something changed.
 *
 * @typedef {(
 *   | { what: "welcome", chats: string[] }
 *   | { what: "moved", from: string, to: string }
 *   | { what: "refused", command: Told, code: string }
 * )} News
 */

/**
 * All rules of a client (docs/protocol.md, "What a client does") without a socket: frames and the
 * customer's wishes in, frames out. Times are local milliseconds of any steady clock.
 *
 * @param {Outbox} outbox
 */
export function openJournal(outbox) {
  /** @type {Map<string, ChatLog>} */
  const chats = new Map();
  /** When a command may leave (local ms): Infinity while unanswered. @type {Map<string, number>} */
  const hold = new Map();
  let epoch = "";
  let online = false;
  /** What to add to this machine's clock to get the server's (ms); NaN: nothing was heard yet. */
  let ahead = Number.NaN;
  // What is needed before the first `welcome`.
  let limits = /** @type {Limits} */ ({
    text: 4000,
    outbox: 100,
    typing_ms: 6000,
  });
  /** The newest of each. @type {Map<string, View>} */
  const views = new Map();

  const all = () => [...chats.values()];

  /** @param {string} chat */
  const log = (chat) => {
    const held = chats.get(chat) ?? newLog(chat);
    chats.set(chat, held);
    return held;
  };

  /**
   * The server said its time just now. What took least time to come is nearest to the truth; only more
   * than a second says that one of the clocks was set.
   *
   * @param {number} time
   * @param {number} now
   */
  const set = (time, now) => {
    const heard = time - now;
    if (!(heard <= ahead && heard > ahead - 1000)) {
      ahead = heard;
    }
  };

  /** @param {ChatLog} held */
  const markDue = ({ gone, got, seen, told }) => !gone && (got > told.got || seen > told.seen);

  /** @param {string} id */
  const answered = (id) => {
    hold.delete(id);
    outbox.drop(id);
  };

  /** @param {Err} frame @param {number} now @returns {News | undefined} */
  const refused = ({ id = "", chat = "", code, retry, after_ms, text = "", until = 0 }, now) => {
    const entry = outbox.find(id);
    if (!entry || entry.refused) {
      // Perhaps it was older events that were asked for: they may be asked for again.
      if (chats.has(chat)) {
        log(chat).paging = "";
      }
      return;
    }
    const { command } = entry;
    if (retry) {
      hold.set(id, now + (after_ms || 1000));
      return;
    }
    answered(id);
    if (code === "already_open" && chat && command.t === "open") {
      const from = command.chat;
      outbox.move(from, chat);
      if (!log(from).last) {
        chats.delete(from);
      }
      log(chat);
      return { what: "moved", from, to: chat };
    }
    if (command.t === "say") {
      outbox.refuse(entry, code, text);
    }
    if (code === "blocked") {
      // Until the server says what the door is now.
      Object.assign(Object(views.get("door")?.value), { blocked_until: until });
    }
    return { what: "refused", command, code };
  };

  /** Nothing is asked or told of a chat any more. @param {ChatLog} held */
  const quiet = (held) => {
    held.awaited = false;
    held.typedAt = held.typingDue = undefined;
    held.typingUntil = 0;
    held.syncing = "";
  };

  /** The text was emptied or sent. @param {string} chat */
  const stoppedTyping = (chat) => {
    const held = log(chat);
    if (held.typedAt !== undefined) {
      held.typedAt = undefined;
      // A beginning nobody was told of needs no end.
      held.typingDue = held.typingDue ? undefined : false;
    }
  };

  return {
    chats,
    log,
    stoppedTyping,
    epoch: () => epoch,
    limits: () => limits,
    /** The server's clock at local time `now`. @param {number} now */
    time: (now) => now + (ahead || 0),
    /** What the shop is to this customer now; undefined until the server said so. */
    door: () => /** @type {ViewValue["door"] | undefined} */ (views.get("door")?.value),
    /** How long a waiting customer goes on waiting. */
    wait: () => /** @type {ViewValue["wait"] | undefined} */ (views.get("wait")?.value),

    /**
     * Write a command down before it is sent.
     *
     * @param {Told} command
     * @param {number} at when it was written (wall clock, ms)
     */
    put(command, at) {
      log(command.chat);
      outbox.add(command, at);
      if (command.t === "say") {
        stoppedTyping(command.chat);
      }
    },

    /** The newest shown event was before a person's eyes. @param {string} chat */
    saw(chat) {
      const held = log(chat);
      held.seen = Math.max(held.seen, held.newest);
    },

    /** Ask for older events, once at a time. @param {string} chat */
    more(chat) {
      const held = log(chat);
      if (hasOlder(held)) {
        held.paging ||= "due";
      }
    },

    /**
     * A key was pressed in the text: told on the first, and again every half `typing_ms`.
     *
     * @param {string} chat
     * @param {number} now
     */
    typed(chat, now) {
      const held = log(chat);
      if (held.typedAt === undefined || now - held.typedAt >= limits.typing_ms / 2) {
        held.typedAt = now;
        held.typingDue = true;
      }
    },

    /** What `hello` says of what is shown here. */
    have() {
      const shown = all().filter(({ last, gone }) => last && !gone);
      return { epoch, have: Object.fromEntries(shown.map(({ id, last }) => [id, last])) };
    },

    /** The connection is gone: what was unanswered will be sent again, with the same ids. */
    lost() {
      online = false;
      for (const [id, at] of hold) {
        if (at === Infinity) {
          hold.delete(id);
        }
      }
      for (const held of all()) {
        quiet(held);
        held.paging &&= "due";
      }
    },

    /**
     * A frame from the server arrived; tags this widget does not know say nothing.
     *
     * @param {FromServer} frame
     * @param {number} now
     * @returns {News | undefined}
     */
    take(frame, now) {
      const { t } = frame;
      if (t === "welcome") {
        online = true;
        set(frame.time, now);
        limits = frame.limits;
        for (const view of views.values()) {
          view.version = 0;
        }
        if (frame.epoch !== epoch) {
          epoch = frame.epoch;
          for (const held of all()) {
            Object.assign(forget(held), { ...newLog(held.id), gone: held.gone });
          }
        }
        for (const chat of frame.chats) {
          log(chat).awaited = true;
        }
        return { what: t, chats: frame.chats };
      }
      if (t === "ok") {
        answered(frame.id);
      } else if (t === "beat_back") {
        set(frame.time, now);
      } else if (t === "err") {
        return refused(frame, now);
      } else if (t === "view") {
        if (frame.version >= (views.get(frame.name)?.version ?? 0)) {
          views.set(frame.name, frame);
        }
      } else if ("chat" in frame && frame.chat) {
        const held = log(frame.chat);
        if (t === "chat") {
          begin(held, frame);
        } else if (t === "event") {
          if (read(held, frame) && frame.kind === "erased") {
            outbox.forgetRefused(frame.chat);
          }
          answered(frame.id ?? "");
        } else if (t === "page") {
          prepend(held, frame);
        } else if (t === "marks") {
          const { who, got = 0, seen = 0 } = frame;
          const old = held.marks[who];
          held.marks = {
            ...held.marks,
            [who]: { got: Math.max(old.got, got), seen: Math.max(old.seen, seen) },
          };
        } else if (t === "typing_of" && frame.who !== "customer") {
          held.typingUntil = frame.on === false ? 0 : now + limits.typing_ms;
        } else if (t === "gone") {
          quiet(held);
          held.gone = true;
          held.paging = "";
        }
      }
    },

    /**
     * What may leave now, in order; it counts as sent. Of each chat at most one command is unanswered.
     *
     * @param {number} now
     * @param {boolean} drain whether this tab is one that sends the outbox
     */
    toSend(now, drain = true) {
      /** @type {FromClient[]} */
      const found = [];
      if (!online) {
        return found;
      }
      const waiting = outbox.all().filter(({ refused }) => !refused);
      for (const { command } of waiting) {
        // Another tab may have opened it.
        log(command.chat);
      }
      for (const held of all()) {
        const { id: chat, got, seen } = held;
        if (held.syncing === "due") {
          held.syncing = "sent";
          found.push({ t: "sync", chat, have: held.last });
        }
        if (!held.awaited) {
          if (held.paging === "due" && !held.syncing) {
            held.paging = "sent";
            found.push({ t: "more", chat, before: held.first });
          }
          const next = waiting.find(({ command }) => command.chat === chat)?.command;
          if (drain && next && (hold.get(next.id) ?? 0) <= now) {
            hold.set(next.id, Infinity);
            found.push(next);
          }
        }
        if (held.typingDue !== undefined) {
          found.push({ t: "typing", chat, on: held.typingDue ? undefined : false });
          held.typingDue = undefined;
        }
        if (markDue(held) && held.markAt <= now) {
          held.markAt = now + MARK_MS;
          held.told = { got, seen };
          found.push({ t: "mark", chat, got, seen: seen || undefined });
        }
      }
      return found;
    },

    /** Typing signs that nobody repeated end. @param {number} now */
    fade(now) {
      for (const held of all()) {
        if (held.typingUntil <= now) {
          held.typingUntil = 0;
        }
      }
    },

    /** When time alone brings something new (local ms); Infinity: never. @param {number} now */
    nextAt(now) {
      const times = [...hold.values()];
      for (const held of all()) {
        times.push(held.typingUntil, markDue(held) ? held.markAt : 0);
      }
      return Math.min(Infinity, ...times.filter((at) => at > now));
    },
  };
}
