import assert from "node:assert/strict";
import { test } from "node:test";
import { openOutbox } from "../src/outbox.js";
import { memoryStorage, memoryStore } from "./memory.js";

/** @param {string} id @param {string} [chat] */
const say = (id, chat = "c") => ({ t: /** @type {const} */ ("say"), id, chat, text: `text of ${id}` });
/** @param {ReturnType<typeof openOutbox>} outbox */
const ids = (outbox) => outbox.all().map(({ command }) => command.id);

test("what was written is there again, in order, and the same id is one command", () => {
  const storage = memoryStorage();
  const outbox = openOutbox(memoryStore(storage));
  for (const id of ["z", "a", "m", "a"]) {
    outbox.add(say(id), 7);
  }
  assert.deepEqual(ids(openOutbox(memoryStore(storage))), ["z", "a", "m"]);
  outbox.drop("z");
  outbox.add(say("b"), 8);
  assert.deepEqual(ids(outbox), ["a", "m", "b"]);
});

test("two tabs see one outbox and lose nothing of each other", () => {
  const storage = memoryStorage();
  const [one, two] = [openOutbox(memoryStore(storage)), openOutbox(memoryStore(storage))];
  one.add(say("1"), 0);
  two.add(say("2"), 0);
  one.add(say("3"), 0);
  two.drop("1");
  assert.deepEqual(ids(one), ["2", "3"]);
});

test("what is not ours or was cut short is passed over", () => {
  const storage = memoryStorage();
  storage.setItem("test.out.x", '{"n":1,"comm');
  storage.setItem("test.other", "1");
  storage.setItem("foreign", "1");
  const outbox = openOutbox(memoryStore(storage));
  outbox.add(say("1"), 0);
  assert.deepEqual(ids(outbox), ["1"]);
});

test("a refused message waits for the person, not for the wire", () => {
  const outbox = openOutbox(memoryStore());
  outbox.add(say("1"), 0);
  outbox.add(say("2"), 0);
  const [first] = outbox.all();
  assert.ok(first);
  outbox.refuse(first, "bad_text", "…");
  assert.deepEqual(
    outbox.waiting("c").map(({ command }) => command.id),
    ["2"],
  );
  outbox.forgetRefused("other");
  assert.equal(outbox.find("1")?.refused?.code, "bad_text");
  outbox.forgetRefused("c");
  assert.deepEqual(ids(outbox), ["2"]);
});

test("what waits can belong to another chat, same ids, same order", () => {
  const outbox = openOutbox(memoryStore());
  for (const id of ["9", "8", "7"]) {
    outbox.add(say(id), 0);
  }
  outbox.move("c", "d");
  assert.deepEqual(outbox.waiting("c"), []);
  assert.deepEqual(
    outbox.waiting("d").map(({ command }) => command.id),
    ["9", "8", "7"],
  );
});
