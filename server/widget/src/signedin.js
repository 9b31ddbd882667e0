/** @import { Store } from "./store.js" */

/**
 * Whose number a shop's word holds, to keep what they write apart in this browser. Nothing is trusted by it:
 * whether the word is good, the server knows.
 *
 * @param {string} [identity] a JWT
 * @returns {string} "" where there is none to be read
 */
export function whoIn(identity) {
  try {
    const [, claims = ""] = (identity ?? "").split(".");
    return `${JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/"))).sub ?? ""}`;
  } catch {
    return "";
  }
}

/** What somebody has here, or one chat opened by a link; such names are not the browser's own. */
const APART = /^~|^[\w-]{16,}\./;

/**
 * Who signs in takes along what was begun here without a name, as the server does with the chat. If they
 * have something here already, the other stays where it is.
 *
 * @param {Store} from
 * @param {Store} to
 */
export function takeAlong(from, to) {
  if (!to.get("chat")) {
    for (const name of from.names()) {
      if (name !== "token" && !APART.test(name)) {
        to.set(name, from.get(name));
        from.remove(name);
      }
    }
  }
}
