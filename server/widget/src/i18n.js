import { TEXTS } from "./texts.js";

/**
 * The first wish that is one decides, by its main part ("nl-BE" is "nl"); English where there are no
 * texts in it.
 *
 * @param {readonly (string | null | undefined)[]} wishes
 */
export function pickLanguage(wishes) {
  const lang = (wishes.find(Boolean) ?? "").slice(0, 2).toLowerCase();
  return lang in TEXTS ? lang : "en";
}

/**
 * The text with the name in its place; whatever the name holds stays what it is.
 *
 * @param {string} text
 * @param {string} name
 */
export function fill(text, name) {
  return text.replace("{name}", () => name);
}
