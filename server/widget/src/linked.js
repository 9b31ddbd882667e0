/**
 * The token of a mail's link in the page's address, which is taken out of it: neither what else runs in
 * the page, nor the history, nor who copies the address is to have it.
 *
 * @param {{hash: string, pathname: string, search: string}} location
 * @param {{state: unknown, replaceState: (state: unknown, unused: string, url: string) => void}} history
 * @returns {string} "" without one
 */
export function takeLink({ hash, pathname, search }, history) {
  const [, link = ""] = /^#supportterm=(.*)/.exec(hash) ?? [];
  if (link) {
    history.replaceState(history.state, "", pathname + search);
  }
  // Whatever was pasted, a frame holds no more.
  return link.slice(0, 200);
}

/** The chat that a link says it opens; what it really opens, the server knows. @param {string} link */
export const chatOf = (link) => link.split(".")[1] ?? "";
