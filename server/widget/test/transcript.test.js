import assert from "node:assert/strict";
import { test } from "node:test";
import { newLog } from "../src/chatlog.js";
import { TEXTS } from "../src/texts.js";
import { transcript } from "../src/transcript.js";

/** @param {Partial<import("../src/frames.js").Event>} parts */
const event = (parts) => ({
  t: "event",
  chat: "c",
  seq: 1,
  at: 0,
  kind: "message",
  by: { role: "customer" },
  ...parts,
});
/** @param {any[]} events @param {any[]} entries */
const shown = (events, entries = []) =>
  transcript(
    Object.assign(newLog("c"), {
      events,
      marks: { agent: { got: 3, seen: 1 }, customer: { got: 0, seen: 0 } },
    }),
    entries,
    TEXTS.en,
    (at) => (at < 100 ? "" : `day ${Math.floor(at / 100)}`),
  );
/** @type {any} */
const mette = { role: "agent", name: "Mette" };

test("messages of both sides with ticks, and what happened as lines", () => {
  const rows = shown([
    event({ seq: 1, id: "a", text: "one" }),
    event({ seq: 2, kind: "joined", by: mette }),
    event({ seq: 3, id: "b", text: "two" }),
    event({ seq: 4, by: mette, text: "hi" }),
    event({ seq: 5, id: "d", text: "three" }),
    event({ seq: 6, kind: "closed", by: mette }),
  ]);
  assert.deepEqual(
    rows.map(({ key, kind, text, tick, name }) => [key, kind, text, tick, name]),
    [
      ["a", "mine", "one", "read", "You"],
      ["2", "line", "Mette joined the chat", undefined, undefined],
      ["b", "mine", "two", "delivered", "You"],
      ["4", "theirs", "hi", undefined, "Mette"],
      ["d", "mine", "three", "stored", "You"],
      ["6", "line", "The chat has ended", undefined, undefined],
    ],
  );
});

test("a message keeps its key from waiting to being stored", () => {
  const entry = { n: 1, at: 5, command: { t: "say", id: "x", chat: "c", text: "hello" } };
  const [waiting] = shown([], [entry]);
  const [stored] = shown([event({ seq: 9, id: "x", text: "hello" })]);
  assert.deepEqual([waiting?.key, waiting?.tick], ["x", "waiting"]);
  assert.deepEqual([stored?.key, stored?.tick], ["x", "stored"]);
  const [refused] = shown([], [{ ...entry, refused: { code: "bad_text", text: "" } }]);
  assert.equal(refused?.tick, "refused");
});

test("erased texts are gone, other days have their name once", () => {
  const rows = shown([
    event({ seq: 1, at: 100, text: "", erased: true }),
    event({ seq: 2, at: 150, text: "b" }),
    event({ seq: 3, at: 170, text: "c" }),
    event({ seq: 4, at: 200, text: "d" }),
    event({ seq: 5, kind: "erased", at: 210 }),
  ]);
  assert.deepEqual(
    rows.map(({ text }) => text),
    ["day 1", "b", "c", "day 2", "d"],
  );
});
