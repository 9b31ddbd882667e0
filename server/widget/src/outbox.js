/** @import { ChooseLanguage, CloseChat, GiveContact, LeaveMessage, NeedTime, Open, Reopen, Say } from "./frames.js" */
/** @import { Store } from "./store.js" */

/** @typedef {Open | Say | CloseChat | Reopen | LeaveMessage | ChooseLanguage | NeedTime | GiveContact} Told what a customer can ask for */

/**
 * A command written down before it is sent. `refused`: the server would not take it; it waits for the
 * person, not for the wire.
 *
 * @typedef {object} Entry
 * @property {number} n its place
 * @property {Told} command
 * @property {number} at when it was written (local ms)
 * @property {{code: string, text: string}} [refused]
 */

const PREFIX = "out.";

/** @typedef {ReturnType<typeof openOutbox>} Outbox */

/**
 * What was asked for and not yet answered, in order, in storage that all tabs of the shop share.
 *
 * Each command has a key of its own, so that two tabs never overwrite each other's.
 *
 * @param {Store} store
 */
export function openOutbox(store) {
  /** @param {Entry} entry */
  const keep = (entry) => store.set(PREFIX + entry.command.id, JSON.stringify(entry));

  /** Everything, oldest first. */
  const all = () => {
    /** @type {Entry[]} */
    const found = [];
    for (const name of store.names()) {
      if (name.startsWith(PREFIX)) {
        try {
          found.push(JSON.parse(store.get(name)));
        } catch {
          // Cut short by a full disk: there is nothing to send in it.
        }
      }
    }
    return found.sort((a, b) => a.n - b.n || (a.command.id < b.command.id ? -1 : 1));
  };

  /** @param {string} id */
  const find = (id) => all().find(({ command }) => command.id === id);

  /** What waits for an answer in one chat. @param {string} chat */
  const waiting = (chat) => all().filter(({ command, refused }) => command.chat === chat && !refused);

  /** @param {string} id */
  const drop = (id) => store.remove(PREFIX + id);

  return {
    all,
    waiting,
    find,
    drop,
    /**
     * Write a command down; the same id twice is one command.
     *
     * @param {Told} command
     * @param {number} at
     */
    add(command, at) {
      if (!find(command.id)) {
        keep({ n: 1 + Math.max(0, ...all().map(({ n }) => n)), command, at });
      }
    },
    /**
     * Keep a message the server would not take, with the reason.
     *
     * @param {Entry} entry
     * @param {string} code
     * @param {string} text
     */
    refuse: (entry, code, text) => keep({ ...entry, refused: { code, text } }),
    /** Drop what was refused in a chat. @param {string} chat */
    forgetRefused(chat) {
      for (const { command, refused } of all()) {
        if (refused && command.chat === chat) {
          drop(command.id);
        }
      }
    },
    /**
     * What waits in one chat belongs to another; ids and order stay.
     *
     * @param {string} from
     * @param {string} to
     */
    move(from, to) {
      for (const entry of waiting(from)) {
        keep({ ...entry, command: { ...entry.command, chat: to } });
      }
    },
  };
}
