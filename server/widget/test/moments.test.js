import assert from "node:assert/strict";
import { test } from "node:test";
import { capital, languageName, minutesOf, openMoments, rangeOf } from "../src/moments.js";
import { TEXTS } from "../src/texts.js";

const NOW = new Date(2026, 10, 26, 14, 0).getTime();

/** @param {string} lang @param {number} day of November 2026 @param {number} [hour] @param {string} [hours] */
const when = (lang, day, hour = 9, hours = "en-GB") =>
  openMoments(lang, /** @type {any} */ (TEXTS[lang]), hours).when(
    new Date(2026, 10, day, hour).getTime(),
    NOW,
  );

test("days and times in the visitor's own words", () => {
  assert.deepEqual(
    [when("en", 26, 17), when("en", 27), when("en", 30), when("nl", 27), when("da", 30, 9, "da")],
    ["at 17:00", "tomorrow at 09:00", "Monday at 09:00", "morgen om 09:00", "mandag kl.\u00a009.00"],
  );
  assert.deepEqual(
    [when("de", 26, 17), when("de", 30), when("fr", 27), when("fr", 30)],
    ["um 17:00\u00a0Uhr", "Montag um 09:00\u00a0Uhr", "demain à 09:00", "lundi à 09:00"],
  );
  // The same weekday a week on says its date.
  assert.match(when("en", 26 + 7), /^Thursday.*3.* at 09:00$/);
  assert.match(when("nl", 26 + 7), /^donderdag 3 december om 09:00$/);
  assert.match(when("en", 25), /^Wednesday.*25.* at 09:00$/);
});

test("midnight begins another day, however far away it is", () => {
  const late = new Date(2026, 10, 26, 23, 59).getTime();
  const moments = openMoments("en", TEXTS.en, "en-GB");
  assert.equal(moments.when(late + 60_000, late), "tomorrow at 00:00");
  assert.equal(moments.day(late, late + 60_000), moments.day(late, late + 3_600_000));
  assert.equal(moments.day(late, late), "");
  // Over the nights when clocks change, in whatever zone this runs.
  for (const [month, day] of /** @type {const} */ ([
    [2, 28],
    [9, 24],
    [10, 1],
  ])) {
    const evening = new Date(2026, month, day, 20).getTime();
    assert.equal(moments.when(new Date(2026, month, day + 1, 8).getTime(), evening), "tomorrow at 08:00");
  }
});

test("a wait is a range of whole minutes that is never empty", () => {
  const range = (/** @type {number} */ low, /** @type {number} */ high) =>
    rangeOf(low * 1000, high * 1000, TEXTS.en);
  assert.equal(range(180, 300), "About 3 to 5 minutes");
  assert.equal(range(170, 290), "About 2 to 5 minutes");
  assert.equal(range(30, 120), "At most about 2 minutes");
  assert.equal(range(0, 20), "At most about 2 minutes");
  assert.equal(range(240, 240), "About 4 minutes");
  assert.equal(range(3600, 5401), "More than an hour");
});

test("a time to ask for is said in words", () => {
  assert.equal(minutesOf(60_000, "en"), "1 minute");
  assert.equal(minutesOf(420_000, "da"), "7 minutter");
});

test("languages have their name in the visitor's", () => {
  assert.equal(languageName("da", "nl"), "Deens");
  assert.equal(languageName("en", "da"), "engelsk");
  assert.equal(capital("engelsk nu", "da"), "Engelsk nu");
  assert.equal(languageName("not a code", "en"), "not a code");
});
