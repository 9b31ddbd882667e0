import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { hasOlder } from "../src/chatlog.js";
import { openJournal } from "../src/journal.js";
import { openOutbox } from "../src/outbox.js";
import { memoryStore } from "./memory.js";

const folder = new URL("../../../tests/golden/traces/", import.meta.url);
const traces = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")))
  // The widget is never staff: it sends no notes and reads no hidden events.
  .filter((trace) => trace.role === "customer");

/** @param {any} step @param {import("../src/journal.js").Journal} journal @param {{now: number}} clock */
function act(step, journal, clock) {
  if (step.put) {
    journal.put(step.put, 0);
  } else if (step.connected) {
    assert.deepEqual(journal.have(), step.hello);
  } else if (step.take) {
    journal.take(step.take, clock.now);
  } else if ("tick" in step) {
    clock.now = step.tick;
  } else if (step.lost) {
    journal.lost();
  } else if (step.saw) {
    journal.saw(step.saw);
  } else if (step.more) {
    journal.more(step.more);
  } else if (step.typed) {
    journal.typed(step.typed, clock.now);
  } else if (step.stopped_typing) {
    journal.stoppedTyping(step.stopped_typing);
  } else {
    assert.fail(`not a step: ${JSON.stringify(step)}`);
  }
}

/** @param {import("../src/journal.js").Journal} journal @param {(log: import("../src/chatlog.js").ChatLog) => unknown} of */
const perChat = (journal, of) =>
  Object.fromEntries(
    [...journal.chats].map(([id, log]) => [id, of(log)]).filter(([, value]) => value !== undefined),
  );

/** @param {object | undefined} value @param {string[]} keys */
const known = (value, keys) =>
  value ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) : null;

/** @param {import("../src/journal.js").Journal} journal @param {import("../src/outbox.js").Outbox} outbox @returns {Record<string, unknown>} */
function ends(journal, outbox) {
  const logs = [...journal.chats.values()];
  return {
    transcript: perChat(journal, (log) => log.events.map((e) => [e.seq, e.kind, e.text ?? ""])),
    first: perChat(journal, (log) => log.first),
    last: perChat(journal, (log) => log.last),
    older: perChat(journal, hasOlder),
    outbox: logs.flatMap((log) => outbox.waiting(log.id).map((entry) => entry.command.id)),
    refused: outbox
      .all()
      .filter((entry) => entry.refused)
      .map((entry) => ({ id: entry.command.id, code: entry.refused?.code })),
    epoch: journal.epoch(),
    gone: logs.filter((log) => log.gone).map((log) => log.id),
    // Fields this widget does not know say nothing.
    door: known(journal.door(), ["open", "closed", "opens_at", "full", "banner", "blocked_until", "appeal"]),
    state: perChat(journal, (log) => log.head?.state),
    agent: perChat(journal, (log) => log.head && (log.head.agent ?? "")),
    promise_due: perChat(journal, (log) => log.head && (log.head.promise_due ?? 0)),
    marks: perChat(journal, (log) => log.marks),
  };
}

for (const trace of traces) {
  test(`trace: ${trace.name}`, () => {
    const outbox = openOutbox(memoryStore());
    const journal = openJournal(outbox);
    const clock = { now: 0 };
    for (const step of trace.steps) {
      act(step, journal, clock);
      journal.fade(clock.now);
      const sent = JSON.parse(JSON.stringify(journal.toSend(clock.now)));
      const of = (/** @type {string} */ tag) => sent.filter((/** @type {any} */ frame) => frame.t === tag);
      const said = sent.filter((/** @type {any} */ frame) => frame.t !== "mark" && frame.t !== "typing");
      const where = JSON.stringify(step);
      assert.deepEqual(said, step.sends ?? [], where);
      if (step.marks) {
        assert.deepEqual(of("mark"), step.marks, where);
      }
      if (step.typing) {
        assert.deepEqual(of("typing"), step.typing, where);
      }
      if (step.shows_typing) {
        const typing = [...journal.chats.values()].some((log) => log.typingUntil);
        assert.deepEqual(typing ? ["agent"] : [], step.shows_typing, where);
      }
      assert.deepEqual(journal.toSend(clock.now), [], "nothing leaves twice");
    }
    const reached = ends(journal, outbox);
    for (const [key, value] of Object.entries(trace.expect)) {
      assert.deepEqual(reached[key], value, key);
    }
  });
}

test("there are enough traces", () => assert.ok(traces.length >= 24));
