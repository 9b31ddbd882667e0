import { fill } from "./i18n.js";

/** @import { Texts } from "./texts.js" */

const DAY_MS = 24 * 60 * 60_000;
export const MINUTE_MS = 60_000;

/** Further than this (ms), a number of minutes says nothing any more. */
const LONG_MS = 90 * MINUTE_MS;

/**
 * The visitor's own words for days and times, in their own time zone. Days are words and follow the
 * texts; hours follow the browser.
 *
 * @param {string} lang of the texts
 * @param {Texts} t
 * @param {string} [hours] whose way of writing hours; the browser's
 */
export function openMoments(lang, t, hours) {
  const date = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" });
  const weekday = new Intl.DateTimeFormat(lang, { weekday: "long" });
  const clock = new Intl.DateTimeFormat(hours, { timeStyle: "short" });
  const midnight = (/** @type {number} */ at) => new Date(at).setHours(0, 0, 0, 0);
  /** How many midnights lie between; the days of a changed clock are longer or shorter. */
  const days = (/** @type {number} */ at, /** @type {number} */ now) =>
    Math.round((midnight(at) - midnight(now)) / DAY_MS);
  const dayOf = (/** @type {number} */ at, /** @type {number} */ now) => {
    const ahead = days(at, now);
    // In a week the same weekday comes again.
    return (ahead > 0 && ahead < 7 ? weekday : date).format(at);
  };

  return {
    time: (/** @type {number} */ at) => clock.format(at),
    /** The day's name; "" for today. @param {number} at @param {number} now */
    day: (at, now) => (days(at, now) ? date.format(at) : ""),
    /** A moment to come, as the last one: "before 14:32", "before Friday 10:00". @param {number} at @param {number} now */
    by: (at, now) =>
      fill(days(at, now) ? t.beforeDay : t.before, { time: clock.format(at), day: dayOf(at, now) }),
    /**
     * A moment to come: "at 14:32", "tomorrow at 9:00", "Monday at 9:00", "Friday 1 January at 9:00".
     *
     * @param {number} at
     * @param {number} now
     * @param {string} today how a time of today is said
     */
    when(at, now, today = t.at) {
      const ahead = days(at, now);
      const said = ahead === 0 ? today : ahead === 1 ? t.tomorrow : t.onDay;
      return fill(said, { time: clock.format(at), day: dayOf(at, now) });
    },
  };
}

/** @typedef {ReturnType<typeof openMoments>} Moments */

/**
 * How much longer, in whole minutes: never an empty range, and never more exact than it is.
 *
 * @param {number} low ms
 * @param {number} high ms
 * @param {Texts} t
 */
export function rangeOf(low, high, t) {
  const from = Math.floor(low / MINUTE_MS);
  const to = Math.max(2, Math.ceil(high / MINUTE_MS));
  if (high > LONG_MS) {
    return t.overAnHour;
  }
  return fill(from < 1 ? t.upTo : from >= to ? t.about : t.range, { from, to });
}

/**
 * A time in whole minutes, in words: "1 minute", "5 minutes".
 *
 * @param {number} ms
 * @param {string} lang
 */
export const minutesOf = (ms, lang) =>
  new Intl.NumberFormat(lang, { style: "unit", unit: "minute", unitDisplay: "long" }).format(
    Math.round(ms / MINUTE_MS),
  );

/**
 * A language's name in the texts' language, to stand at the beginning or anywhere.
 *
 * @param {string} code
 * @param {string} lang
 */
export function languageName(code, lang) {
  let name = code;
  try {
    name = new Intl.DisplayNames([lang], { type: "language" }).of(code) ?? code;
  } catch {
    // An old browser, or no code at all.
  }
  return name;
}

/** The text with a capital first. @param {string} text @param {string} lang */
export const capital = (text, lang) => text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);
