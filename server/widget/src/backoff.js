/** The first reconnect comes within this time (ms); the bound doubles with every failure. */
export const FIRST_MS = 500;
/** No reconnect waits longer than this (ms). */
export const MOST_MS = 30_000;
/** A connection that lived this long (ms) after `welcome` starts the waiting anew. */
export const PROVEN_MS = 30_000;

/**
 * How long to wait before reconnect number `failures` (0 for the first), in ms.
 *
 * Full jitter: anywhere between nothing and the bound, so that the visitors of a restarted server
 * come back spread out. `random` gives a number in [0, 1).
 *
 * @param {number} failures
 * @param {() => number} random
 */
export function backoff(failures, random) {
  return random() * Math.min(MOST_MS, FIRST_MS * 2 ** failures);
}
