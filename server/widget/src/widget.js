import { openCustomer } from "./customer.js";
import { openLauncher } from "./launcher.js";
import { chatOf, takeLink } from "./linked.js";
import { readSettings } from "./settings.js";
import { openBegun, whoIn } from "./signedin.js";
import { SMALL } from "./small.js";
import { openStore } from "./store.js";

/** @import { Settings } from "./settings.js" */

/** @typedef {"open" | "close" | "toggle"} Call */
/** @typedef {["identify", string] | [Call]} Asked what the page asks for */

/** How long the chat waits for a page to rest, in ms. */
const RESTLESS = 2000;

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
  const shared = openStore(prefix, () => localStorage);
  const who = linked ? "" : whoIn(settings.identity);
  // Who is signed in has what is theirs to themselves: nobody who uses the browser after them sees it. Once the
  // shop's word for them is over, their page is a stranger's of its own, and not whoever used the browser before.
  const name = who && `${prefix}~${who}.`;
  const theirs = name && openStore(name, () => localStorage);
  const tab = name && openStore(name, () => sessionStorage);
  const begun = (theirs && tab && openBegun(shared, ours, theirs, tab)) || undefined;
  // A link opens its chat in this tab only, over reloads; what else this browser has at the shop stays apart.
  const apart = linked && openStore(`${prefix}${chatOf(linked)}.`, () => sessionStorage);
  const customer = openCustomer(
    settings,
    apart || theirs || shared,
    apart || tab || ours,
    () => view.render(),
    linked,
    (expired) => {
      ours.remove("link");
      stop();
      again("", expired);
    },
    begun,
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
    const stub = (/** @type {Asked} */ ...asked) => stub.q.push(asked);
    stub.q = [["identify", settings.identity ?? ""], ...(view.isOpen() ? [["open"]] : [])];
    stub.tag = tag;
    page.supportterm = stub;
    // What was set for the shop may be so no more; what is set now comes with the script.
    page.supporttermShops = undefined;
    const address = new URL(tag.src);
    address.search = build;
    import(address.href);
  };

  const view = openLauncher(settings, customer, renew);
  customer.begin();
  if (link || settings.expired || (settings.open && linked)) {
    view.open();
  } else if (customer.wasOpen() && !matchMedia(SMALL).matches) {
    // From page to page of the shop; on a small screen it would hide the page that was gone to.
    view.open(true);
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
  return { view, stop };
}

/** @param {HTMLScriptElement} tag */
function boot(tag) {
  const stub = page.supportterm;
  // The tag may stand twice in a page: the first one counts.
  if (stub?.open) {
    return;
  }
  const settings = readSettings(
    tag,
    [document.documentElement.lang, navigator.language],
    page.supporttermShops,
  );
  if (!settings) {
    console.error("supportterm: data-shop is missing");
    return;
  }
  // Before anything else in the page has much time to see it.
  const link = takeLink(location, history);
  /** @type {Asked[]} */
  const early = Array.from(stub?.q ?? []);
  /** @type {ReturnType<typeof start> | undefined} */
  let running;
  /** @param {Asked} asked */
  const does = (...asked) => {
    const [call, identity] = asked;
    if (call === "identify") {
      // A page that signs somebody in or out without loading anew.
      if ((settings.identity ?? "") !== (identity ?? "")) {
        settings.identity = identity;
        const open = running?.view.isOpen();
        if (running) {
          running.stop();
          begin("");
        }
        if (open && identity) {
          running?.view.open(true);
        }
      }
    } else if (running) {
      running.view[call]();
    } else {
      early.push(asked);
    }
  };
  page.supportterm = does;
  for (const call of ["open", "close", "toggle", "identify"]) {
    page.supportterm[call] = (/** @type {any} */ value) => does(/** @type {any} */ (call), value);
  }
  /** @param {string} link @param {boolean} [expired] */
  const begin = (link, expired) => {
    running = start({ ...settings, expired }, tag, link, begin);
  };
  // A shop's first picture does not wait for a chat, nor a chat for a page that never rests.
  const soon = () =>
    (page.requestIdleCallback ?? setTimeout)(
      () => {
        begin(link);
        for (const asked of early) {
          does(...asked);
        }
      },
      { timeout: RESTLESS },
    );
  if (document.readyState === "complete") {
    soon();
  } else {
    addEventListener("load", soon);
  }
}

if (script) {
  boot(script);
}
