/** @import { Form } from "./customer.js" */
/** @import { Event, Head, ViewValue } from "./frames.js" */
/** @import { Entry } from "./outbox.js" */

/**
 * What a person can do at the foot of the panel: write, leave a message, choose what follows a chat
 * that is over, or only read why nothing can be written now.
 *
 * @typedef {"write" | "form" | "over" | "blocked"} Stage
 */

/**
 * @param {object} so
 * @param {ViewValue["door"]} [so.door]
 * @param {Head["state"]} [so.state] of the chat
 * @param {boolean} so.chat there is one
 * @param {boolean} so.over it is closed
 * @param {Form} [so.form]
 * @param {number} now ms since 1970
 * @returns {Stage}
 */
export function stageOf({ door, state, chat, over, form }, now) {
  const live = chat && !over;
  if (!live && (door?.blocked_until ?? 0) > now) {
    return "blocked";
  }
  if (over) {
    return form?.asked ? "form" : "over";
  }
  if (live) {
    // Whoever is being helped, or has left a message, has no use for the form.
    return form?.asked && (!state || state === "queued") ? "form" : "write";
  }
  return form?.asked || door?.closed || door?.full ? "form" : "write";
}

/**
 * The newest event of these kinds.
 *
 * @param {readonly Event[]} events
 * @param {RegExp} kinds
 */
const newest = (events, kinds) => events.filter(({ kind }) => kinds.test(kind)).pop();

/**
 * The callback that was promised, as long as the customer has not come back or been answered.
 *
 * @param {readonly Event[]} events
 */
export const calledBack = (events) => {
  const last = events
    .filter(
      ({ kind, by }) =>
        /^(callback|promise_ended|closed)$/.test(kind) || (kind === "message" && by.role === "customer"),
    )
    .pop();
  return last?.kind === "callback" ? last : undefined;
};

/**
 * Whether a promise was not kept and nobody has said anything since.
 *
 * @param {readonly Event[]} events
 */
export function broken(events) {
  const last = events
    .filter(
      ({ kind, by }) =>
        /^(promise\w*|callback|left|joined|closed)$/.test(kind) ||
        (kind === "message" && by.role !== "customer"),
    )
    .pop();
  return last?.kind === "promise_ended" && Object(last.data).how === "broken";
}

/**
 * What the desk asks the customer and they have not answered: the numbers of the questions. An answer on
 * its way counts; writing answers only the question whether they are still there.
 *
 * @param {readonly Event[]} events
 * @param {readonly Entry[]} entries
 */
export function askedNow(events, entries) {
  const language = newest(events, /^(language_asked|language_chosen|joined|left|closed)$/);
  const nudge = newest(events, /^(nudged|time_needed|message|joined|left|closed|reopened)$/);
  const sent = new Set(entries.map(({ command, refused }) => (refused ? "" : command.t)));
  return new Set([
    language?.kind === "language_asked" && !sent.has("choose") && language.seq,
    nudge?.kind === "nudged" && !sent.has("need_time") && !sent.has("say") && nudge.seq,
  ]);
}
