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
    const address = found[0].replace(/[.,!?;:)\]}*_]+$/, "");
    const href = parsed(address);
    if (href) {
      parts.push({ text: text.slice(from, found.index) }, { text: address, href });
      from = found.index + address.length;
    }
  }
  parts.push({ text: text.slice(from) });
  return parts.filter((part) => part.text);
}

/** @param {string} address */
function parsed(address) {
  try {
    return new URL(address).href;
  } catch {
    return "";
  }
}
