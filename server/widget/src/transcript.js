import { fill } from "./i18n.js";
import { tickOf } from "./ticks.js";

/** @import { ChatLog } from "./chatlog.js" */
/** @import { Event } from "./frames.js" */
/** @import { Entry } from "./outbox.js" */
/** @import { Texts } from "./texts.js" */
/** @import { Tick } from "./ticks.js" */

/**
 * One thing in the transcript. `key` stays the same from being written to being read.
 *
 * @typedef {object} Row
 * @property {string} key
 * @property {"mine" | "theirs" | "line"} kind a message of one of the sides, or what happened
 * @property {string} text
 * @property {string} [name] who said it
 * @property {number} [at] ms since 1970
 * @property {Tick} [tick] of an own message
 */

/**
 * What the transcript shows: the chat's events, then what is still on its way.
 *
 * @param {ChatLog | undefined} log
 * @param {readonly Entry[]} entries
 * @param {Texts} t
 * @param {(at: number) => string} dayOf a day's name; "" for today
 */
export function transcript(log, entries, t, dayOf) {
  /** @type {Row[]} */
  const rows = [];
  let day = "";
  for (const event of log?.events ?? []) {
    const row = rowOf(event, t);
    if (row) {
      const its = dayOf(event.at);
      if (its !== day) {
        day = its;
        rows.push({ key: `day${event.seq}`, kind: "line", text: day });
      }
      if (log && row.kind === "mine") {
        row.tick = tickOf(event.seq, log.marks.agent);
      }
      rows.push(row);
    }
  }
  for (const { command, at, refused } of entries) {
    if (command.t === "say") {
      const tick = refused ? "refused" : "waiting";
      rows.push({ key: command.id, kind: "mine", text: command.text, name: t.you, at, tick });
    }
  }
  return rows;
}

/** @param {Event} event @param {Texts} t @returns {Row | undefined} */
function rowOf({ kind, by, seq, id, at, text = "", erased }, t) {
  const key = id || `${seq}`;
  const name = by.name || t.title;
  const mine = by.role === "customer";
  if (kind === "message" && !erased) {
    return {
      key,
      kind: mine ? "mine" : "theirs",
      text,
      name: mine ? t.you : name,
      at,
    };
  }
  const line = {
    joined: fill(t.joined, name),
    closed: t.closed,
    reopened: t.reopened,
    requeued: t.soon,
  }[kind];
  return line ? { key, kind: "line", text: line } : undefined;
}
