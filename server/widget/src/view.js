import { hasOlder } from "./chatlog.js";
import { h, iconButton, say, set } from "./dom.js";
import { fill } from "./i18n.js";
import { openRows } from "./rows.js";
import css from "./style.css";
import { TEXTS } from "./texts.js";
import { transcript } from "./transcript.js";
import { clean } from "./words.js";

/** @import { Customer } from "./customer.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Texts } from "./texts.js" */

/** Further than this (px) from the end, reading older messages is not interrupted. */
const NEAR = 80;

/** @typedef {ReturnType<typeof openView>} View */

/**
 * The launcher and the panel, in a shadow root of their own.
 *
 * @param {Settings} settings
 * @param {Customer} customer
 */
export function openView({ shop, lang, left, accent, title, hello }, customer) {
  const t = /** @type {Texts} */ (TEXTS[lang]);
  const { journal, link } = customer;
  // Days are words and follow the texts; hours follow the browser.
  const calendar = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" });
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const dayOf = (/** @type {number} */ at) =>
    new Date(at).toDateString() === new Date().toDateString() ? "" : calendar.format(at);
  let hint = "";
  /** What the transcript showed before: chat, oldest event, own messages. @type {unknown[]} */
  let shown = [];

  const open = () => {
    if (!panel.open) {
      link.start();
      fit();
      // On a small screen the panel is all there is, for the keyboard too.
      if (matchMedia("(max-width:480px)").matches) {
        panel.showModal();
      } else {
        panel.show();
      }
      render();
      log.scrollTop = log.scrollHeight;
      field.focus();
    }
  };
  const close = () => panel.close();

  const send = () => {
    const words = [...clean(field.value)].length;
    const over = words - journal.limits().text;
    hint = over > 0 ? t.long + over : "";
    if (words && !hint) {
      if (customer.write(field.value)) {
        field.value = "";
      } else {
        hint = t.waiting;
      }
    }
    grow();
    render();
  };

  /** The field is as high as its text, up to what its style allows. */
  const grow = () => {
    field.style.height = "";
    field.style.height = `${field.scrollHeight + 2}px`;
  };

  /** A phone's keyboard covers the page without telling its layout: follow what is visible. */
  const fit = () => {
    const { height, offsetTop } = /** @type {VisualViewport} */ (visualViewport);
    panel.style.setProperty("--seen", `${height}px`);
    panel.style.setProperty("--top", `${offsetTop}px`);
  };

  /** @param {() => void} does */
  const then = (does) => () => {
    does();
    render();
    field.focus();
  };

  const status = () => {
    const held = customer.log();
    const doorOpen = journal.doorOpen();
    if (hint) {
      return hint;
    }
    if (link.state() === "lost") {
      return t.lost;
    }
    if (link.state() === "stopped") {
      return t.stopped;
    }
    if (held?.typingUntil && !customer.closed()) {
      return fill(t.typing, held.head?.agent || t.title);
    }
    if (doorOpen === false && held?.head?.state !== "open") {
      return t.nobody;
    }
    if (held?.head?.state === "queued") {
      return t.soon;
    }
    return doorOpen ? t.online : "";
  };

  /** Show what is so now. */
  const render = () => {
    const unread = customer.unread();
    set(launcher, "aria-label", t.open + (unread ? ` (${unread})` : ""));
    say(badge, unread ? `${unread}` : "");
    if (!panel.open) {
      return;
    }
    if (customer.visible()) {
      customer.saw();
    }
    const held = customer.log();
    const closed = customer.closed();
    const live = !closed && customer.chat() !== "";
    const name = held?.head?.agent || title || t.title;
    say(heading, name);
    say(avatar, name.charAt(0));
    say(line, status());
    ending.hidden = !live;
    field.disabled = link.state() === "stopped";
    foot.hidden = closed;
    choice.hidden = !closed;
    again.hidden = !customer.reopens();

    const { scrollHeight, scrollTop, clientHeight } = log;
    const rows = transcript(held, customer.entries(), t, dayOf);
    const [chat, first, own] = shown;
    shown = [held?.id, held?.first, rows.filter((row) => row.kind === "mine").length];
    // What is only caught up with is no news to be read out.
    set(log, "aria-busy", `${Boolean(held && held.last < held.folded)}`);
    older.hidden = !(held && hasOlder(held));
    greeting.hidden = !older.hidden;
    show(rows);
    if (chat === shown[0] && first !== shown[1]) {
      log.scrollTop = scrollTop + log.scrollHeight - scrollHeight;
    } else if (scrollHeight - scrollTop - clientHeight < NEAR || own !== shown[2]) {
      log.scrollTop = log.scrollHeight;
    }
  };

  const badge = h("span", "badge", { "aria-hidden": "true" });
  const launcher = iconButton(
    "launcher",
    t.open,
    "M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 21l2.1-5.7A8.4 8.4 0 1 1 21 11.5Z",
    open,
  );
  launcher.append(badge);
  const avatar = h("span", "avatar", { "aria-hidden": "true" });
  const heading = h("h2");
  const line = h("p", "", { role: "status" });
  // No question first: the chat can be continued at once.
  const ending = iconButton("icon", t.end, "M12 3v8M6.5 6.5a8 8 0 1 0 11 0", () => {
    customer.end();
    panel.focus();
  });
  const older = h("button", "link", { click: customer.older }, t.older);
  const greeting = h("p", "text", {}, hello || t.hello);
  const list = h("div", "list");
  const log = h(
    "div",
    "log",
    { role: "log", tabindex: "0", "aria-label": t.title },
    older,
    h("div", "row theirs", {}, greeting),
    list,
  );
  const show = openRows(list, t, clock.format, (key) => {
    field.value = customer.takeBack(key);
    grow();
    render();
    field.focus();
  });
  const field = h("textarea", "", {
    rows: "1",
    dir: "auto",
    placeholder: t.write,
    "aria-label": t.write,
    input: () => {
      hint = "";
      customer.typed(field.value);
      grow();
      render();
    },
    keydown: (/** @type {KeyboardEvent} */ event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    },
  });
  const foot = h("div", "foot", {}, field, iconButton("send", t.send, "M12 20V4m-7 7 7-7 7 7", then(send)));
  const again = h("button", "quiet", { click: then(customer.goOn) }, t.goOn);
  const choice = h(
    "div",
    "foot choice",
    {},
    again,
    h("button", "", { click: then(customer.fresh) }, t.fresh),
  );
  const panel = h(
    "dialog",
    "panel",
    {
      "aria-label": title || t.title,
      tabindex: "-1",
      lang,
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          close();
        }
      },
      close: () => launcher.focus(),
    },
    h(
      "div",
      "bar",
      {},
      avatar,
      h("div", "", {}, heading, line),
      ending,
      iconButton("icon", t.hide, "m5 9 7 7 7-7", close),
    ),
    log,
    foot,
    choice,
  );

  const host = document.createElement("supportterm-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + (Object(window).supporttermThemes?.[shop] || ""));
  root.adoptedStyleSheets = [sheet];
  const frame = h("div", left ? "frame left" : "frame", {}, panel, launcher);
  root.append(frame);
  host.setAttribute("popover", "manual");
  document.body.append(host);
  // The top layer is above every z-index of the shop; older browsers have the widget's own.
  host.showPopover?.();
  if (accent && CSS.supports("color", accent)) {
    frame.style.setProperty("--accent", accent);
  }
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  render();
  return { open, close, render, toggle: () => (panel.open ? close() : open()), isOpen: () => panel.open };
}
