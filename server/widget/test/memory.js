import { openStore } from "../src/store.js";

/** A browser's storage in memory: same names, same order, same texts only. */
export function memoryStorage() {
  const items = Object.create(null);
  const hidden = { enumerable: false };
  return Object.defineProperties(items, {
    getItem: { ...hidden, value: (/** @type {string} */ key) => items[key] ?? null },
    setItem: {
      ...hidden,
      value: (/** @type {string} */ key, /** @type {string} */ value) => {
        items[key] = String(value);
      },
    },
    removeItem: {
      ...hidden,
      value: (/** @type {string} */ key) => {
        delete items[key];
      },
    },
  });
}

/** @param {Storage} [storage] */
export const memoryStore = (storage = memoryStorage()) => openStore("test.", () => storage);
