import assert from "node:assert/strict";
import { test } from "node:test";
import { chatOf, takeLink } from "../src/linked.js";

const TOKEN = `1.chat-aaaaaaaaaaaaaaaa.1800000000000.${"s".repeat(43)}`;

/** What a page at `address` finds, and where it is then. @param {string} address */
function at(address) {
  const { pathname, search, hash } = new URL(address);
  let left = pathname + search + hash;
  const state = { kept: true };
  const history = {
    state,
    /** @type {(given: unknown, unused: string, url: string) => void} */
    replaceState(given, _, url) {
      assert.equal(given, state, "what the page keeps there is not ours");
      left = url;
    },
  };
  return [takeLink({ pathname, search, hash }, history), left];
}

test("a link's token is taken out of the address", () => {
  assert.deepEqual(at(`https://shop.example/cart?a=1#supportterm=${TOKEN}`), [TOKEN, "/cart?a=1"]);
  assert.equal(chatOf(TOKEN), "chat-aaaaaaaaaaaaaaaa");
});

test("also one that was cut off or longer than any", () => {
  assert.deepEqual(at("https://shop.example/#supportterm=1.x"), ["1.x", "/"]);
  assert.deepEqual(at(`https://shop.example/#supportterm=${"x".repeat(9999)}`), ["x".repeat(200), "/"]);
  assert.equal(chatOf("1"), "");
});

test("every other fragment is the page's own", () => {
  for (const hash of ["", "#", "#top", "#supportterm=", "#a&supportterm=1.x", "#supporttermx=1"]) {
    assert.deepEqual(at(`https://shop.example/p${hash}`), ["", `/p${hash === "#" ? "" : hash}`]);
  }
});
