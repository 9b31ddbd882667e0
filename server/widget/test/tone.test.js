import assert from "node:assert/strict";
import { test } from "node:test";
import { FAMILIAR_LABELS, LABELS } from "../src/labels.js";
import { pack, unpack } from "../src/packing.js";
import { FAMILIAR, TEXTS } from "../src/texts.js";

/** @import { Texts } from "../src/texts.js" */

/**
 * Whole words, in whatever alphabet.
 *
 * @param {string} words @param {string} [flags]
 */
const whole = (words, flags = "iu") => new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, flags);

/**
 * The words of each tone. In German only the capital tells "Sie" from "sie"; in French the verb says it alone,
 * too ("Réessayez").
 *
 * @type {{[lang: string]: {polite: RegExp, familiar: RegExp}}}
 */
const WORDS = {
  nl: { polite: whole("u|uw|uwe|alstublieft"), familiar: whole("je|jij|jou|jouw|jouwe|alsjeblieft") },
  de: {
    polite: whole("Sie|Ihnen|Ihr(?:e[mnrs]?)?", "u"),
    familiar: whole("du|dich|dir|dein(?:e[mnrs]?)?|euch|euer"),
  },
  fr: {
    polite: whole("vous|votre|vos|vôtres?|(?!chez|assez)\\p{L}+ez"),
    familiar: whole("tu|te|t|toi|ton|ta|tes|tien|tienne"),
  },
};

/** @type {[string, {[key: string]: string}, {[key: string]: string}][]} language, polite texts, familiar ones */
const SETS = Object.entries(FAMILIAR).flatMap(([lang, familiar]) => [
  [lang, Object(TEXTS[lang]), familiar],
  [lang, Object(LABELS[lang]), { ...Object(LABELS[lang]), ...FAMILIAR_LABELS[lang] }],
]);

test("the words tell the tones apart", () => {
  for (const said of ["Zag u dat?", "Uw vraag", "Alstublieft."]) {
    assert.match(said, Object(WORDS.nl).polite);
  }
  assert.doesNotMatch("Nu duurt het een uur", Object(WORDS.nl).polite);
  assert.match("Danke für Ihre Geduld", Object(WORDS.de).polite);
  assert.doesNotMatch("Wir bewahren sie auf, in ihrem Siegel", Object(WORDS.de).polite);
  for (const said of ["Réessayez !", "le vôtre", "Et vous ?", "Commencez-en un"]) {
    assert.match(said, Object(WORDS.fr).polite);
  }
  assert.doesNotMatch("C’est assez, chez nous", Object(WORDS.fr).polite);
});

test("every language that has two tones has them", () => {
  const both = Object.keys(TEXTS).filter((lang) => WORDS[lang]?.polite.test(pack(Object(TEXTS[lang]))));
  assert.deepEqual(Object.keys(FAMILIAR).sort(), both.sort());
  // Danish shops say "du" to everybody; "De" would be another desk's.
  assert.doesNotMatch(pack(Object(TEXTS.da)), whole("De|Dem|Deres", "u"));
});

test("no text of one tone has a word of the other", () => {
  for (const [lang, polite, familiar] of SETS) {
    const words = Object(WORDS[lang]);
    for (const [key, text] of Object.entries(familiar)) {
      assert.doesNotMatch(text, words.polite, `${lang} ${key}, familiar`);
      assert.doesNotMatch(polite[key] ?? "", words.familiar, `${lang} ${key}, polite`);
    }
  }
});

test("both tones say everything, with the same variables, and pack", () => {
  const variables = (/** @type {string} */ said) => (said.match(/\{\w+\}/g) ?? []).sort();
  for (const [lang, polite, familiar] of SETS) {
    assert.deepEqual(Object.keys(familiar), Object.keys(polite), lang);
    for (const [key, text] of Object.entries(familiar)) {
      assert.ok(text && !text.includes("|"), `${lang} ${key}`);
      assert.deepEqual(variables(text), variables(polite[key] ?? ""), `${lang} ${key}`);
    }
  }
  for (const [lang, texts] of Object.entries(FAMILIAR)) {
    assert.deepEqual(unpack(pack(texts)), texts, lang);
  }
});

test("texts are written twice only where the tone shows", async () => {
  for (const lang of Object.keys(FAMILIAR)) {
    const { default: own } = await import(`../src/texts/familiar/${lang}.js`);
    for (const [key, text] of Object.entries(own)) {
      assert.notEqual(text, Object(TEXTS[lang])[key], `${lang} ${key}`);
    }
  }
});
