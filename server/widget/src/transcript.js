import { openCards, optionsOf } from "./cards.js";
import { fill } from "./i18n.js";
import { capital, languageName, MINUTE_MS, minutesOf } from "./moments.js";
import { calls, NEAR_MS } from "./promise.js";
import { askedNow } from "./stage.js";
import { tickOf } from "./ticks.js";

/** @import { Card } from "./cards.js" */
/** @import { ChatLog } from "./chatlog.js" */
/** @import { Event, EventData } from "./frames.js" */
/** @import { How } from "./promise.js" */
/** @import { Moments } from "./moments.js" */
/** @import { Entry } from "./outbox.js" */
/** @import { Texts } from "./texts.js" */
/** @import { Tick } from "./ticks.js" */

/** @typedef {"now" | "wait" | "time"} Answer */

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
 * @property {[Answer, string][]} [answers] what can be answered with one press
 * @property {Card} [card] what of a message can be, or was
 */

/**
 * What the transcript shows: the chat's events, then what is still on its way.
 *
 * @param {ChatLog | undefined} log
 * @param {readonly Entry[]} entries
 * @param {Texts} t
 * @param {string} lang
 * @param {Moments} moments
 * @param {number} now ms since 1970
 * @param {string} [leftTo] where a left message is answered, too: whoever reads it sees a slip of the finger
 */
export function transcript(log, entries, t, lang, moments, now, leftTo) {
  /** @type {Row[]} */
  const rows = [];
  const events = log?.events ?? [];
  const asked = askedNow(events, entries);
  const cardOf = openCards(events, entries, t, log?.head?.state !== "closed");
  const tell = openTelling(t, lang, moments, now, log?.head?.agent, leftTo);
  let day = "";
  for (const [i, event] of events.entries()) {
    // The time and how it is kept are told in one line.
    const told = /^promise/.test(event.kind) && events[i + 1]?.kind === "callback";
    const row = told ? undefined : tell(event);
    if (row) {
      const its = moments.day(event.at, now);
      if (its !== day) {
        day = its;
        rows.push({ key: `day${event.seq}`, kind: "line", text: day || t.today });
      }
      if (log && row.kind === "mine") {
        row.tick = tickOf(event.seq, log.marks.agent);
      }
      if (row.kind === "theirs") {
        row.card = cardOf(event);
      }
      if (!asked.has(event.seq)) {
        row.answers = undefined;
      }
      rows.push(row);
    }
  }
  for (const { command, at, refused } of entries) {
    if (command.t === "say" || command.t === "leave") {
      const tick = refused ? "refused" : "waiting";
      rows.push({ key: command.id, kind: "mine", text: command.text, name: t.you, at, tick });
    }
  }
  return rows;
}

/**
 * Tells one event; undefined: there is nothing to say.
 *
 * @param {Texts} t
 * @param {string} lang
 * @param {Moments} moments
 * @param {number} now
 * @param {string} [agent] who has the chat; the events may not say it, if they are only the newest
 * @param {string} [leftTo]
 * @returns {(event: Event) => Row | undefined}
 */
function openTelling(t, lang, moments, now, agent = t.title, leftTo = "") {
  /** Who gave a time: when it is not kept, the desk says so, and has no name. */
  let promiser = agent;
  /** How somebody promised to call back. @type {How | ""} */
  let how = "";
  /** When somebody will be back, said at `at`: it is read later, too. */
  const back = (/** @type {number} */ due, /** @type {number} */ at) =>
    due - at > NEAR_MS
      ? moments.when(due, now, t.before)
      : fill(t.in, { time: minutesOf(Math.max(due - at, MINUTE_MS), lang) });
  const language = (/** @type {string} */ code) => languageName(code, lang);

  /** @type {{[K in keyof EventData]?: (data: EventData[K], name: string, at: number) => string}} */
  const lines = {
    joined: (data, name) =>
      data.instead_of
        ? fill(t.takesOver, { name: data.name || name, other: data.instead_of })
        : fill(t.joined, { name: data.name || name }),
    promised: ({ due_at }, name, at) => fill(t.promised, { name, when: back(due_at, at) }),
    promise_extended: ({ due_at }, name, at) =>
      how ? calls(how, name, moments.by(due_at, now), t) : fill(t.extended, { name, when: back(due_at, at) }),
    callback: ({ due_at }, name) => calls(how || "mail", name, moments.by(due_at, now), t),
    promise_ended: ({ how }) => (how === "broken" ? fill(t.broken, { name: promiser }) : ""),
    language_asked: ({ wanted }) => fill(t.asked, { wanted: language(wanted) }),
    language_chosen: ({ choice }) => (choice === "now" ? t.choseNow : t.choseWait),
    handing: ({ name, skill }) =>
      name ? fill(t.handing, { name }) : skill ? fill(t.handingTo, { skill }) : t.handingOn,
    stays: ({ name }) => fill(t.stays, { name }),
    left: ({ due_at }) =>
      (due_at > now ? fill(t.leftBy, { when: moments.when(due_at, now, t.bare) }) : t.left) +
      (leftTo && ` ${fill(t.leftTo, { contact: leftTo })}`),
    nudged: ({ closes_at }) => fill(t.nudged, { when: moments.when(closes_at, now) }),
    time_needed: ({ until }) => fill(t.timeNeeded, { when: moments.when(until, now, t.bare) }),
    warned: () => t.warned,
    closed: ({ reason, appeal }) => {
      const said = { idle: t.closedIdle, gone: t.closedGone, abuse: t.closedAbuse, agent: "", customer: "" };
      return (said[reason] || t.closed) + (appeal ? ` ${fill(t.appeal, { appeal })}` : "");
    },
    reopened: () => t.reopened,
    requeued: () => t.soon,
  };

  /** @param {Event} event @returns {[Answer, string][] | undefined} */
  const answersOf = ({ kind, data }) => {
    if (kind === "nudged") {
      const { time_ms } = /** @type {EventData["nudged"]} */ (data);
      return [["time", fill(t.needTime, { minutes: minutesOf(time_ms, lang) })]];
    }
    if (kind === "language_asked") {
      const asked = /** @type {EventData["language_asked"]} */ (data);
      const wanted = language(asked.wanted);
      const opens = asked.opens_at > now ? moments.when(asked.opens_at, now, t.from) : "";
      return [
        ["now", capital(fill(t.langNow, { lang: language(asked.lang) }), lang)],
        ["wait", capital(fill(opens ? t.langLater : t.langWait, { wanted, when: opens }), lang)],
      ];
    }
  };

  return (event) => {
    const { kind, by, seq, id, at, text = "", data, erased } = event;
    const key = id || `${seq}`;
    const name = by.name || t.title;
    if (kind === "callback") {
      how = Object(data).how;
    }
    if (kind === "message") {
      const mine = by.role === "customer";
      how = mine ? "" : how;
      return erased
        ? undefined
        : {
            key,
            kind: mine ? "mine" : "theirs",
            text: optionsOf(text, Object(data).options).text,
            name: mine ? t.you : name,
            at,
          };
    }
    if (kind === "promised" || kind === "promise_extended") {
      promiser = name;
    }
    const line = /** @type {any} */ (lines)[kind]?.(Object(data), name, at);
    return line && { key: `${seq}`, kind: "line", text: line, answers: answersOf(event) };
  };
}
