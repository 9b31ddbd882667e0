import { LEAVE_INSTEAD } from "./codes.js";
import { randomId } from "./ids.js";
import { openJournal } from "./journal.js";
import { openLeader } from "./leader.js";
import { openLink } from "./link.js";
import { chatOf } from "./linked.js";
import { openOutbox } from "./outbox.js";
import { clean, lines } from "./words.js";

/** @import { Press } from "./cards.js" */
/** @import { LeaveMessage } from "./frames.js" */
/** @import { News } from "./journal.js" */
/** @import { Told } from "./outbox.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Begun } from "./signedin.js" */
/** @import { Store } from "./store.js" */

/** For this long (ms) after the end of a chat the desk takes it up again. */
const REOPEN_MS = 30 * 60_000;

/** The close code for a link that opens nothing. */
const BAD_LINK = 4506;

/** @template {Told} T @typedef {T extends Told ? Omit<T, "id" | "chat"> : never} Wish */
/** @typedef {ReturnType<typeof openCustomer>} Customer */

/**
 * A message to leave, as far as it is written. `asked`: the person wants to leave it, and not only the
 * shop; `said`: what its text began with, because it was said in the chat already; `code`: why it or the
 * chat was refused.
 *
 * @typedef {{text: string, name?: string, contact?: string, asked?: boolean, said?: string, code?: string}} Form
 */

/**
 * What the person at this page has and does: one chat at a time, over all tabs of the shop.
 *
 * @param {Settings} settings
 * @param {Store} store for all tabs
 * @param {Store} tab for this one, over reloads
 * @param {() => void} onChange
 * @param {string} linked the link of a mail, by which there is one chat here and no other
 * @param {(expired: boolean) => void} unlink go on without the link: it opens nothing (any more), or is not
 *   wanted any more
 * @param {Begun} [begun] what who is signed in began here without a name
 */
