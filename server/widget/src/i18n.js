import { LABELS } from "./labels.js";

/**
 * The first wish that is one decides, by its main part ("nl-BE" is "nl"); English where there are no
 * texts in it.
 *
 * @param {readonly (string | null | undefined)[]} wishes
 */
export function pickLanguage(wishes) {
  const lang = (wishes.find(Boolean) ?? "").slice(0, 2).toLowerCase();
  return lang in LABELS ? lang : "en";
}

/**
 * The text with what is known in the places of its variables; whatever that holds stays what it is.
 *
 * @param {string} text
 * @param {Record<string, string | number>} known
 */
export function fill(text, known) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => `${known[key] ?? whole}`);
}
