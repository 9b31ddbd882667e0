/**
 * Unguessable random bytes as base64url without padding: 16 bytes make the 22 characters of an id,
 * 32 the 43 of a token.
 *
 * @param {number} bytes
 */
export function randomId(bytes) {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...drawn))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
