/** @import { Chat, Event, Head, Marks, Page } from "./frames.js" */

const none = { got: 0, seen: 0 };

/** What the server said of a chat, and `forget` drops; what the customer wrote is in the outbox. */
const blank = () => ({
  /** Shown events, oldest first. @type {Event[]} */
  events: [],
  /** Numbers of the first and last event held; they also count events of unknown kinds. */
  first: 1,
  last: 0,
  /** There is nothing before `first`. */
  noMore: false,
  /** The chat as it stands now. @type {Head | undefined} */
  head: undefined,
  /** @type {{customer: Marks, agent: Marks}} */
  marks: { customer: none, agent: none },
  /** Until when the agent is shown as typing (local ms); 0: not. */
  typingUntil: 0,
  /** @type {"" | "due" | "sent"} */
  syncing: "",
  /** @type {"" | "due" | "sent"} */
  paging: "",
  /** The newest event that somebody else caused. */
  newest: 0,
  /** Events up to this number are already in `head`. */
  folded: 0,
});

/**
 * One chat as this browser holds it: events in order, without gaps, and what goes with them.
 *
 * @param {string} id
 */
export const newLog = (id) => ({
  id,
  gone: false,
  /** Its `chat` frame is on the way. */
  awaited: false,
  /** How far this side got and saw it, and what the server was told of that. */
  got: 0,
  seen: 0,
  told: none,
  /** When the next `mark` may leave (local ms). */
  markAt: 0,
  /** When own typing was last told (local ms). @type {number | undefined} */
  typedAt: undefined,
  /** What is to be told of it. @type {boolean | undefined} */
  typingDue: undefined,
  ...blank(),
});

/** @typedef {ReturnType<typeof newLog>} ChatLog */

/** Drop what the server said. @param {ChatLog} log */
export const forget = (log) => Object.assign(log, blank());

/** Whether a page of older events can be asked for. @param {ChatLog} log */
export const hasOlder = ({ first, noMore }) => first > 1 && !noMore;

/**
 * A subscription begins: what does not fit before it is dropped.
 *
 * @param {ChatLog} log
 * @param {Chat} frame
 */
export function begin(log, { first, last, head, reset }) {
  if (reset || first !== log.last + 1) {
    forget(log);
    log.first = first;
    log.last = first - 1;
  }
  const { customer_marks: customer, agent_marks: agent } = head;
  log.head = head;
  log.folded = last;
  log.marks = { customer: customer ?? none, agent: agent ?? none };
  log.gone = log.awaited = false;
  log.syncing = "";
  log.told = log.marks.customer;
  log.got = Math.max(log.got, log.told.got);
  log.seen = Math.max(log.seen, log.told.seen);
}

/**
 * An event arrived: kept if it is the next, ignored if known; a gap keeps nothing. Returns whether it
 * was kept.
 *
 * @param {ChatLog} log
 * @param {Event} event
 */
export function read(log, event) {
  const { seq, kind, by } = event;
  if (seq <= log.last) {
    return false;
  }
  if (seq > log.last + 1 || log.syncing) {
    log.syncing ||= "due";
    return false;
  }
  log.last = seq;
  if (by.role !== "customer") {
    log.newest = seq;
    log.got = Math.max(log.got, seq);
    if (kind === "message") {
      log.typingUntil = 0;
    }
  }
  if (kind === "erased") {
    log.events = log.events.map((old) => (old.text ? { ...old, text: "", erased: true } : old));
  }
  keep(log, [event], false);
  if (log.head && seq > log.folded) {
    log.folded = seq;
    fold(log.head, event);
  }
  return true;
}

/**
 * A page of older events; one that does not end right before `first` is of no use any more.
 *
 * @param {ChatLog} log
 * @param {Page} page
 */
export function prepend(log, { events, more }) {
  log.paging = "";
  if (events.every(({ seq }, i) => seq === log.first - events.length + i)) {
    log.first -= events.length;
    log.noMore = !more;
    keep(log, events, true);
  }
}

/** The kinds this widget knows; all that customers are sent today. */
const KNOWN = new Set(
  (
    "opened joined message promised promise_extended promise_moved promise_ended reread language_asked language_chosen handing stays left callback " +
    "nudged time_needed warned closed reopened requeued erased"
  ).split(" "),
);

/**
 * Hold the events whose kind this widget knows.
 *
 * @param {ChatLog} log
 * @param {Event[]} events
 * @param {boolean} before
 */
function keep(log, events, before) {
  const known = events.filter(({ kind }) => KNOWN.has(kind));
  log.events = before ? [...known, ...log.events] : [...log.events, ...known];
}

/**
 * The head after one more event: state before + events = state after. A chat whose agent is gone or
 * hands it on stays "open" until somebody joins.
 *
 * @param {Head} head changed in place
 * @param {Event} event
 */
function fold(head, { kind, by, data, seq, at }) {
  /** @type {Record<string, Head["state"]>} */
  const states = {
    opened: "queued",
    joined: "open",
    left: "left",
    callback: "left",
    closed: "closed",
    reopened: head.agent ? "open" : "queued",
    requeued: "queued",
  };
  head.state = states[kind] ?? head.state;
  if (kind === "joined") {
    head.agent = Object(data).name || by.name;
  }
  if (kind === "requeued" || kind === "left" || kind === "callback") {
    head.agent = "";
  }
  if (kind === "promised" || kind === "promise_extended") {
    head.promise_at = at;
  }
  if (kind === "promised" || kind === "promise_extended" || kind === "promise_moved") {
    const due = Object(data).due_at;
    if (kind === "promise_moved") {
      // Given as long ago as before, by the clock that was set.
      head.promise_at = (head.promise_at ?? 0) + due - (head.promise_due ?? 0);
    }
    head.promise_due = due;
  }
  if (kind === "promise_ended" || kind === "closed") {
    head.promise_due = head.promise_at = 0;
  }
  const { summary, answer } = Object(kind === "message" && data);
  if (summary) {
    head.summary = seq;
    head.understood = "";
  }
  if (answer) {
    head.understood = answer;
  }
  if (kind === "reread") {
    head.understood = "";
  }
}
