import assert from "node:assert/strict";
import { test } from "node:test";
import { openJournal } from "../src/journal.js";
import { openMoments } from "../src/moments.js";
import { openOutbox } from "../src/outbox.js";
import { rest, shortly, trueFor, whenBack } from "../src/promise.js";
import { TEXTS } from "../src/texts.js";
import { memoryStore } from "./memory.js";

/** 20:00 on a Thursday, wherever this runs. */
const NOW = new Date(2026, 10, 26, 20, 0).getTime();
const MINUTE = 60_000;

/** @param {number} left ms @param {string} [lang] */
const back = (left, lang = "en") => {
  const t = /** @type {any} */ (TEXTS[lang]);
  return whenBack(NOW + left, NOW, t, openMoments(lang, t, "en-GB"));
};

test("the last five minutes are counted down, more is a time of day", () => {
  assert.deepEqual(
    [40 * MINUTE, 5 * MINUTE + 1, 5 * MINUTE, 299_000, 298_999, 61_001, 1, 0, -5000].map((left) =>
      back(left),
    ),
    [
      "before 20:40",
      "before 20:05",
      "in 5:00",
      "in 4:59",
      "in 4:59",
      "in 1:02",
      "in 0:01",
      "in 0:00",
      "in 0:00",
    ],
  );
  assert.equal(back(13 * 60 * MINUTE), "tomorrow at 09:00");
  assert.deepEqual(
    ["nl", "da", "de", "fr"].map((lang) => [back(40 * MINUTE, lang), back(90_000, lang)]),
    [
      ["vóór 20:40\u00a0uur", "over 1:30"],
      ["inden kl.\u00a020:40", "om 1:30"],
      ["vor 20:40\u00a0Uhr", "in 1:30"],
      ["avant 20:40", "dans 1:30"],
    ],
  );
});

test("beside the launcher there is room for a few letters", () => {
  assert.deepEqual([299_001, 60_000, 59_999, 1, 0, -5000].map(rest), [
    "5:00",
    "1:00",
    "1:00",
    "0:01",
    "0:00",
    "0:00",
  ]);
  const at = (/** @type {number} */ days, lang = "en-GB") => shortly(NOW + days * 1440 * MINUTE, NOW, lang);
  assert.match(at(1 / 24), /^(21:00|9:00\sPM)$/);
  assert.deepEqual([at(1), at(6), at(7), at(30)], ["Fri 20:00", "Wed 20:00", "3 Dec", "26 Dec"]);
  assert.deepEqual([at(1, "de"), at(7, "nl"), at(7, "fr")], ["Fr., 20:00", "3 dec", "3 déc."]);
});

test("it is looked at again exactly when its words change", () => {
  for (let left = 1; left <= 12 * MINUTE; left += 377) {
    const next = trueFor(NOW + left, NOW);
    assert.ok(next > 0 && next <= MINUTE);
    if (left <= 5 * MINUTE && left > 1000) {
      assert.equal(back(left - next + 1), back(left));
      assert.notEqual(back(left - next), back(left));
    }
  }
  assert.equal(trueFor(NOW + 5 * MINUTE + 20, NOW), 20);
});

test("the server's clock counts, whatever this machine's says", () => {
  const journal = openJournal(openOutbox(memoryStore()));
  assert.equal(journal.time(7), 7);
  /** @param {number} time the server's @param {number} now here */
  const beat = (time, now) => journal.take({ t: "beat_back", time }, now);
  for (const wrong of [-10 * MINUTE, 0, 10 * MINUTE]) {
    beat(NOW, NOW + wrong);
    assert.equal(journal.time(NOW + wrong + 3000), NOW + 3000);
  }
  // A slow answer says less than a quick one did; a much later time says that a clock was set.
  beat(NOW, NOW + 900);
  assert.equal(journal.time(NOW), NOW - 900);
  beat(NOW, NOW + 1300);
  assert.equal(journal.time(NOW), NOW - 900);
  beat(NOW, NOW + 100);
  assert.equal(journal.time(NOW), NOW - 100);
  beat(NOW, NOW + 1100);
  assert.equal(journal.time(NOW), NOW - 1100);
});

test("a promise that moves with the server's clock keeps what is left of it", () => {
  const journal = openJournal(openOutbox(memoryStore()));
  /** @param {number} seq @param {string} kind @param {number} at @param {number} due @param {number} now */
  const happens = (seq, kind, at, due, now) =>
    journal.take(
      /** @type {any} */ ({
        t: "event",
        chat: "c",
        seq,
        kind,
        at,
        by: { role: "desk" },
        data: { due_at: due },
      }),
      now,
    );
  journal.take({ t: "beat_back", time: NOW }, 0);
  journal.take(
    { t: "chat", chat: "c", first: 1, last: 0, head: { state: "open", shop: "s", lang: "en", opened_at: 1 } },
    0,
  );
  const left = (/** @type {number} */ now) => (journal.log("c").head?.promise_due ?? 0) - journal.time(now);
  happens(1, "promised", NOW, NOW + 3 * MINUTE, 0);
  assert.equal(left(1000), 179_000);
  // The server's clock is set forward by an hour, and says so.
  journal.take({ t: "beat_back", time: NOW + 61 * MINUTE }, MINUTE);
  happens(2, "promise_moved", NOW + 61 * MINUTE, NOW + 63 * MINUTE, MINUTE);
  assert.equal(left(MINUTE), 2 * MINUTE);
  happens(3, "promise_extended", NOW + 61 * MINUTE, NOW + 65 * MINUTE, MINUTE);
  assert.equal(left(MINUTE), 4 * MINUTE);
});
