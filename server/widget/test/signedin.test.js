import assert from "node:assert/strict";
import { test } from "node:test";
import { openBegun, whoIn } from "../src/signedin.js";
import { memoryStore } from "./memory.js";

/** @import { Store } from "../src/store.js" */

const CHAT = "c".repeat(22);

/** @param {string} claims JSON */
const word = (claims) => `x.${Buffer.from(claims).toString("base64url")}.y`;

/** @param {unknown} claims */
const signed = (claims) => word(JSON.stringify(claims));

/**
 * A browser with these things in it for who is not signed in, and with those for who is.
 *
 * @param {Record<string, string>} browsers
 * @param {Record<string, string>} [ours]
 * @param {Record<string, string>} [theirs]
 * @param {Record<string, string>} [tab]
 */
const stores = (browsers, ours = {}, theirs = {}, tab = {}) => {
  const made = [browsers, ours, theirs, tab].map((things) => {
    const store = memoryStore();
    for (const [name, value] of Object.entries(things)) {
      store.set(name, value);
    }
    return store;
  });
  return /** @type {[Store, Store, Store, Store]} */ (made);
};

/** @param {Store} store */
const all = (store) => Object.fromEntries(store.names().map((name) => [name, store.get(name)]));

/**
 * What is unsent of a chat, in the order in which it was asked for; kept in another one, as by names of chance.
 *
 * @param {string} chat
 * @param {...{t: string, text?: string}} commands
 */
const unsent = (chat, ...commands) =>
  Object.fromEntries(
    commands
      .map((command, n) => {
        const id = `${"zyxwv"[n]}${command.t}`;
        return [`out.${id}`, JSON.stringify({ n, command: { ...command, id, chat }, at: 1 })];
      })
      .reverse(),
  );

test("the number is read out of a word, whatever else stands there", () => {
  assert.equal(whoIn(signed({ sub: "48213", name: "Ève ✓ >>>???" })), "48213");
  assert.equal(whoIn(signed({ sub: "a.b/c+d" })), "a%2Eb%2Fc%2Bd");
});

test("what is no word names nobody", () => {
  const half = word('{"sub": "\\ud800"}');
  for (const text of [undefined, "", "x", "x.y.z", "..", "x.e30", signed(null), "é.é.é", half]) {
    assert.equal(whoIn(text), "", text);
  }
});

test("who signs in takes along their words at once, and the chat when the desk says so", () => {
  const browsers = { token: "t", form: "{}", chat: CHAT, closed: "", "~7.chat": "theirs" };
  const ours = { open: "1", draft: "And", looked: "1", [`fix.${CHAT}.3`]: "x", [`${CHAT}.chat`]: "a link's" };
  const [a, b, c, d] = stores(browsers, ours);
  const begun = openBegun(a, b, c, d);
  assert.equal(begun.token, "t");
  assert.deepEqual(all(d), { open: "1", draft: "And" });
  for (const others of [[], ["elsewhere"]]) {
    begun.told(others);
    assert.deepEqual(all(a), browsers);
    assert.equal(b.get(`fix.${CHAT}.3`), "x");
  }
  begun.told([CHAT]);
  // Where to reach somebody was maybe typed by another one.
  assert.deepEqual(all(a), { token: "t", form: "{}", "~7.chat": "theirs" });
  assert.deepEqual(all(b), { looked: "1", [`${CHAT}.chat`]: "a link's" });
  assert.deepEqual(all(d), { open: "1", draft: "And", [`fix.${CHAT}.3`]: "x" });
  assert.deepEqual(all(c), {});
});

test("what was not sent yet is a draft, in its order, with what was being written after it", () => {
  const says = unsent(CHAT, { t: "say", text: "A" }, { t: "say", text: '{"t":"leave"}' }, { t: "close" });
  const [a, b, c, d] = stores({ chat: CHAT, ...says, "out.cut": "{" }, { draft: "C" }, {}, { draft: "I" });
  const begun = openBegun(a, b, c, d);
  // Nobody says in their name what they have not seen.
  assert.equal(d.get("draft"), 'I\nA\n{"t":"leave"}\nC');
  assert.equal(b.get("draft"), "");
  // The end of a chat is its customer's to ask for.
  assert.deepEqual(a.names().sort(), ["chat", "out.cut", "out.xclose"]);
  begun.told([CHAT]);
  assert.deepEqual(a.names(), ["out.cut"]);
});

test("a chat that the desk never heard of is not opened without its words", () => {
  const [a, b, c, d] = stores(unsent(CHAT, { t: "open" }, { t: "say", text: "Hello?" }, { t: "close" }));
  openBegun(a, b, c, d);
  assert.deepEqual(a.names(), []);
  assert.equal(d.get("draft"), "Hello?");
});

test("who has a chat already leaves the other where it is, with what is unsent in it", () => {
  const browsers = { chat: CHAT, ...unsent(CHAT, { t: "say", text: "A" }) };
  const [a, b, c, d] = stores(browsers, { draft: "B", open: "1" }, { chat: "elsewhere" });
  const begun = openBegun(a, b, c, d);
  begun.told(["elsewhere"]);
  assert.deepEqual(all(a), browsers);
  assert.deepEqual(all(c), { chat: "elsewhere" });
  assert.deepEqual(all(d), {});
  // Theirs was over, and the desk let the other go along after all.
  begun.told([CHAT]);
  assert.deepEqual(all(a), {});
  assert.deepEqual(all(d), { draft: "A\nB", open: "1" });
});

test("what is to be answered where somebody is reached stays where it is", () => {
  for (const left of [{ left: "1" }, unsent(CHAT, { t: "leave" }), unsent(CHAT, { t: "give_contact" })]) {
    const browsers = { chat: CHAT, ...left };
    const [a, b, c, d] = stores(browsers, { draft: "x" });
    openBegun(a, b, c, d).told([CHAT]);
    assert.deepEqual(all(a), browsers);
    assert.deepEqual(all(b), { draft: "x" });
    assert.deepEqual([c.names(), d.names()], [[], []]);
  }
});
