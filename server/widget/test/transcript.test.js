import assert from "node:assert/strict";
import { test } from "node:test";
import { newLog } from "../src/chatlog.js";
import { openMoments } from "../src/moments.js";
import { TEXTS } from "../src/texts.js";
import { transcript } from "../src/transcript.js";

/** 14:00 on a Thursday, wherever this runs. */
const NOW = new Date(2026, 10, 26, 14, 0).getTime();
const MINUTE = 60_000;

/** @param {Partial<import("../src/frames.js").Event>} parts */
const event = (parts) => ({
  t: "event",
  chat: "c",
  seq: 1,
  at: NOW,
  kind: "message",
  by: { role: "customer" },
  ...parts,
});
/** @param {any[]} events @param {any[]} entries @param {string} lang */
const shown = (events, entries = [], lang = "en") =>
  transcript(
    Object.assign(newLog("c"), {
      events,
      marks: { agent: { got: 3, seen: 1 }, customer: { got: 0, seen: 0 } },
    }),
    entries,
    /** @type {any} */ (TEXTS[lang]),
    lang,
    openMoments(lang, /** @type {any} */ (TEXTS[lang]), "en-GB"),
    NOW,
  );
/** What the transcript says of one event. @param {string} kind @param {unknown} data @param {string} [lang] */
const told = (kind, data, lang) => shown([event({ kind, data, by: mette })], [], lang)[0];
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
  const [left] = shown([], [{ ...entry, command: { ...entry.command, t: "leave" } }]);
  assert.deepEqual([left?.text, left?.tick], ["hello", "waiting"]);
});

test("erased texts are gone, each day has its name once, and today is told from before", () => {
  const day = 24 * 60 * MINUTE;
  const rows = shown([
    event({ seq: 1, at: NOW - 3 * day, text: "", erased: true }),
    event({ seq: 2, at: NOW - 2 * day, text: "b" }),
    event({ seq: 3, at: NOW - 2 * day, text: "c" }),
    event({ seq: 4, at: NOW, text: "d" }),
    event({ seq: 5, kind: "erased", at: NOW }),
  ]);
  assert.deepEqual(
    rows.map(({ text }) => text),
    ["Tuesday 24 November", "b", "c", "Today", "d"].map((text) =>
      text.startsWith("Tuesday") ? rows[0]?.text : text,
    ),
  );
  assert.match(rows[0]?.text ?? "", /Tuesday/);
});

test("who is there, who comes and who goes on", () => {
  const said = [
    told("joined", { name: "Mette", instead_of: "" }),
    told("joined", { name: "Mette", instead_of: "Tom" }),
    told("handing", { name: "Tom", skill: "" }),
    told("handing", { name: "", skill: "returns" }),
    told("handing", { name: "", skill: "" }),
    told("stays", { name: "Mette" }),
    told("promised", { due_at: NOW + 32 * MINUTE }),
    told("promised", { due_at: NOW + 3 * MINUTE }),
    told("promise_extended", { due_at: NOW + MINUTE }),
    told("promise_extended", { due_at: NOW + 32 * MINUTE, named: true }),
    told("promise_moved", { due_at: NOW + 32 * MINUTE }),
    told("promise_ended", { how: "kept" }),
    told("promise_ended", { how: "withdrawn" }),
    told("warned", {}),
  ];
  assert.deepEqual(
    said.map((row) => row?.text),
    [
      "Mette joined the chat",
      "Mette takes over from Tom",
      "You are being handed to Tom",
      "You are being handed to a colleague who knows about returns",
      "You are being handed to a colleague",
      "Mette stays with you",
      "Mette will be back before 14:32",
      "Mette will be back in 3 minutes",
      "Mette needs a little longer and will be back in 1 minute",
      "Mette needs a little longer and will be back before 14:32",
      undefined,
      undefined,
      undefined,
      "Please keep it friendly. We would like to help you.",
    ],
  );
});

test("how a chat ended, and where to complain", () => {
  const ended = (/** @type {string} */ reason, appeal = "") => told("closed", { reason, appeal })?.text;
  assert.equal(ended("customer"), "The chat has ended");
  assert.match(ended("idle") ?? "", /nothing was written/);
  assert.match(ended("gone") ?? "", /page was left/);
  assert.equal(
    ended("abuse", "fair@shop.example"),
    "This chat was ended. If you think this is a mistake, write to fair@shop.example.",
  );
  assert.equal(ended("abuse"), "This chat was ended.");
});

test("a left message says by when the answer comes, as long as that is to come", () => {
  assert.equal(
    told("left", { due_at: NOW + 3 * 60 * MINUTE })?.text,
    "Your message is kept. The answer comes here, by 17:00.",
  );
  assert.equal(told("left", { due_at: NOW - 1 })?.text, "Your message is kept. The answer comes here.");
});

test("a question can be answered with one press until it is answered", () => {
  const asked = event({
    seq: 2,
    kind: "language_asked",
    data: { wanted: "da", lang: "en", opens_at: new Date(2026, 10, 27, 9, 0).getTime() },
  });
  const answers = (/** @type {any[]} */ events, /** @type {any[]} */ entries = []) =>
    shown(events, entries).find((row) => row.key === "2")?.answers;
  assert.deepEqual(answers([asked]), [
    ["now", "English now"],
    ["wait", "Danish tomorrow at 09:00"],
  ]);
  assert.deepEqual(told("language_asked", { wanted: "da", lang: "en", opens_at: 0 })?.answers?.[1], [
    "wait",
    "Wait for Danish",
  ]);
  const evening = new Date(2026, 10, 26, 19, 0).getTime();
  assert.deepEqual(told("language_asked", { wanted: "da", lang: "en", opens_at: evening }, "nl")?.answers, [
    ["now", "Engels nu"],
    ["wait", "Deens vanaf 19:00"],
  ]);
  assert.deepEqual(answers([asked, event({ seq: 3, text: "hm" })])?.length, 2, "writing is no answer");
  for (const after of ["language_chosen", "joined", "closed", "left"]) {
    assert.equal(answers([asked, event({ seq: 3, kind: after, data: {} })]), undefined, after);
  }
  assert.equal(answers([asked], [{ n: 1, at: 0, command: { t: "choose", id: "x", chat: "c" } }]), undefined);
});

