/**
 * What the wire can carry of a typed text: no control characters but line ends and tabs, no halves
 * of characters, no blank edges.
 *
 * @param {string} text
 */
export function clean(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, "")
    .trim();
}

/** Texts below each other, without the empty ones. @param {...(string | undefined)} texts */
export const lines = (...texts) => texts.filter(Boolean).join("\n");

/**
 * The parts of a message: plain texts and addresses to link, http and https only, without the
 * punctuation that a sentence puts after them.
 *
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function linked(text) {
  /** @type {{text: string, href?: string}[]} */
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/\bhttps?:\/\/[^\s<>"']+/gi)) {
    const href = found[0].replace(/[.,!?;:)\]}*_]+$/, "");
    parts.push({ text: text.slice(from, found.index) }, { text: href, href });
    from = found.index + href.length;
  }
  parts.push({ text: text.slice(from) });
  return parts.filter((part) => part.text);
}

/** As far as a typing mistake can be seen; what is an address, the server says. @param {string} text */
export const isAddress = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
