import { openCustomer } from "./customer.js";
import { readSettings } from "./settings.js";
import { openStore } from "./store.js";
import { openView } from "./view.js";

/** @import { Settings } from "./settings.js" */
/** @import { View } from "./view.js" */

/** @typedef {"open" | "close" | "toggle"} Call */

const page = /** @type {any} */ (window);
// Only now does the browser say which tag this is.
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** @param {Settings} settings */
function start(settings) {
  const store = openStore(`supportterm.${settings.shop}.`, () => localStorage);
  const customer = openCustomer(settings, store, () => view.render());
  const view = openView(settings, customer);
  customer.begin();

  addEventListener("online", customer.link.wake);
  addEventListener("offline", customer.link.cut);
  addEventListener("visibilitychange", () => {
    if (customer.visible()) {
      customer.link.wake();
      customer.link.pump();
      view.render();
    }
  });
  addEventListener("storage", () => {
    customer.shared();
    view.render();
  });
  // Never `unload`: it would keep the whole page out of the browser's memory for "back".
  addEventListener("pagehide", customer.leave);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      customer.back();
      if (view.isOpen()) {
        customer.link.start();
      }
    }
  });
  return view;
}

/** @param {HTMLScriptElement} tag */
function boot(tag) {
  const stub = page.supportterm;
  // The tag may stand twice in a page: the first one counts.
  if (stub?.open) {
    return;
  }
  const settings = readSettings(tag, [document.documentElement.lang, navigator.language]);
  if (!settings) {
    console.error("supportterm: data-shop is missing");
    return;
  }
  /** @type {Call[]} */
  const early = Array.from(stub?.q ?? [], ([call]) => call);
  /** @type {View | undefined} */
  let view;
  /** @param {Call} call */
  const does = (call) => {
    if (view) {
      view[call]();
    } else {
      early.push(call);
    }
  };
  page.supportterm = does;
  for (const call of /** @type {const} */ (["open", "close", "toggle"])) {
    page.supportterm[call] = () => does(call);
  }
  // A shop's first picture does not wait for a chat.
  const soon = () =>
    (page.requestIdleCallback ?? setTimeout)(() => {
      view = start(settings);
      early.forEach(does);
    });
  if (document.readyState === "complete") {
    soon();
  } else {
    addEventListener("load", soon);
  }
}

if (script) {
  boot(script);
}
