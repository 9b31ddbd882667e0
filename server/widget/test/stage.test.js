import assert from "node:assert/strict";
import { test } from "node:test";
import { broken, calledBack, stageOf } from "../src/stage.js";

const NOW = 1_000_000;
/** @param {Partial<Parameters<typeof stageOf>[0]>} so */
const stage = (so) => stageOf({ chat: false, over: false, ...so }, NOW);
const form = { text: "x", asked: true };

test("somebody new writes, or leaves a message where the shop cannot take a chat", () => {
  assert.equal(stage({}), "write");
  assert.equal(stage({ door: { open: false } }), "write", "nobody is there, but they will be");
  assert.equal(stage({ door: { open: false, closed: true } }), "form");
  assert.equal(stage({ door: { open: true, full: true } }), "form");
  assert.equal(stage({ form }), "form");
  assert.equal(stage({ form: { text: "x" } }), "write", "the shop opened again");
});

test("a chat goes on whatever the door says", () => {
  for (const door of [
    { open: false, closed: true },
    { open: true, full: true },
  ]) {
    for (const state of /** @type {const} */ (["queued", "open", "left"])) {
      assert.equal(stage({ chat: true, state, door }), "write", state);
    }
  }
  assert.equal(stage({ chat: true, state: "queued", form }), "form");
  assert.equal(stage({ chat: true, form }), "form", "not yet answered");
  assert.equal(stage({ chat: true, state: "open", form }), "write", "somebody came");
});

test("after a chat there is a choice, unless the person may begin none", () => {
  const over = /** @type {const} */ ({ chat: true, over: true, state: "closed" });
  assert.equal(stage(over), "over");
  assert.equal(stage({ ...over, form }), "form");
  assert.equal(stage({ ...over, door: { open: true, blocked_until: NOW + 1 } }), "blocked");
  assert.equal(stage({ ...over, door: { open: true, blocked_until: NOW } }), "over");
});

test("who is blocked writes nothing, but a chat that goes on", () => {
  const door = { open: true, blocked_until: NOW + 1 };
  assert.equal(stage({ door }), "blocked");
  assert.equal(stage({ door, form }), "blocked");
  assert.equal(stage({ door, chat: true, state: "open" }), "write");
});

test("a callback holds until the customer writes, is answered, or the chat is over", () => {
  /** @param {...string} kinds */
  const events = (...kinds) =>
    kinds.map((kind) => {
      const [what = "", role = "agent"] = kind.split(" ");
      return /** @type {any} */ ({ kind: what, by: { role }, data: { how: "broken" } });
    });
  assert.equal(calledBack(events("promised", "callback"))?.kind, "callback");
  assert.equal(calledBack(events("callback", "promise_extended", "joined", "message"))?.kind, "callback");
  for (const over of ["message customer", "promise_ended", "closed"]) {
    assert.equal(calledBack(events("callback", over)), undefined, over);
  }
  assert.equal(calledBack([]), undefined);
  assert.equal(broken(events("promised", "promise_ended", "message customer")), true);
  for (const said of ["message", "promised", "callback", "left", "joined", "closed"]) {
    assert.equal(broken(events("promise_ended", said)), false, said);
  }
  assert.equal(broken([]), false);
});
