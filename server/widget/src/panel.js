import { hasOlder } from "./chatlog.js";
import { openComposer } from "./composer.js";
import { h, iconButton, say, set } from "./dom.js";
import { openForm } from "./form.js";
import { fill } from "./i18n.js";
import { openMoments, rangeOf } from "./moments.js";
import { openOffer } from "./offer.js";
import { unpack } from "./packing.js";
import css from "./panel.css";
import { openPromise } from "./promise.js";
import { openRows } from "./rows.js";
import { SMALL } from "./small.js";
import { broken, calledBack, stageOf } from "./stage.js";
import { openTopics } from "./topics.js";
import { transcript } from "./transcript.js";
import { clean, lines } from "./words.js";

/** @import { Customer } from "./customer.js" */
/** @import { Settings } from "./settings.js" */

/** The launcher opens only a panel of its own build. */
export const build = BUILD;

/** Further than this (px) from the end, reading older messages is not interrupted. */
const NEAR = 80;

/** @typedef {ReturnType<typeof openPanel>} Panel */

/**
 * The panel, put before the launcher.
 *
 * @param {Settings} settings
 * @param {Customer} customer
 * @param {HTMLElement} launcher
 * @param {string} texts in the settings' language, packed
 */
export function openPanel({ lang, title, hello, expired }, customer, launcher, texts) {
  const t = unpack(texts);
  const { journal, link } = customer;
  const moments = openMoments(lang, t);
  /** The server's clock: the times it gives are compared with that, whatever this machine's says. */
  const now = () => journal.time(Date.now());
  const promise = openPromise(t, moments, now);
  const root = /** @type {ShadowRoot} */ (launcher.getRootNode());
  /** What the transcript showed before: chat, oldest event. @type {unknown[]} */
  let shown = [];
  /** What the customer said, or is about to, as the transcript shows it. @type {string[]} */
  let own = [];
  let stage = "";

  /** @param {boolean} [quiet] nobody pressed anything: what has the focus keeps it */
  const open = (quiet) => {
    if (!panel.open) {
      link.start();
      customer.opened(true);
      fit();
      // On a small screen the panel is all there is, for the keyboard too.
      if (matchMedia(SMALL).matches) {
        panel.showModal();
      } else {
        panel.open = true;
      }
      render();
      toEnd();
      if (!quiet) {
        focus();
      }
    }
  };
  const close = () => {
    // The event comes later, and who leaves the page at once has closed it all the same.
    customer.opened(false);
    panel.close();
  };

  /** To what is newest; before there is a chat, to why nobody answers. */
  const toEnd = () => {
    log.scrollTop = list.firstChild ? log.scrollHeight : 0;
  };

  /** To where something can be written now. */
  const focus = () => {
    const place = { write: composer.field, form: form.text, over: panel, blocked: panel }[stageNow()];
    (nothing() ? panel : place).focus();
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
    focus();
  };

  const stageNow = () =>
    stageOf(
      {
        door: journal.door(),
        state: customer.log()?.head?.state,
        chat: customer.chat() !== "",
        over: customer.over(),
        form: customer.form(),
      },
      now(),
    );

  /** Whether there is nothing to read or write: a link did not open the only thing that its page is there
   * for, or the page is none of the shop's. */
  const nothing = () => link.state() === "stopped" && (expired === true || !customer.chat());

  /** How many characters a text has too many, in words; "" if it is not too long. @param {string} text */
  const excess = (text) => {
    const n = [...clean(text)].length - journal.limits().text;
    return n > 1 ? fill(t.long, { n }) : n > 0 ? t.longByOne : "";
  };

  /** Why a text is not sent; "" if it is on its way. @param {string} text */
  const send = (text) => excess(text) || (customer.write(text) ? "" : t.waiting);

  /** Leave a message instead: what was said so far is in it. */
  const instead = () => {
    const said = lines(...own);
    customer.keepForm({ ...customer.form(), text: lines(said, customer.draft()), said, asked: true });
    customer.typed("");
  };

  /** Back from the form: what was not said yet goes on as the text being written. */
  const goBack = () => {
    const { text, said = "", name, contact } = customer.form() ?? { text: "" };
    customer.keepForm({ text: "", name, contact });
    customer.typed(lines(customer.draft(), text.startsWith(said) ? text.slice(said.length).trim() : text));
  };

  const status = () => {
    const head = customer.log()?.head;
    const door = journal.door();
    if (link.state() === "lost") {
      return t.lost;
    }
    if (link.state() === "stopped") {
      return t.stopped;
    }
    if (customer.log()?.typingUntil && !customer.closed()) {
      return fill(t.typing, { name: head?.agent || t.title });
    }
    if (head?.state === "queued" && journal.wait()?.position) {
      return t.patience;
    }
    if (head?.state === "left" || stage === "blocked" || (stage === "form" && !door?.open)) {
      return "";
    }
    if (door?.open === false && head?.state !== "open") {
      return door.closed ? t.shop_closed : t.nobody;
    }
    return head?.state === "queued" ? t.soon : door?.open ? t.online : "";
  };

  /** That the shop is closed, and until when if that is known. @param {number} [until] */
  const shut = (until) => (until ? fill(t.opens, { when: moments.when(until, now()) }) : t.shop_closed);

  /** The first words: what the shop says, or why nothing is answered right away. */
  const greet = () => {
    const { open, closed, opens_at, full } = journal.door() ?? { open: true };
    const state = customer.log()?.head?.state;
    const code = customer.form()?.code;
    let why = "";
    if (closed && (stage === "form" || !state || state === "left")) {
      why = shut(opens_at);
    } else if (!open && !state && stage === "write") {
      why = `${t.nobody} ${t.anyway}`;
    } else if (stage === "form" && (full || code)) {
      // A refusal's text has the name of its code.
      why = t[/** @type {keyof typeof t} */ (code)] ?? t.queue_full;
    }
    return stage === "form" ? `${why} ${t.leaveHint}`.trim() : why || hello || t.hello;
  };

  const renderWait = () => {
    const { position, low_ms = 0, high_ms = 0, worse, leave, nobody, since, until } = journal.wait() ?? {};
    const waits = position && stage === "write" && customer.log()?.head?.state === "queued";
    let told = [
      position === 1 ? t.next : fill(t.position, { n: position ?? 0 }),
      high_ms ? rangeOf(low_ms, high_ms, t) : t.free,
      worse ? t[worse] : t.meanwhile,
    ];
    if (nobody) {
      told = [
        nobody === "closed" ? shut(until) : t[nobody],
        nobody === "other" && until && until > now()
          ? fill(t.askOther, { when: moments.when(until, now()) })
          : since && !moments.day(since, now())
            ? fill(t.since, { time: moments.time(since) })
            : "",
        `${t.keep} ${t.meanwhile}`,
      ];
    }
    for (const [i, line] of [place, range, because].entries()) {
      say(line, (waits && told[i]) || "");
    }
    leaving.hidden = !(waits && leave);
  };

  const renderFoot = () => {
    const door = journal.door();
    const before = stage;
    stage = stageNow();
    const written = customer.form();
    if (stage === "form" && customer.draft()) {
      // The shop closed while somebody was writing: the words come along.
      customer.keepForm({ ...written, text: lines(written?.text, customer.draft()) });
      customer.typed("");
    }
    if (stage === "write" && written?.text) {
      // Somebody came, or the shop opened: it can be said.
      goBack();
    }
    composer.show(customer.draft());
    composer.element.hidden = stage !== "write" || nothing();
    form.element.hidden = stage !== "form";
    choice.hidden = stage !== "over";
    notice.hidden = stage !== "blocked";
    again.hidden = !customer.reopens();
    if (stage === "form") {
      const returns = !(door?.closed || door?.full) || customer.chat() !== "";
      form.show(customer.form() ?? { text: "" }, returns, door?.mail);
    }
    if (stage === "blocked") {
      const { blocked_until = 0, appeal } = door ?? { open: false };
      const until = fill(t.blocked, { when: moments.when(blocked_until, now(), t.bare) });
      say(notice, appeal ? `${until} ${fill(t.appeal, { appeal })}` : until);
    }
    // What had the focus may be gone; it moves on only if the panel had it.
    if (before && panel.contains(deepest()) && !deepest()?.getClientRects().length) {
      focus();
    }
  };

  const deepest = () => root.activeElement;

  const renderLog = () => {
    const held = customer.log();
    const { scrollHeight, scrollTop, clientHeight } = log;
    const to = (journal.door()?.mail && customer.leftTo()) || "";
    const rows = transcript(held, customer.entries(), t, lang, moments, now(), to);
    const [chat, first] = shown;
    const before = own.length;
    shown = [held?.id, held?.first];
    own = rows.filter(({ kind }) => kind === "mine").map(({ text }) => text);
    // What is only caught up with is no news to be read out.
    set(log, "aria-busy", `${Boolean(held && held.last < held.folded)}`);
    older.hidden = !(held && hasOlder(held));
    greeting.hidden = !older.hidden || nothing();
    say(greeting, greet());
    topics.show(stage === "write" && !customer.chat() ? (journal.door()?.topics ?? []) : []);
    show(rows);
    if (chat === shown[0] && first !== shown[1]) {
      log.scrollTop = scrollTop + log.scrollHeight - scrollHeight;
    } else if (scrollHeight - scrollTop - clientHeight < NEAR || own.length !== before) {
      toEnd();
    }
  };

  /** Show what is so now. */
  const render = () => {
    if (!panel.open) {
      return;
    }
    if (customer.visible()) {
      customer.saw();
    }
    const state = customer.log()?.head?.state;
    const name = customer.log()?.head?.agent || title || t.title;
    say(heading, name);
    say(avatar, name.charAt(0));
    say(banner, expired ? `${t.expired} ${nothing() ? "" : t.anew}`.trim() : (journal.door()?.banner ?? ""));
    ending.hidden = !customer.chat() || customer.closed() || state === "left";
    composer.field.disabled = link.state() === "stopped";
    renderFoot();
    say(line, status());
    const events = customer.log()?.events ?? [];
    const call = calledBack(events);
    promise.show(call?.by.name || name, customer.log()?.head?.promise_due ?? 0, Object(call?.data).how);
    offer.show(Boolean(journal.door()?.mail && broken(events)), name, customer.given(), customer.noContact());
    renderWait();
    renderLog();
  };

  const avatar = h("span", "avatar", { "aria-hidden": "true" });
  const heading = h("h2");
  const line = h("p", "", { role: "status" });
  // No question first: the chat can be continued at once.
  const ending = iconButton("icon", t.end, "M12 3v8M6.5 6.5a8 8 0 1 0 11 0", () => {
    customer.end();
    panel.focus();
  });
  const banner = h("p", "banner", { "aria-live": "polite", dir: "auto" });
  const place = h("p", "place", { "aria-live": "polite" });
  const range = h("p");
  const because = h("p", "", { "aria-live": "polite" });
  const leaving = h("button", "link", { click: then(instead) }, t.instead);
  const queue = h("div", "queue", {}, place, range, because, leaving);
  const older = h("button", "link", { click: customer.older }, t.older);
  const greeting = h("p", "text", {}, hello || t.hello);
  const topics = openTopics(t, customer, (picked) => {
    render();
    if (picked) {
      focus();
    }
  });
  const list = h("div", "list");
  const offer = openOffer(t, (contact) => then(() => customer.giveContact(contact))());
  const log = h(
    "div",
    "log",
    { role: "log", tabindex: "0", "aria-label": t.title },
    older,
    h("div", "row theirs", {}, greeting),
    topics.element,
    list,
    offer.element,
  );
  const show = openRows(
    list,
    t,
    moments.time,
    (key) => {
      customer.typed(lines(customer.takeBack(key), customer.draft()));
      render();
      focus();
    },
    (answer) => then(() => (answer === "time" ? customer.needTime() : customer.answer(answer)))(),
    {
      ...customer,
      press: (re, press, text) => {
        const sent = customer.press(re, press, text);
        render();
        focus();
        return sent;
      },
    },
  );
  const composer = openComposer(t, {
    send,
    typed: customer.typed,
    done: (sent) => {
      render();
      if (sent) {
        focus();
      }
    },
  });
  const form = openForm(t, {
    linked: customer.linked,
    keep: (written) => customer.keepForm({ ...customer.form(), ...written }),
    send: (written) => {
      const over = excess(written.text);
      if (!over) {
        then(() => customer.leaveMessage(written))();
      }
      return over;
    },
    back: then(goBack),
  });
  const again = h("button", "quiet", { click: then(customer.goOn) }, t.goOn);
  const choice = h(
    "div",
    "foot choice",
    {},
    again,
    h("button", "", { click: then(customer.fresh) }, t.fresh),
  );
  const notice = h("p", "foot notice");
  const panel = h(
    "dialog",
    "panel",
    {
      "aria-label": title || t.title,
      tabindex: "-1",
      lang,
      keydown: (/** @type {KeyboardEvent} */ event) => {
        // While an input method composes, Escape belongs to it.
        if (event.key === "Escape" && !event.isComposing) {
          event.preventDefault();
          close();
        }
      },
      close: () => {
        customer.opened(false);
        promise.show("", 0);
        launcher.focus();
      },
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
    // Who sits at somebody else's machine is to know whose chat this is.
    customer.linked ? h("p", "line", {}, t.linked) : "",
    banner,
    queue,
    promise.element,
    log,
    composer.element,
    form.element,
    choice,
    notice,
  );

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  launcher.before(panel);
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  return { open, close, render, isOpen: () => panel.open };
}
