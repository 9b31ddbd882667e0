import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, FIRST_MS, MOST_MS } from "../src/backoff.js";
import { fill, pickLanguage } from "../src/i18n.js";
import { randomId } from "../src/ids.js";
import { LABELS } from "../src/labels.js";
import { pack, unpack } from "../src/packing.js";
import { readSettings } from "../src/settings.js";
import { openStore } from "../src/store.js";
import { FAMILIAR, TEXTS } from "../src/texts.js";
import { tickOf } from "../src/ticks.js";
import { clean, linked } from "../src/words.js";

test("waiting grows from half a second to half a minute, and is anywhere below", () => {
  assert.equal(
    backoff(0, () => 1),
    FIRST_MS,
  );
  assert.equal(
    backoff(3, () => 1),
    4000,
  );
  assert.equal(
    backoff(50, () => 0.5),
    MOST_MS / 2,
  );
  assert.equal(
    backoff(9, () => 0),
    0,
  );
});

test("ids and tokens have the wire's lengths and letters, and never repeat", () => {
  const ids = new Set(Array.from({ length: 500 }, () => randomId(16)));
  assert.equal(ids.size, 500);
  for (const id of ids) {
    assert.match(id, /^[A-Za-z0-9_-]{22}$/);
  }
  assert.match(randomId(32), /^[A-Za-z0-9_-]{43}$/);
});

test("every language says everything, with the same variables, and packs", () => {
  for (const [lang, texts] of Object.entries(TEXTS)) {
    assert.deepEqual(Object.keys(texts), Object.keys(TEXTS.en), lang);
    for (const [key, text] of Object.entries(texts)) {
      // Another language may say them in another order.
      const variables = (/** @type {string} */ said) => (said.match(/\{\w+\}/g) ?? []).sort();
      assert.ok(text, `${lang} ${key}`);
      assert.ok(!text.includes("|"), `${lang} ${key}: the build parts texts by this sign`);
      assert.deepEqual(variables(text), variables(Object(TEXTS.en)[key]), `${lang} ${key}`);
    }
    assert.deepEqual(unpack(pack(texts)), texts, lang);
  }
});

test("no line breaks before a French sentence's sign, or within a time of day", () => {
  for (const texts of [TEXTS.fr, FAMILIAR.fr]) {
    assert.doesNotMatch(pack(Object(texts)), / [:;?!]/);
  }
  for (const texts of [...Object.values(TEXTS), ...Object.values(FAMILIAR)]) {
    assert.doesNotMatch(pack(texts), /kl\. |\{time\} (?:uur|Uhr)/);
  }
});

test("who can read the launcher can read the panel", () => {
  assert.deepEqual(Object.keys(LABELS), Object.keys(TEXTS));
});

test("the first wish for a language decides", () => {
  assert.equal(pickLanguage(["nl-BE"]), "nl");
  assert.equal(pickLanguage(["", undefined, "DA"]), "da");
  assert.equal(pickLanguage(["de-AT", "nl"]), "de");
  assert.equal(pickLanguage(["FR"]), "fr");
  assert.equal(pickLanguage(["sv", "nl"]), "en");
  assert.equal(pickLanguage([]), "en");
});

test("a name is put in as it is", () => {
  assert.equal(fill("{name} is typing…", { name: "$& {name}" }), "$& {name} is typing…");
  assert.equal(fill("{a} {b}", { a: 0 }), "0 {b}");
});

test("ticks follow the other side's marks", () => {
  const marks = { got: 5, seen: 3 };
  assert.deepEqual(
    [0, 3, 4, 6].map((seq) => tickOf(seq, marks)),
    ["waiting", "read", "delivered", "stored"],
  );
});

test("a typed text leaves clean", () => {
  assert.equal(clean("  one\r\ntwo\tthree\r\n "), "one\ntwo\tthree");
  assert.equal(clean("a\u0000b\u001b[31mc\u007f\ud800d😀"), "ab[31mcd😀");
  assert.equal(clean(" \n\u200b".replace("\u200b", "")), "");
});

test("only http and https become links, without the sentence's punctuation", () => {
  const links = (/** @type {string} */ text) => linked(text).flatMap(({ href }) => href ?? []);
  assert.deepEqual(links("see https://a.example/x?y=1&z=2, or (http://b.example)."), [
    "https://a.example/x?y=1&z=2",
    "http://b.example",
  ]);
  assert.deepEqual(links("javascript:alert(1) data:text/html,x ftp://c.example xhttps:/no"), []);
  assert.deepEqual(links('"https://a.example"><img src=x>'), ["https://a.example"]);
  for (const text of ["", "plain", "https://a.example", "a https://b.example! c <b>", "https://"]) {
    assert.equal(
      linked(text)
        .map((part) => part.text)
        .join(""),
      text,
    );
  }
});

test("the script's tag says where, who and how", () => {
  const tag = (/** @type {Record<string, string>} */ dataset, src = "https://chat.example/widget.js?v=1") =>
    readSettings({ src, dataset }, ["da"]);
  assert.equal(tag({}), undefined);
  assert.deepEqual(tag({ shop: "a b", position: "left", accent: "#123456" }), {
    url: "wss://chat.example/v1/shop/a%20b",
    panel: "https://chat.example/panel.js",
    texts: "https://chat.example/texts-da.js",
    shop: "a b",
    lang: "da",
    familiar: false,
    style: "",
    left: true,
    accent: "#123456",
    title: undefined,
    hello: undefined,
    identity: undefined,
    open: false,
  });
  assert.equal(tag({ shop: "x", identity: "a.b.c" })?.identity, "a.b.c");
  assert.equal(tag({ shop: "x", open: "" })?.open, true);
  assert.equal(tag({ shop: "x" }, "http://127.0.0.1:8700/widget.js")?.url, "ws://127.0.0.1:8700/v1/shop/x");
  assert.equal(tag({ shop: "x" }, "https://e.example/chat/widget.js")?.url, "wss://e.example/chat/v1/shop/x");
  assert.equal(tag({ shop: "x", lang: "nl" })?.lang, "nl");
});

test("the server says how a shop looks and speaks", () => {
  const shops = {
    a: { style: ".frame{}", familiar: ["nl", "de"] },
    b: { familiar: ["fr"] },
    c: { style: "x" },
  };
  const said = (/** @type {string} */ shop, /** @type {string} */ lang) => {
    const read = readSettings({ src: "https://chat.example/widget.js", dataset: { shop, lang } }, [], shops);
    return [read?.texts.replace(/.*texts-/, ""), read?.familiar, read?.style];
  };
  assert.deepEqual(said("a", "nl-BE"), ["nl-familiar.js", true, ".frame{}"]);
  assert.deepEqual(said("a", "fr"), ["fr.js", false, ".frame{}"]);
  assert.deepEqual(said("b", "fr"), ["fr-familiar.js", true, ""]);
  assert.deepEqual(said("c", "nl"), ["nl.js", false, "x"]);
  assert.deepEqual(said("d", "nl"), ["nl.js", false, ""]);
});

test("where a browser refuses storage, memory serves", () => {
  const store = openStore("x.", () => {
    throw new Error("SecurityError");
  });
  store.set("a", "1");
  assert.deepEqual([store.get("a"), store.get("b"), store.names()], ["1", "", ["a"]]);
  store.remove("a");
  assert.deepEqual(store.names(), []);
});
