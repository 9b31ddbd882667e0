/**
 * Small texts by name, shared by all tabs of the shop and kept in this browser.
 *
 * @typedef {object} Store
 * @property {(name: string) => string} get "" if there is none
 * @property {(name: string, value: string) => void} set
 * @property {(name: string) => void} remove
 * @property {() => string[]} names
 */

/**
 * Keeps everything under `prefix` in `area`, or in memory where a browser refuses (storage blocked,
 * or full): then the chat works until the page is left.
 *
 * @param {string} prefix
 * @param {() => Storage} area asked each time, because even naming `localStorage` may throw
 * @returns {Store}
 */
export function openStore(prefix, area) {
  /** @type {Map<string, string>} */
  const memory = new Map();
  /**
   * @template T
   * @param {(storage: Storage) => T} use
   * @param {T} otherwise
   */
  const attempt = (use, otherwise) => {
    try {
      return use(area());
    } catch {
      return otherwise;
    }
  };
  return {
    get: (name) => memory.get(name) ?? attempt((storage) => storage.getItem(prefix + name), "") ?? "",
    set(name, value) {
      memory.delete(name);
      const kept = attempt((storage) => {
        storage.setItem(prefix + name, value);
        return true;
      }, false);
      if (!kept) {
        memory.set(name, value);
      }
    },
    remove(name) {
      memory.delete(name);
      attempt((storage) => storage.removeItem(prefix + name), undefined);
    },
    names: () => [
      ...memory.keys(),
      ...attempt((storage) => Object.keys(storage), [])
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    ],
  };
}
