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

/**
 * What somebody has here, or one chat opened by a link: such names are not the browser's own. Nor does the
 * browser's name for itself go along, or how whoever filled in a form is reached.
 */
const STAYS = /^~|^[\w-]{16,}\.|^(token|form)$/;
/** What says where somebody is reached, and was not sent yet. */
const REACHED = /^{"n":\d+,"command":{"t":"(leave|give_contact)"/;

/**
 * Who signs in takes along what was begun here without a name, as the server does with the chat. If they
 * have something here already, the other stays where it is; so does a message that was left, whose answer goes
 * to who left it.
 *
 * @param {Store} from
 * @param {Store} to
 * @returns {boolean} whether it goes along
 */
export function takeAlong(from, to) {
  const names = from.names().filter((name) => !STAYS.test(name));
  const goes = !to.get("chat") && !from.get("left") && !names.some((name) => REACHED.test(from.get(name)));
  if (goes) {
    for (const name of names) {
      to.set(name, from.get(name));
      from.remove(name);
    }
  }
  return goes;
}
