import da from "./texts/da.js";
import de from "./texts/de.js";
import en from "./texts/en.js";
import familiarDe from "./texts/familiar/de.js";
import familiarFr from "./texts/familiar/fr.js";
import familiarNl from "./texts/familiar/nl.js";
import fr from "./texts/fr.js";
import nl from "./texts/nl.js";

/** @typedef {typeof en} Texts */

/**
 * The texts of every language. The build makes a script of each, so that nobody loads another's.
 *
 * @type {{en: Texts, [lang: string]: Texts}}
 */
export const TEXTS = { en, nl, da, de, fr };

/**
 * The same where a shop's tone is "familiar", in languages that have two ways to address a customer.
 *
 * @type {{[lang: string]: Texts}}
 */
export const FAMILIAR = {
  nl: { ...nl, ...familiarNl },
  de: { ...de, ...familiarDe },
  fr: { ...fr, ...familiarFr },
};

/** What stands in those scripts, in this order; the build puts only these keys into the panel. */
export const KEYS = /** @type {(keyof Texts)[]} */ (Object.keys(en));
