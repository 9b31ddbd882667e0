import { pickLanguage } from "./i18n.js";

/**
 * What the shop's script tag says.
 *
 * @typedef {object} Settings
 * @property {string} url the socket's address
 * @property {string} panel the address of the panel's script
 * @property {string} texts the address of its texts
 * @property {string} shop
 * @property {string} lang
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
 * @returns {Settings | undefined}
 */
export function readSettings({ src, dataset }, languages) {
  const { shop, lang, position, accent, title, hello, identity } = dataset;
  if (!shop) {
    return;
  }
  const url = new URL(`v1/shop/${encodeURIComponent(shop)}`, src);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const chosen = pickLanguage([lang, ...languages]);
  return {
    url: url.href,
    panel: new URL("panel.js", src).href,
    texts: new URL(`texts-${chosen}.js`, src).href,
    shop,
    lang: chosen,
    left: position === "left",
    accent,
    title,
    hello,
    identity,
    open: "open" in dataset,
  };
}
