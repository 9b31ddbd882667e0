import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { openJournal } from "../src/journal.js";
import { openLink } from "../src/link.js";
import { openOutbox } from "../src/outbox.js";
import { memoryStore } from "./memory.js";

const LIMITS = {
  text: 4000,
  frame: 16384,
  outbox: 100,
  page: 100,
  beat_ms: 25000,
  dead_ms: 60000,
  typing_ms: 6000,
};
const WELCOME = {
  t: "welcome",
  epoch: "e",
  time: 0,
  me: { role: "customer", id: "c" },
  limits: LIMITS,
  chats: [],
};

/** A link over sockets that the test holds in its hand, in time that the test tells. */
function setUp() {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  /** @type {any[]} */
  const sockets = [];
  const connect = () => {
    const socket = {
      sent: /** @type {any[]} */ ([]),
      open: true,
      send: (/** @type {string} */ frame) => socket.sent.push(JSON.parse(frame)),
      close: () => {
        socket.open = false;
      },
      says: (/** @type {object} */ frame) => Object(socket).onmessage({ data: JSON.stringify(frame) }),
    };
    sockets.push(socket);
    return /** @type {any} */ (socket);
  };
  const journal = openJournal(openOutbox(memoryStore()));
  const hello = () => /** @type {any} */ ({ t: "hello", ...journal.have() });
  const link = openLink(
    "wss://x",
    journal,
    hello,
    () => true,
    () => undefined,
    { connect, random: () => 0.5 },
  );
  return { journal, link, sockets, pass: (/** @type {number} */ ms) => mock.timers.tick(ms) };
}

/** @param {string} name @param {(world: ReturnType<typeof setUp>) => void} run */
const timed = (name, run) =>
  test(name, () => {
    const world = setUp();
    try {
      run(world);
    } finally {
      mock.timers.reset();
    }
  });

/** @param {ReturnType<typeof setUp>} world @param {number} [i] */
function welcome({ sockets }, i = sockets.length - 1) {
  sockets[i].onopen();
  sockets[i].says(WELCOME);
}

timed("it says hello first and beats while nothing is heard", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  welcome(world);
  assert.equal(link.state(), "online");
  pass(24_999);
  assert.deepEqual(sockets[0].sent, [{ t: "hello", epoch: "", have: {} }]);
  pass(1);
  assert.deepEqual(sockets[0].sent.at(-1), { t: "beat" });
  sockets[0].says({ t: "beat_back", time: 1 });
  pass(25_000);
  assert.equal(sockets[0].sent.length, 3);
});

timed("a connection on which nothing is heard is given up at dead_ms", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  welcome(world);
  pass(25_000);
  pass(34_999);
  assert.equal(link.state(), "online");
  pass(1);
  assert.equal(link.state(), "lost");
  assert.equal(sockets[0].open, false);
});

timed("waiting doubles until a connection has proven itself", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  for (const wait of [250, 500, 1000]) {
    sockets.at(-1).onclose({ code: 1006 });
    const before = sockets.length;
    pass(wait - 1);
    assert.equal(sockets.length, before);
    pass(1);
    assert.equal(sockets.length, before + 1);
    welcome(world);
  }
  pass(29_999);
  sockets.at(-1).says({ t: "beat_back", time: 1 });
  pass(1);
  sockets.at(-1).onclose({ code: 4000 });
  pass(250);
  assert.equal(sockets.length, 5);
});

for (const code of [4500, 4503, 1009]) {
  timed(`a close with ${code} ends it for this page`, ({ link, sockets, pass }) => {
    link.start();
    sockets[0].onclose({ code });
    assert.equal(link.state(), "stopped");
    pass(100_000);
    link.wake();
    link.rest();
    link.start();
    assert.equal(sockets.length, 1);
  });
}

timed("bye says how long to stay away, and waking does not shorten it", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  welcome(world);
  sockets[0].says({ t: "bye", after_ms: 7000 });
  sockets[0].onclose({ code: 1001 });
  link.wake();
  pass(6999);
  assert.equal(sockets.length, 1);
  pass(1);
  assert.equal(sockets.length, 2);
});

timed("waking probes an open connection and hurries a lost one", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  welcome(world);
  link.wake();
  pass(5000);
  assert.equal(link.state(), "lost");
  link.wake();
  assert.equal(sockets.length, 2);
  welcome(world);
  link.wake();
  sockets[1].says({ t: "beat_back", time: 1 });
  pass(5000);
  assert.equal(link.state(), "online");
});

timed("the network is gone: what was sent into nothing is sent again", (world) => {
  const { journal, link, sockets, pass } = world;
  const command = { t: /** @type {const} */ ("open"), id: "id", chat: "chat", lang: "nl" };
  link.start();
  welcome(world);
  journal.put(command, 0);
  link.pump();
  link.cut();
  assert.equal(link.state(), "lost");
  pass(250);
  welcome(world);
  assert.deepEqual(
    sockets.map((socket) => socket.sent.filter((/** @type {any} */ frame) => frame.t === "open")),
    [[command], [command]],
  );
});

timed("a refused command leaves again when its time has come", (world) => {
  const { journal, link, sockets, pass } = world;
  link.start();
  welcome(world);
  journal.put({ t: "close", id: "id", chat: "chat" }, 0);
  link.pump();
  sockets[0].says({ t: "err", id: "id", code: "busy", retry: true, after_ms: 1500 });
  const closes = () => sockets[0].sent.filter((/** @type {any} */ frame) => frame.t === "close").length;
  pass(1499);
  assert.equal(closes(), 1);
  pass(1);
  assert.equal(closes(), 2);
});

timed("resting lets go, starting takes up again", (world) => {
  const { link, sockets, pass } = world;
  link.start();
  welcome(world);
  link.rest();
  pass(100_000);
  assert.deepEqual([link.state(), sockets.length, sockets[0].open], ["idle", 1, false]);
  link.start();
  welcome(world);
  assert.equal(link.state(), "online");
});