test("a nudge is answered by a press, or by writing", () => {
  const nudged = event({
    seq: 2,
    kind: "nudged",
    by: { role: "desk" },
    data: { closes_at: NOW + 10 * MINUTE, time_ms: 5 * MINUTE },
  });
  const answers = (/** @type {any[]} */ events, /** @type {any[]} */ entries = []) =>
    shown(events, entries).find((row) => row.key === "2")?.answers;
  assert.equal(shown([nudged])[0]?.text, "Are you still there? Otherwise we close this chat at 14:10.");
  assert.deepEqual(answers([nudged]), [["time", "I need 5 minutes"]]);
  for (const kind of ["message", "time_needed", "closed"]) {
    assert.equal(answers([nudged, event({ seq: 3, kind, data: {} })]), undefined, kind);
  }
  for (const t of ["need_time", "say"]) {
    const entry = { n: 1, at: 0, command: { t, id: "x", chat: "c", text: "" } };
    assert.equal(answers([nudged], [entry]), undefined, t);
  }
  assert.equal(
    told("time_needed", { until: NOW + 5 * MINUTE })?.text,
    "Take your time: the chat stays open until 14:05.",
  );
});

test("a promise that was not kept is told once, in the name of who made it", () => {
  /** @type {any} */
  const broken = { kind: "promise_ended", by: { role: "desk" }, data: { how: "broken" } };
  const lines = (/** @type {any[]} */ events, /** @type {string} */ lang = "en") =>
    shown(events, [], lang).map(({ text }) => text);
  const promised = event({ seq: 1, kind: "promised", by: mette, data: { due_at: NOW + 2 * MINUTE } });
  assert.deepEqual(lines([promised, event({ seq: 2, ...broken })]), [
    "Mette will be back in 2 minutes",
    "Mette needs a little more time and will tell you how much.",
  ]);
  assert.deepEqual(lines([promised, event({ seq: 2, ...broken })], "da"), [
    "Mette er tilbage om 2 minutter",
    "Mette har brug for lidt mere tid og siger til, hvor meget.",
  ]);
});

test("a callback is one line, in each language by its own grammar", () => {
  const due = new Date(2026, 10, 27, 10, 0).getTime();
  const events = [
    event({ seq: 1, kind: "promised", by: mette, data: { due_at: due, named: true } }),
    event({ seq: 2, kind: "callback", by: mette, data: { due_at: due, how: "mail" } }),
  ];
  /** @param {any[]} events @param {string} lang */
  const said = (events, lang) => shown(events, [], lang).map(({ text }) => text);
  for (const [lang, mail, phone] of [
    [
      "en",
      "Mette answers you by mail before Friday 10:00. You don’t need to stay.",
      "Mette calls you before Friday 10:00. You don’t need to stay.",
    ],
    [
      "nl",
      "Mette antwoordt u per mail vóór vrijdag 10:00\u00a0uur. U hoeft niet te blijven.",
      "Mette belt u vóór vrijdag 10:00\u00a0uur. U hoeft niet te blijven.",
    ],
    [
      "da",
      "Mette svarer dig på mail inden fredag kl.\u00a010:00. Du behøver ikke at blive her.",
      "Mette ringer til dig inden fredag kl.\u00a010:00. Du behøver ikke at blive her.",
    ],
    [
      "de",
      "Mette antwortet Ihnen vor Freitag, 10:00\u00a0Uhr per E-Mail. Sie müssen nicht hierbleiben.",
      "Mette ruft Sie vor Freitag, 10:00\u00a0Uhr an. Sie müssen nicht hierbleiben.",
    ],
    [
      "fr",
      "Mette vous répond par e-mail avant vendredi à 10:00. Vous n’avez pas besoin de rester.",
      "Mette vous appelle avant vendredi à 10:00. Vous n’avez pas besoin de rester.",
    ],
  ]) {
    assert.deepEqual(said(events, `${lang}`), [mail]);
    const calls = [
      ...events.slice(0, 1),
      event({ seq: 2, kind: "callback", by: mette, data: { due_at: due, how: "phone" } }),
    ];
    assert.deepEqual(said(calls, `${lang}`), [phone]);
  }
  const [today] = shown([
    event({ kind: "callback", by: mette, data: { due_at: NOW + MINUTE, how: "mail" } }),
  ]);
  assert.equal(today?.text, "Mette answers you by mail before 14:01. You don’t need to stay.");
});

test("a callback that is given more time is told as one, until the customer is back", () => {
  const later = event({ seq: 4, kind: "promise_extended", by: mette, data: { due_at: NOW + MINUTE } });
  const called = event({ seq: 2, kind: "callback", by: mette, data: { due_at: NOW, how: "phone" } });
  const last = (/** @type {any[]} */ events) => shown(events).pop()?.text;
  assert.equal(last([called, later]), "Mette calls you before 14:01. You don’t need to stay.");
  const back = event({ seq: 3, text: "Hello?" });
  assert.equal(last([called, back, later]), "Mette needs a little longer and will be back in 1 minute");
});
