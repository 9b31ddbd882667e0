import da from "./texts/da.js";
import en from "./texts/en.js";
import nl from "./texts/nl.js";

/** @typedef {typeof en} Texts */

/**
 * The texts of every language. The build writes their keys only once.
 *
 * @type {{en: Texts, [lang: string]: Texts}}
 */
export const TEXTS = { en, nl, da };
