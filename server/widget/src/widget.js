import { openCustomer } from "./customer.js";
import { openLauncher } from "./launcher.js";
import { chatOf, takeLink } from "./linked.js";
import { readSettings } from "./settings.js";
import { openStore } from "./store.js";

/** @import { Launcher } from "./launcher.js" */
/** @import { Settings } from "./settings.js" */

/** @typedef {"open" | "close" | "toggle"} Call */

const page = /** @type {any} */ (window);
// Only now does the browser say which tag this is. A newer build that this page loads has no tag of its own.
const own = /** @type {HTMLScriptElement | null} */ (document.currentScript);
/** @type {HTMLScriptElement | undefined} */
const script = own ?? page.supportterm?.tag;

/**
 * @param {Settings} settings
 * @param {HTMLScriptElement} tag
 * @param {string} link of a mail, if the page was opened by one
 * @param {(link: string, expired?: boolean) => void} again start anew, by a link or without
 */
function start(settings, tag, link, again) {
  const prefix = `supportterm.${settings.shop}.`;
  const ours = openStore(prefix, () => sessionStorage);
  if (link) {
    ours.set("link", link);
  }
  const linked = ours.get("link");
  // A link opens its chat in this tab only, over reloads; what else this browser has at the shop stays apart.
  const apart = linked && openStore(`${prefix}${chatOf(linked)}.`, () => sessionStorage);
  const customer = openCustomer(
    settings,
    apart || openStore(prefix, () => localStorage),
    apart || ours,
    () => view.render(),
    linked,
    (expired) => {
      ours.remove("link");
      stop();
      again("", expired);
    },
  );
  const listening = new AbortController();

  const stop = () => {
    listening.abort();
    customer.leave();
    view.remove();
  };

  /**
   * The server was upgraded after this script came: the newer one takes over, once.
   *
   * @param {string} build
   */
  const renew = (build) => {
    if (!own) {
      throw new Error(build);
    }
    stop();
    /** @type {any} */
    const stub = (/** @type {Call} */ call) => stub.q.push([call]);
    stub.q = view.isOpen() ? [["open"]] : [];
    stub.tag = tag;
    page.supportterm = stub;
    const address = new URL(tag.src);
    address.search = build;
    import(address.href);
  };

  const view = openLauncher(settings, customer, renew);
  customer.begin();
  if (link || settings.expired || (settings.open && linked)) {
    view.open();
  }

  /** @param {string} type @param {(event: any) => void} does */
  const on = (type, does) => addEventListener(type, does, { signal: listening.signal });
  on("online", customer.link.wake);
  on("offline", customer.link.cut);
  on("visibilitychange", () => {
    if (customer.visible()) {
      customer.link.wake();
      customer.link.pump();
      view.render();
    }
  });
  on("hashchange", () => {
    const other = takeLink(location, history);
    if (other) {
      stop();
      again(other);
    }
  });
  on("storage", () => {
    customer.shared();
    view.render();
  });
  // Never `unload`: it would keep the whole page out of the browser's memory for "back".
  on("pagehide", customer.leave);
  on("pageshow", ({ persisted }) => {
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
  // Before anything else in the page has much time to see it.
  const link = takeLink(location, history);
  /** @type {Call[]} */
  const early = Array.from(stub?.q ?? [], ([call]) => call);
  /** @type {Launcher | undefined} */
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
  /** @param {string} link @param {boolean} [expired] */
  const begin = (link, expired) => {
    view = start({ ...settings, expired }, tag, link, begin);
  };
  // A shop's first picture does not wait for a chat.
  const soon = () =>
    (page.requestIdleCallback ?? setTimeout)(() => {
      begin(link);
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
