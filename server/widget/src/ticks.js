/** @import { Marks } from "./frames.js" */

/** @typedef {"waiting" | "stored" | "delivered" | "read" | "refused"} Tick */

/**
 * How far an own message came: read and delivered follow the other side's marks.
 *
 * @param {number} seq the message's number; 0: not stored yet
 * @param {Marks} theirs
 * @returns {Tick}
 */
export function tickOf(seq, theirs) {
  if (!seq) {
    return "waiting";
  }
  if (seq <= theirs.seen) {
    return "read";
  }
  return seq <= theirs.got ? "delivered" : "stored";
}
