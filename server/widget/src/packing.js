import { KEYS } from "./texts.js";

/** @import { Texts } from "./texts.js" */

/** A language's texts without their keys. @param {Texts} texts */
export const pack = (texts) => KEYS.map((key) => texts[key]).join("|");

/** @param {string} packed @returns {Texts} */
export const unpack = (packed) => {
  const texts = packed.split("|");
  return /** @type {Texts} */ (Object.fromEntries(KEYS.map((key, i) => [key, texts[i]])));
};
