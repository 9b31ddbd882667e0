import { lines } from "./words.js";

/** @import { Told } from "./outbox.js" */
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

/**
 * Who signs in takes along what was begun here without a name, as the server does with the chat. If they
 * have something here already, the other stays where it is; so does a message that was left, whose answer goes
 * to who left it.
 *
 * @param {Store} from
 * @param {Store} to
 * @returns {string | undefined} what was said and not sent yet, maybe by somebody else; undefined: nothing
 *   goes along
 */
export function takeAlong(from, to) {
  const names = from.names().filter((name) => !STAYS.test(name));
  /** @type {Told[]} */
  const unsent = [];
  for (const name of names) {
    if (name.startsWith("out.")) {
      try {
        unsent.push(JSON.parse(from.get(name)).command);
      } catch {
        // Cut short by a full disk.
      }
    }
  }
  if (to.get("chat") || from.get("left") || unsent.some(({ t }) => t === "leave" || t === "give_contact")) {
    return undefined;
  }
  for (const name of names) {
    if (!name.startsWith("out.")) {
      to.set(name, from.get(name));
    }
    from.remove(name);
  }
  return lines(...unsent.map((command) => (command.t === "say" ? command.text : "")));
}
