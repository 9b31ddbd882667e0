import assert from "node:assert/strict";
import { test } from "node:test";
import { takeAlong, whoIn } from "../src/signedin.js";
import { memoryStore } from "./memory.js";

/** @param {unknown} claims */
const signed = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;

test("the number is read out of a word, whatever else stands there", () => {
  assert.equal(whoIn(signed({ sub: "48213", name: "Ève ✓ >>>???" })), "48213");
  assert.equal(whoIn(signed({ sub: "a/b+c" })), "a/b+c");
});

test("what is no word names nobody", () => {
  for (const text of [undefined, "", "x", "x.y.z", "..", "x.e30", signed(null), "é.é.é"]) {
    assert.equal(whoIn(text), "", text);
  }
});

test("who signs in takes along what has no name yet, and nothing that is somebody's", () => {
  const from = memoryStore();
  const to = memoryStore();
  const chat = "c".repeat(22);
  const own = { chat, [`fix.${chat}.3`]: "x" };
  // Where to reach somebody was maybe typed by another one.
  const others = { token: "t", form: "{}", "~7.chat": "theirs", [`${chat}.chat`]: "a link's" };
  /** @param {object} command */
  const entry = (command) => JSON.stringify({ n: 1, command, at: 1 });
  const unsent = {
    "out.0": entry({ t: "open" }),
    "out.1": entry({ t: "say", text: '{"t":"leave"}' }),
    "out.2": "{",
    "out.3": entry({ t: "say", text: "Hello?" }),
  };
  for (const [name, value] of Object.entries({ ...own, ...others, ...unsent })) {
    from.set(name, value);
  }
  // Nobody says in their name what they have not seen.
  assert.equal(takeAlong(from, to), '{"t":"leave"}\nHello?');
  assert.deepEqual(Object.fromEntries(to.names().map((name) => [name, to.get(name)])), own);
  assert.deepEqual(from.names().sort(), Object.keys(others).sort());
});

test("who has a chat already leaves the other where it is", () => {
  const from = memoryStore();
  const to = memoryStore();
  from.set("chat", "here");
  to.set("chat", "elsewhere");
  assert.equal(takeAlong(from, to), undefined);
  assert.equal(from.get("chat"), "here");
  assert.equal(to.get("chat"), "elsewhere");
});

test("what is to be answered where somebody is reached stays where it is", () => {
  for (const left of [
    { left: "1" },
    ...["leave", "give_contact"].map((t) => ({ "out.1": ` {"at": 1, "command": {"x": 1, "t": "${t}"}}` })),
  ]) {
    const from = memoryStore();
    const to = memoryStore();
    for (const [name, value] of Object.entries({ chat: "here", ...left })) {
      from.set(name, value);
    }
    assert.equal(takeAlong(from, to), undefined);
    assert.deepEqual(to.names(), []);
    assert.equal(from.get("chat"), "here");
  }
});
