/** @import { Event, Say } from "./frames.js" */
/** @import { Entry } from "./outbox.js" */
/** @import { Texts } from "./texts.js" */

/** What is said with one press: to a summary yes or no, of options the number, from 1. @typedef {"yes" | "no" | number} Press */

/**
 * What stands below a message to be answered with one press.
 *
 * @typedef {object} Card
 * @property {number} re the message's number
 * @property {boolean} open it can be answered now
 * @property {{press: Press, label: string, why: string, chosen: boolean}[]} choices
 */

/** @param {Pick<Say, "answer" | "choice">} said @returns {Press | undefined} */
const pressOf = ({ answer, choice }) => answer || choice || undefined;

/**
 * The lines of a message with options: its words, and each option's label and why.
 *
 * @param {string} text
 * @param {number} options how many of the last lines are one each
 */
export function optionsOf(text, options) {
  const all = text.split("\n");
  const lines = options ? all.splice(-options) : [];
  return {
    text: all.join("\n"),
    options: lines.map((line) => {
      const [label = "", ...why] = line.split("\t");
      return { label, why: why.join(" ") };
    }),
  };
}

/**
 * Gives the card of a message, where it has one. Only the newest summary and the newest options can be
 * answered, once; an answer on its way counts, one that was none after all does not.
 *
 * @param {readonly Event[]} events
 * @param {readonly Entry[]} entries
 * @param {Texts} t
 * @param {boolean} live the chat is not closed
 */
export function openCards(events, entries, t, live) {
  /** @type {Map<number, Press>} */
  const pressed = new Map();
  /** What the customer's messages answer. @type {Map<number, number>} */
  const answers = new Map();
  let summary = 0;
  let options = 0;
  for (const { kind, seq, data } of events) {
    const its = Object(data);
    if (kind === "message") {
      summary = its.summary ? seq : summary;
      options = its.options ? seq : options;
      const press = pressOf(its);
      if (press) {
        pressed.set(its.re, press);
        answers.set(seq, its.re);
      }
    } else if (kind === "reread") {
      pressed.delete(answers.get(its.re) ?? 0);
    } else if (kind === "closed") {
      // What was to be chosen then means nothing in a chat that is taken up again.
      options = 0;
    }
  }
  for (const { command, refused } of entries) {
    const press = command.t === "say" && !refused && pressOf(command);
    if (press) {
      pressed.set(command.re ?? 0, press);
    }
  }

  /** @param {Event} event @returns {Card | undefined} */
  return ({ seq, by, text = "", data }) => {
    const its = Object(data);
    if (by.role !== "agent" || !(its.summary || its.options)) {
      return;
    }
    const press = pressed.get(seq);
    const open = live && !press && (seq === summary || seq === options);
    const made = (/** @type {Press} */ value, /** @type {string} */ label, why = "") => ({
      press: value,
      label,
      why,
      chosen: value === press,
    });
    const choices = its.summary
      ? // Which was pressed is worth knowing; what could have been is not.
        [made("yes", t.yes), made("no", t.notQuite)].filter(({ chosen }) => open || chosen)
      : optionsOf(text, its.options).options.map(({ label, why }, i) => made(i + 1, label, why));
    return { re: seq, open, choices };
  };
}
