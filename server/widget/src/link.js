import { backoff, PROVEN_MS } from "./backoff.js";

/** @import { FromClient, FromServer, Hello } from "./frames.js" */
/** @import { Journal, News } from "./journal.js" */

/** A connection that has no `welcome` after this long (ms) is given up. */
const WELCOME_MS = 15_000;
/** After waking, a connection must show within this long (ms) that it still lives. */
const PROBE_MS = 5_000;

/**
 * `lost` is any time between connections, also while trying; `stopped` ends it for this page.
 *
 * @typedef {"idle" | "connecting" | "online" | "lost" | "stopped"} LinkState
 */

/** @typedef {ReturnType<typeof openLink>} Link */

/**
 * Keeps a journal connected: reconnects, beats, and notices a connection that only looks alive.
 *
 * `drains` says whether this tab sends the outbox now; `onChange` hears that something changed.
 *
 * @param {string} url
 * @param {Journal} journal
 * @param {() => Hello} hello
 * @param {() => boolean} drains
 * @param {(news: News | undefined) => void} onChange
 * @param {{connect?: (url: string) => WebSocket, now?: () => number, random?: () => number}} [world]
 *   `now` in ms, on a clock that counts while the machine sleeps
 */
export function openLink(
  url,
  journal,
  hello,
  drains,
  onChange,
  {
    connect = (/** @type {string} */ address) => new WebSocket(address, "supportterm.1"),
    now = Date.now,
    random = Math.random,
  } = {},
) {
  /** @type {LinkState} */
  let state = "idle";
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let welcomedAt = 0;
  let heardAt = 0;
  /** When the connection counts as dead unless something is heard; 0: nothing was asked. */
  let deadline = 0;
  /** How long the server told us to stay away (ms). */
  let away = 0;
  /** Why the last connection ended. */
  let ended = 0;

  const open = () => {
    clearTimeout(timer);
    away = 0;
    try {
      socket = connect(url);
    } catch {
      // A page's policy may forbid the address; trying again costs nothing.
      dropped(0);
      return;
    }
    deadline = now() + WELCOME_MS;
    socket.onopen = () => send(hello());
    socket.onmessage = (event) => heard(event.data);
    socket.onclose = (event) => dropped(event.code, event.reason);
    schedule();
  };

  /** Forget the socket: whatever it may still say concerns nobody. */
  const forget = () => {
    clearTimeout(timer);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      socket = undefined;
    }
    journal.lost();
  };

  /** @type {(code: number, reason?: string) => void} */
  const dropped = (code, reason) => {
    forget();
    ended = code;
    if (code >= 4500 || [1003, 1007, 1008, 1009].includes(code)) {
      // Coming back would only repeat the fault.
      state = "stopped";
      // The customer reads that there is no chat; whoever runs the shop looks here for what to mend.
      console.error(reason);
    } else {
      if (state === "online" && now() - welcomedAt >= PROVEN_MS) {
        failures = 0;
      }
      state = "lost";
      timer = setTimeout(open, away || backoff(failures++, random));
    }
    onChange(undefined);
  };

  /** @param {string} data */
  const heard = (data) => {
    /** @type {FromServer} */
    const frame = JSON.parse(data);
    heardAt = now();
    if (frame.t === "bye") {
      away = frame.after_ms;
    }
    if (frame.t === "welcome") {
      state = "online";
      welcomedAt = heardAt;
      if (frame.identity === "bad") {
        // The shop's to mend, and nothing that its customer could.
        console.error("supportterm: identity refused");
      }
    }
    if (state === "online") {
      deadline = 0;
    }
    onChange(journal.take(frame, heardAt));
    pump();
  };

  /** @param {FromClient} frame */
  const send = (frame) => socket?.send(JSON.stringify(frame));

  /** @param {number} patience ms */
  const ask = (patience) => {
    send({ t: "beat" });
    deadline = Math.min(deadline || Infinity, now() + patience);
    schedule();
  };

  /** One timer for all that time alone brings. */
  const schedule = () => {
    if (socket) {
      clearTimeout(timer);
      const at = Math.min(deadline || heardAt + journal.limits().beat_ms, journal.nextAt(now()));
      timer = setTimeout(due, at - now());
    }
  };

  const due = () => {
    const { beat_ms, dead_ms } = journal.limits();
    if (deadline && now() >= deadline) {
      dropped(0);
      return;
    }
    // Asked only now, the server gets its full time even if this timer slept in a hidden tab.
    if (!deadline && now() >= heardAt + beat_ms) {
      ask(dead_ms - beat_ms);
    }
    pump();
    onChange(undefined);
  };

  /** Send what may leave now. */
  const pump = () => {
    journal.fade(now());
    if (state === "online") {
      journal.toSend(now(), drains()).forEach(send);
    }
    schedule();
  };

  return {
    pump,
    state: () => state,
    /** The close code of the last connection; 0: it was given up here. */
    ended: () => ended,
    /** Connect, if not connected already. */
    start() {
      if (state === "idle") {
        state = "connecting";
        open();
      }
    },
    /** Let go of the connection, as when the page is left; `start` takes it up again. */
    rest() {
      if (state !== "stopped") {
        forget();
        state = "idle";
      }
    },
    /** The network or the person is back: neither wait for the timer, nor trust what slept. */
    wake() {
      if (state === "online") {
        ask(PROBE_MS);
      } else if (state === "lost" && !socket && !away) {
        open();
      }
    },
    /** The network is gone: an open socket would only swallow what is sent. */
    cut() {
      if (socket) {
        dropped(0);
      }
    },
  };
}
