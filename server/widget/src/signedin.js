import { openOutbox } from "./outbox.js";
import { lines } from "./words.js";

/** @import { Store } from "./store.js" */

/** @typedef {ReturnType<typeof openBegun>} Begun */

/**
 * Under which name to keep what is theirs whose number a shop's word holds, apart in this browser. Nothing is
 * trusted by it: whether the word is good, the server knows.
 *
 * @param {string} [identity] a JWT
 * @returns {string} without dots; "" where there is no number to be read
 */
export function whoIn(identity) {
  try {
    const [, claims = ""] = (identity ?? "").split(".");
    const { sub } = JSON.parse(atob(claims.replace(/-/g, "+").replace(/_/g, "/")));
    return encodeURIComponent(sub ?? "").replaceAll(".", "%2E");
  } catch {
    // Half of a character is no number either.
    return "";
  }
}

/**
 * What was begun here without a name, for who is signed in. Its words go along at once: maybe they are somebody
 * else's, so who signs in sees them, and says them. The chat goes along when the desk says so; until then, and
 * if it is refused, it stays this browser's and is there again for who signs out.
 *
 * @param {Store} browsers what all tabs have that are not signed in
 * @param {Store} ours what this one has, not signed in
 * @param {Store} theirs
 * @param {Store} tab theirs in this tab
 */
export function openBegun(browsers, ours, theirs, tab) {
  const outbox = openOutbox(browsers);
  const begun = () => browsers.get("chat");

  /**
   * What was said and not sent yet becomes a draft, and so does what was being written.
   *
   * @param {RegExp} names what else goes along
   * @param {string} [moved] the chat that did
   * @returns {boolean} not what is to be answered where somebody is reached: it stays with who left it
   */
  const take = (names, moved) => {
    const unsent = outbox.all().map(({ command }) => command);
    if (browsers.get("left") || unsent.some(({ t }) => t === "leave" || t === "give_contact")) {
      return false;
    }
    let draft = tab.get("draft");
    // No chat is opened without its words. What else was asked for waits, too, for whom the chat stays with.
    const over = moved ?? unsent.find(({ t }) => t === "open")?.chat;
    for (const command of unsent) {
      if (command.t === "say" || command.chat === over) {
        outbox.drop(command.id);
        draft = lines(draft, Object(command).text);
      }
    }
    draft = lines(draft, ours.get("draft"));
    for (const name of ours.names().filter((name) => names.test(name))) {
      tab.set(name, ours.get(name));
      ours.remove(name);
    }
    if (draft) {
      tab.set("draft", draft);
    }
    return true;
  };

  // If they have something here already, the other stays where it is.
  if (!theirs.get("chat")) {
    take(/^(open|draft)$/);
  }
  return {
    token: browsers.get("token") || undefined,
    chat: begun,
    /** The desk says which chats are theirs. @param {readonly string[]} chats */
    told(chats) {
      const chat = begun();
      if (chats.includes(chat) && take(/^(open|draft|fix\..*)$/, chat)) {
        browsers.remove("chat");
        browsers.remove("closed");
      }
    },
  };
}
