import { h, say } from "./dom.js";
import { fill } from "./i18n.js";

/** @import { EventData } from "./frames.js" */
/** @import { Moments } from "./moments.js" */
/** @import { Texts } from "./texts.js" */

/** @typedef {EventData["callback"]["how"]} How */

/** So near (ms), what is left is counted down; further away a time of day says more. */
export const NEAR_MS = 5 * 60_000;

/** How long (ms) the server has to say that the time is over. */
export const LATE_MS = 3_000;

/** Further ahead (ms), a weekday may be taken for another. */
const WEEK_MS = 6 * 24 * 60 * 60_000;

/** A browser's timer holds no long time, and "tomorrow" becomes "today" (ms). */
const LOOK_MS = 60_000;

/** What is left, counted down: "4:32". @param {number} ms */
export function rest(ms) {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}

/**
 * When somebody will be back: "in 4:32", or "before 20:40".
 *
 * @param {number} due ms since 1970, as `now`
 * @param {number} now on the server's clock
 * @param {Texts} t
 * @param {Moments} moments
 */
export function whenBack(due, now, t, moments) {
  return due - now > NEAR_MS ? moments.when(due, now, t.before) : fill(t.in, { time: rest(due - now) });
}

/**
 * A moment to come, in as little room as there is beside the launcher: "20:40", "Fri 10:00", "3 Dec".
 *
 * @param {number} due
 * @param {number} now
 * @param {string} lang
 */
export function shortly(due, now, lang) {
  const at = new Date(due);
  return at.toDateString() === new Date(now).toDateString()
    ? at.toLocaleTimeString([], { timeStyle: "short" })
    : at.toLocaleString(
        lang,
        due - now > WEEK_MS
          ? { day: "numeric", month: "short" }
          : { weekday: "short", hour: "numeric", minute: "numeric" },
      );
}

/**
 * That somebody answers by mail, phone or here: "Mette answers you by mail before Friday 10:00."
 *
 * @param {How} how
 * @param {string} name
 * @param {string} when
 * @param {Texts} t
 */
export const calls = (how, name, when, t) => fill(t[how], { name, when });

/** How long (ms) those words stay true. @param {number} due @param {number} now */
export function trueFor(due, now) {
  const left = due - now;
  return left > NEAR_MS ? Math.min(left - NEAR_MS, LOOK_MS) : left % 1000 || 1000;
}

/**
 * The time that the agent gave, as long as it runs. A timer is not read out by itself: what begins, is
 * extended or was not kept, the transcript says once.
 *
 * @param {Texts} t
 * @param {Moments} moments
 * @param {() => number} clock the server's, in ms since 1970
 */
export function openPromise(t, moments, clock) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const element = h("p", "promise", { role: "timer" });

  /**
   * @param {string} name
   * @param {number} due ms since 1970; 0: nothing is promised
   * @param {How} [how] by mail, phone or here: nobody has to look at the clock for that
   */
  const show = (name, due, how) => {
    clearTimeout(timer);
    const now = clock();
    // Past its time, only the server can say what became of it: without a connection nothing is true to say.
    say(
      element,
      due && due > now - LATE_MS
        ? how
          ? calls(how, name, moments.by(due, now), t)
          : fill(t.promised, { name, when: whenBack(due, now, t, moments) })
        : "",
    );
    if (due > now) {
      timer = setTimeout(show, how ? Math.min(due - now, LOOK_MS) : trueFor(due, now), name, due, how);
    } else if (due > now - LATE_MS) {
      timer = setTimeout(show, due + LATE_MS - now, name, due, how);
    }
  };

  return { element, show };
}
