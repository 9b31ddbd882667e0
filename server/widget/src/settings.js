import { pickLanguage } from "./i18n.js";

/**
 * What the server says of its shops in front of this script (server/gateway/prelude.py).
 *
 * @typedef {{[shop: string]: {style?: string, familiar?: string[]}}} Shops
 */

/**
 * What the shop's script tag says, and the server of the shop.
 *
 * @typedef {object} Settings
 * @property {string} url the socket's address
 * @property {string} panel the address of the panel's script
 * @property {string} texts the address of its texts
 * @property {string} shop
 * @property {string} lang
 * @property {boolean} familiar the shop says "je", "du" or "tu" to its customers
 * @property {string} style rules of the shop's theme
 * @property {boolean} left
 * @property {string} [accent] a CSS colour
 * @property {string} [title]
 * @property {string} [hello] the first words
 * @property {string} [identity] who is signed in at the shop, as it has signed that
 * @property {boolean} open the page is there for the chat that a link opens, and for nothing else
 * @property {boolean} [expired] a mail's link was followed that opens nothing
 */

/**
 * The settings of a script tag; undefined if it names no shop.
 *
 * @param {{src: string, dataset: DOMStringMap}} script
 * @param {readonly (string | undefined)[]} languages of the page and the browser
 * @param {Shops} [shops]
 * @returns {Settings | undefined}
 */
export function readSettings({ src, dataset }, languages, shops) {
  const { shop, lang, position, accent, title, hello, identity } = dataset;
  if (!shop) {
    return;
  }
  const url = new URL(`v1/shop/${encodeURIComponent(shop)}`, src);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const chosen = pickLanguage([lang, ...languages]);
  const { style = "", familiar: spoken } = shops?.[shop] ?? {};
  const familiar = !!spoken?.includes(chosen);
  return {
    url: url.href,
    panel: new URL("panel.js", src).href,
    texts: new URL(`texts-${chosen}${familiar ? "-familiar" : ""}.js`, src).href,
    shop,
    lang: chosen,
    familiar,
    style,
    left: position === "left",
    accent,
    title,
    hello,
    identity,
    open: "open" in dataset,
  };
}
