import assert from "node:assert/strict";
import { test } from "node:test";
import { openCards, optionsOf } from "../src/cards.js";
import { TEXTS } from "../src/texts.js";

/** @param {number} seq @param {string} role @param {object} data @param {string} [text] @param {string} [kind] */
const event = (seq, role, data, text = "", kind = "message") =>
  /** @type {any} */ ({ t: "event", chat: "c", seq, at: 0, kind, by: { role }, text, data });
/** @param {object} command @param {object} [refused] */
const entry = (command, refused) => /** @type {any} */ ({ n: 1, at: 0, command, refused });

const summary = event(4, "agent", { summary: true }, "You have two lamps. Right?");
const options = event(
  6,
  "agent",
  { options: 2 },
  "What suits you?\nA new one\tis there tomorrow\nMoney back",
);

/** @param {any[]} events @param {any} of @param {any[]} [entries] @param {boolean} [live] */
const card = (events, of, entries = [], live = true) => openCards(events, entries, TEXTS.en, live)(of);
/** @param {any} shown */
const chosen = (shown) => [
  shown.open,
  ...shown.choices.filter((/** @type {any} */ c) => c.chosen).map((/** @type {any} */ c) => c.press),
];

test("a summary is confirmed or corrected, once", () => {
  assert.deepEqual(card([summary], summary), {
    re: 4,
    open: true,
    choices: [
      { press: "yes", label: "Yes, that’s right", why: "", chosen: false },
      { press: "no", label: "Not quite…", why: "", chosen: false },
    ],
  });
  for (const answer of ["yes", "no"]) {
    const said = event(5, "customer", { re: 4, answer });
    assert.deepEqual(chosen(card([summary, said], summary)), [false, answer]);
    assert.equal(card([summary, said], summary)?.choices.length, 1);
    // On its way it counts already; refused it does not.
    const command = { t: "say", id: "x", chat: "c", text: "", re: 4, answer };
    assert.deepEqual(chosen(card([summary], summary, [entry(command)])), [false, answer]);
    assert.deepEqual(chosen(card([summary], summary, [entry(command, { code: "busy" })])), [true]);
  }
  assert.deepEqual(chosen(card([summary, event(5, "customer", {})], summary)), [true]);
});

test("words that were no answer leave the summary open again", () => {
  const words = event(5, "customer", { re: 4, answer: "yes", words: true });
  const reread = event(6, "agent", { re: 5 }, "", "reread");
  assert.deepEqual(chosen(card([summary, words], summary)), [false, "yes"]);
  assert.deepEqual(chosen(card([summary, words, reread], summary)), [true]);
  const pressed = event(7, "customer", { re: 4, answer: "no" });
  assert.deepEqual(chosen(card([summary, words, reread, pressed], summary)), [false, "no"]);
});

test("only the newest summary is asked, and only while the chat goes on", () => {
  const newer = event(5, "agent", { summary: true }, "You have three lamps. Right?");
  assert.deepEqual(card([summary, newer], summary), { re: 4, open: false, choices: [] });
  assert.equal(card([summary, newer], newer)?.open, true);
  assert.deepEqual(card([summary], summary, [], false), { re: 4, open: false, choices: [] });
  assert.equal(card([summary], event(5, "agent", {})), undefined);
  assert.equal(card([summary], event(5, "customer", { summary: true })), undefined);
});

test("options are chosen once, and stay to be read", () => {
  assert.deepEqual(card([options], options), {
    re: 6,
    open: true,
    choices: [
      { press: 1, label: "A new one", why: "is there tomorrow", chosen: false },
      { press: 2, label: "Money back", why: "", chosen: false },
    ],
  });
  const said = event(7, "customer", { re: 6, choice: 2 }, "Money back");
  assert.deepEqual(chosen(card([options, said], options)), [false, 2]);
  assert.equal(card([options, said], options)?.choices.length, 2);
  const command = { t: "say", id: "x", chat: "c", text: "", re: 6, choice: 1 };
  assert.deepEqual(chosen(card([options], options, [entry(command)])), [false, 1]);
  // A chat that is taken up again asks anew, of the summary too only what still stands.
  const closed = event(7, "agent", {}, "", "closed");
  assert.deepEqual(chosen(card([summary, options, closed], options)), [false]);
  assert.deepEqual(chosen(card([summary, options, closed], summary)), [true]);
  assert.equal(card([summary, options], summary)?.open, true);
});

test("the lines of options are taken from the text, whatever it holds", () => {
  assert.deepEqual(optionsOf("one\ntwo", 0), { text: "one\ntwo", options: [] });
  assert.deepEqual(optionsOf("a\nb\nc\td", 2), {
    text: "a",
    options: [
      { label: "b", why: "" },
      { label: "c", why: "d" },
    ],
  });
  assert.deepEqual(optionsOf("only", 3), { text: "", options: [{ label: "only", why: "" }] });
});