export function openCustomer({ url, shop, lang, identity }, store, tab, onChange, linked, unlink, begun) {
  const instance = randomId(16);
  const outbox = openOutbox(store);
  const journal = openJournal(outbox);
  let chat = linked ? chatOf(linked) : store.get("chat");
  /** A chat the desk would not take up again. */
  let over = "";
  /** Where this person wants to be answered, and what the server took for no such place. */
  let given = "";
  /** Where the message that was left here is answered, too. */
  let leftTo = "";
  let noContact = false;
  /** The id of what the next chat is about. */
  let topic = "";

  const visible = () => document.visibilityState === "visible";
  const log = () => journal.chats.get(chat);
  /** Whether the chat is over; asking to take it up again already counts. */
  const closed = () =>
    log()?.head?.state === "closed" && !entries().some(({ command }) => command.t === "reopen");
  const closedLately = () => Date.now() - Number(store.get("closed")) < REOPEN_MS;
  /** Who was shown out for abuse is not offered the way back in: the server would refuse it. */
  const shownOut = () => {
    const ends = (log()?.events ?? []).filter(({ kind }) => kind === "closed");
    return Object(ends[ends.length - 1]?.data).reason === "abuse";
  };
  const entries = () => outbox.all().filter((entry) => entry.command.chat === chat);
  /** How many of the agent's messages nobody has seen in any tab. */
  const unread = () => {
    const held = log();
    const seen = held ? Math.max(held.seen, held.marks.customer.seen) : 0;
    return (held?.events ?? []).filter(
      ({ kind, by, seq }) => kind === "message" && by.role === "agent" && seq > seen,
    ).length;
  };

  const hello = () => {
    const token = store.get("token") || randomId(32);
    store.set("token", token);
    return /** @type {const} */ ({
      t: "hello",
      v: 1,
      token,
      ...journal.have(),
      lang,
      client: "widget",
      instance,
      link: linked || undefined,
      identity: (!linked && identity?.slice(0, 4000)) || undefined,
      browser: begun?.token,
    });
  };

  /** @param {string} shown */
  const show = (shown) => {
    if (shown !== chat) {
      chat = shown;
      given = "";
      leftTo = "";
      store.set("chat", chat);
      store.remove("closed");
      store.remove("left");
    }
  };

  /** @param {Wish<Told>} wish */
  const put = (wish) => {
    journal.put(/** @type {Told} */ ({ ...wish, id: randomId(16), chat }), Date.now());
    link.start();
    link.pump();
  };

  /** What a new chat begins with. */
  const about = () => ({
    lang,
    topic: topic || undefined,
    // The address without its query: that may hold what nobody meant to tell.
    page: (location.origin + location.pathname).slice(0, 2000),
  });

  const open = () => {
    show(randomId(16));
    put({ t: "open", ...about() });
  };

  const draft = () => tab.get("draft");
  /** @param {string} text */
  const keepDraft = (text) => (text ? tab.set("draft", text) : tab.remove("draft"));

  /** @returns {Form | undefined} */
  const form = () => {
    try {
      return JSON.parse(store.get("form") || "null") ?? undefined;
    } catch {
      // Cut short by a full disk.
    }
  };
  /** @param {Form | undefined} written */
  const keepForm = (written) => (written ? store.set("form", JSON.stringify(written)) : store.remove("form"));

  /**
   * Send a message, opening a chat for the first one. False: too many wait already.
   *
   * @param {string} text
   */
  const write = (text) => {
    if (outbox.all().length + 2 > journal.limits().outbox) {
      return false;
    }
    if (!chat) {
      open();
    }
    put({ t: "say", text: clean(text) });
    keepDraft("");
    return true;
  };

  /**
   * Answer a summary or options, once; whether it is on its way.
   *
   * @param {number} re the message's number
   * @param {Press} press
   * @param {string} text its words
   */
  const press = (re, press, text) => {
    const sent = entries().some(
      ({ command, refused }) => !refused && command.t === "say" && command.re === re,
    );
    const can = !sent && outbox.all().length < journal.limits().outbox;
    if (can) {
      put({ t: "say", text, re, ...(typeof press === "number" ? { choice: press } : { answer: press }) });
    }
    return can;
  };

  /** Where a correction is kept as far as it is written. @param {number} re */
  const fix = (re) => `fix.${chat}.${re}`;

  /** Tell whether something is being written. @param {string} text */
  const sign = (text) => {
    if (chat && !closed()) {
      if (text) {
        journal.typed(chat, Date.now());
      } else {
        journal.stoppedTyping(chat);
      }
      link.pump();
    }
  };

  /** The server does not know the chat any more: what waits for it goes into a new one. */
  const unknown = () => {
    const waiting = outbox.waiting(chat);
    if (!linked && !waiting.some(({ command }) => command.t === "open" || command.t === "leave")) {
      show("");
      for (const { command, at } of waiting) {
        outbox.drop(command.id);
        if (command.t === "say") {
          if (!chat) {
            open();
          }
          // What it answered is not there any more; the words are.
          journal.put({ t: "say", id: command.id, text: command.text, chat }, at);
        }
      }
    }
  };

  /**
   * What could not be said stays before the person: in the form of a message to leave where one can be
   * left, else as the text being written.
   *
   * @param {Extract<News, {what: "refused"}>} news
   */
  const refused = ({ command, code }) => {
    if (command.t === "reopen") {
      over = chat;
    }
    if (command.t === "give_contact") {
      given = "";
      noContact = true;
    }
    if (command.t !== "open" && command.t !== "leave") {
      return;
    }
    let { text = "", name, contact } = /** @type {Partial<LeaveMessage>} */ (command);
    if (command.t === "open") {
      // Nothing can be said in it: before it is tried, it is taken back.
      for (const { command: waiting } of outbox.waiting(command.chat)) {
        outbox.drop(waiting.id);
        text = lines(text, Object(waiting).text);
      }
    }
    const leaves =
      command.t === "leave" ? code !== "blocked" && log()?.head?.state !== "open" : LEAVE_INSTEAD.has(code);
    if (leaves) {
      const written = form();
      keepForm({ name, contact, ...written, text: lines(written?.text, text), asked: true, code });
    } else {
      keepDraft(lines(draft(), text));
    }
    if (command.chat === chat && !log()?.head) {
      show("");
    }
  };

  /** @param {News | undefined} news */
  const heard = (news) => {
    if (linked && link.ended() === BAD_LINK) {
      unlink(true);
      return;
    }
    if (news?.what === "moved" && news.from === chat) {
      show(news.to);
    }
    if (news?.what === "refused") {
      refused(news);
    }
    if (news?.what === "welcome") {
      begun?.told(news.chats);
      if (identity) {
        tab.set("looked", looks());
      }
      if (chat && !news.chats.includes(chat)) {
        unknown();
      }
    }
    if (!chat) {
      // Another tab opened one, or this one was told of it only now.
      const live = [...journal.chats.values()].find(
        ({ gone, head }) => !gone && head && head.state !== "closed",
      );
      show(live?.id ?? "");
    }
    const held = log();
    if (held?.head && held.last >= held.folded) {
      // So that a page opened days later does not connect for a chat that is over.
      const end = held.events.filter((event) => event.kind === "closed").pop();
      store.set("closed", closed() ? String(end?.at ?? 1) : "");
      if (held.events.some(({ kind }) => kind === "left" || kind === "callback")) {
        // Answered where they said: who signs in at this browser does not take it along.
        store.set("left", "1");
      }
    }
    onChange();
  };

  /** With whom a chat that was begun here may go along, it is looked for anew. */
  const looks = () => `1${begun?.chat() ?? ""}`;

  /**
   * Connect if there is something to connect for: a chat going on, or something unsent; and once, whether
   * who is signed in has a chat that was begun elsewhere, or here without a name.
   */
  const begin = () => {
    if (
      (identity && tab.get("looked") !== looks()) ||
      (chat && (!store.get("closed") || closedLately())) ||
      entries().some((entry) => !entry.refused)
    ) {
      link.start();
    }
  };

  // A hidden tab may be asleep with the lock in its hand: the one in front never waits for it.
  const link = openLink(url, journal, hello, () => leader.leads() || visible(), heard);
  const leader = openLeader(`supportterm.${shop}${linked && instance}`, navigator.locks, link.pump);
  leader.join();

  return {
    journal,
    link,
    visible,
    log,
    closed,
    linked: linked !== "",
    /** Whether nothing can be written any more. By a link, writing goes on with what was closed. */
    over: () => closed() && (!linked || shownOut()),
    entries,
    unread,
    write,
    begin,
    chat: () => chat,
    /** The panel is open in this tab, and so on the next page of the shop. @param {boolean} is */
    opened: (is) => (is ? tab.set("open", "1") : tab.remove("open")),
    wasOpen: () => tab.get("open") !== "",
    draft,
    form,
    keepForm,
    topic: () => topic,
    /** Say what the next chat is about, or nothing of the kind. @param {string} id */
    choose(id) {
      topic = id;
    },
    /**
     * Leave a message: in the chat that waits, or in one of its own.
     *
     * @param {Form} written
     */
    leaveMessage({ text, name, contact }) {
      const fresh = !chat || closed();
      if (fresh) {
        show(randomId(16));
      }
      leftTo = clean(contact ?? "");
      put({
        t: "leave",
        text: clean(text),
        name: clean(name ?? "") || undefined,
        contact: leftTo || undefined,
        ...(fresh ? about() : {}),
      });
      keepForm(undefined);
      keepDraft("");
    },
    /** Another language now, or one's own later. @param {"now" | "wait"} choice */
    answer: (choice) => put({ t: "choose", choice }),
    /** A little more time before the chat is closed for silence. */
    needTime: () => put({ t: "need_time" }),
    /** Where to answer, if they do not stay. @param {string} address */
    giveContact(address) {
      given = address;
      noContact = false;
      put({ t: "give_contact", contact: given });
    },
    given: () => given,
    leftTo: () => leftTo,
    /** Whether that was refused, once. */
    noContact() {
      const was = noContact;
      noContact = false;
      return was;
    },
    /** Whether a closed chat can be taken up again. */
    reopens: () => closed() && over !== chat && closedLately() && !shownOut(),
    /** The text being written changed. @param {string} text */
    typed(text) {
      keepDraft(text);
      sign(text);
    },
    press,
    /** What is being written to put a summary right. @param {number} re */
    kept: (re) => tab.get(fix(re)),
    /** @param {number} re @param {string} text */
    keep(re, text) {
      if (text) {
        tab.set(fix(re), text);
      } else {
        tab.remove(fix(re));
      }
      sign(text);
    },
    /** End the chat. */
    end: () => put({ t: "close" }),
    /** Take a closed chat up again. */
    goOn: () => put({ t: "reopen" }),
    /** Begin anew; the chat opens with the first message. */
    fresh() {
      if (linked) {
        unlink(false);
      } else {
        show("");
        topic = "";
      }
    },
    /** Bring the page before the oldest event shown. */
    older() {
      journal.more(chat);
      link.pump();
    },
    /** Take a refused message back, to be changed and sent again. @param {string} id */
    takeBack(id) {
      const entry = outbox.find(id);
      outbox.drop(id);
      if (!linked && /chat/.test(entry?.refused?.code ?? "")) {
        // It was closed or is unknown: nothing can be said in it any more.
        show("");
      }
      return entry?.command.t === "say" ? entry.command.text : "";
    },
    /** The newest message is before the person's eyes. */
    saw() {
      if (unread()) {
        journal.saw(chat);
        link.pump();
      }
    },
    /** Another tab changed what is shared. */
    shared() {
      chat = linked ? chat : store.get("chat");
      begin();
      link.pump();
    },
    /** The page is left, perhaps to come back: hold nothing that would keep other tabs waiting. */
    leave() {
      link.rest();
      leader.leave();
    },
    /** The page is back. */
    back() {
      leader.join();
      begin();
    },
  };
}
