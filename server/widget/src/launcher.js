import { h, iconButton, say, set } from "./dom.js";
import { fill } from "./i18n.js";
import { FAMILIAR_LABELS, LABELS } from "./labels.js";
import css from "./launcher.css";
import { LATE_MS, NEAR_MS, rest, shortly, trueFor } from "./promise.js";

/** @import { Customer } from "./customer.js" */
/** @import { Labels } from "./labels.js" */
/** @import { Panel } from "./panel.js" */
/** @import { Settings } from "./settings.js" */

/** @typedef {ReturnType<typeof openLauncher>} Launcher */

/**
 * The button in the corner, in a shadow root of its own. The panel and its texts are scripts of
 * their own, loaded when somebody is about to open it: most visitors never do.
 *
 * @param {Settings} settings
 * @param {Customer} customer
 * @param {(build: string) => void} renew the server has another build of the panel than this
 */
export function openLauncher(settings, customer, renew) {
  const { lang, familiar, style, left, accent } = settings;
  const t = /** @type {Labels} */ ({ ...LABELS[lang], ...(familiar && FAMILIAR_LABELS[lang]) });
  /** @type {Panel | undefined} */
  let panel;
  /** @type {Promise<void> | undefined} */
  let loading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let tries = 0;
  /** Somebody waits for the panel to open. */
  let wanted = false;

  const load = () => {
    loading ??= fetchPanel().catch(() => {
      loading = undefined;
      say(note, wanted ? t.failed : "");
      wanted = false;
    });
    set(launcher, "aria-busy", `${wanted && !panel}`);
    return loading;
  };

  const fetchPanel = async () => {
    // Some browsers remember a failure under the same address until the page is left.
    const query = `?${BUILD}${tries++ ? `.${tries}` : ""}`;
    const scripts = [settings.panel, settings.texts].map((address) => import(address + query));
    const [module, { build, texts }] = await Promise.all(scripts);
    if (module.build === BUILD && build === BUILD) {
      panel = module.openPanel(settings, customer, launcher, texts);
    } else if (wanted) {
      renew(module.build === BUILD ? build : module.build);
    } else {
      // No button is exchanged under a finger that comes near it.
      loading = undefined;
    }
  };

  /** @param {boolean} [quiet] nobody pressed anything */
  const open = async (quiet) => {
    customer.link.start();
    wanted = true;
    say(note, "");
    await load();
    set(launcher, "aria-busy", "false");
    if (wanted) {
      wanted = false;
      panel?.open(quiet);
    }
  };

  const close = () => {
    wanted = false;
    panel?.close();
  };

  const render = () => {
    // What an open panel shows is read.
    panel?.render();
    const unread = customer.unread();
    const promised = count();
    set(launcher, "aria-label", t.open + (unread ? ` (${unread})` : "") + (promised && `, ${promised}`));
    say(badge, unread ? `${unread}` : "");
  };

  /**
   * Show what is left of a promise beside the button, as the panel does; gives when it ends, which is the
   * same all the while: a name that changed each second would be read out each second.
   */
  const count = () => {
    clearTimeout(timer);
    const { state, agent, promise_due: due = 0 } = Object(customer.log()?.head);
    const now = customer.journal.time(Date.now());
    const left = due - now;
    // Past its time, only the server can say what became of it. Who waits for a mail looks at no clock.
    const runs = left > -LATE_MS && state !== "left";
    const by = runs ? fill(t.by, { time: shortly(due, now, lang) }) : "";
    const named = (/** @type {string} */ when) => (agent && when ? `${agent} · ${when}` : when);
    say(pill, named(runs && left <= NEAR_MS ? rest(left) : by));
    if (runs) {
      timer = setTimeout(count, left > 0 ? trueFor(due, now) : left + LATE_MS);
    }
    return named(by);
  };

  const pill = h("span", "due", { "aria-hidden": "true" });
  const badge = h("span", "badge", { "aria-hidden": "true" });
  const launcher = iconButton(
    "launcher",
    t.open,
    "M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 21l2.1-5.7A8.4 8.4 0 1 1 21 11.5Z",
    () => open(),
  );
  launcher.append(badge, pill);
  // Whoever comes near is likely to press.
  for (const near of ["pointerenter", "focus"]) {
    launcher.addEventListener(near, load, { once: true });
  }
  const note = h("p", "note", { role: "alert" });

  const host = document.createElement("supportterm-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + style);
  root.adoptedStyleSheets = [sheet];
  const frame = h("div", left ? "frame left" : "frame", {}, launcher, note);
  root.append(frame);
  host.setAttribute("popover", "manual");
  document.body.append(host);
  // The top layer is above every z-index of the shop; older browsers have the widget's own.
  host.showPopover?.();
  if (accent && CSS.supports("color", accent)) {
    frame.style.setProperty("--accent", accent);
  }
  render();
  return {
    open,
    close,
    render,
    toggle: () => (wanted || panel?.isOpen() ? close() : open()),
    isOpen: () => wanted || panel?.isOpen(),
    remove: () => {
      clearTimeout(timer);
      host.remove();
    },
  };
}
