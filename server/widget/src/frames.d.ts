// Generated from supportterm/protocol by `python -m supportterm.protocol.schema`: do not edit.

export type FromClient =
  | Hello
  | Login
  | Open
  | Say
  | Note
  | CloseChat
  | Reopen
  | SetStatus
  | Sync
  | More
  | Mark
  | Typing
  | Beat;

export type FromServer =
  | Welcome
  | SignedIn
  | Chat
  | Event
  | Page
  | Gone
  | MarksOf
  | TypingOf
  | View
  | Ok
  | Err
  | BeatBack
  | Bye;

export type Command =
  | Open
  | Say
  | Note
  | CloseChat
  | Reopen
  | SetStatus;

export type ErrorCode =
  | "bad_frame"
  | "bad_text"
  | "text_too_long"
  | "no_chat"
  | "id_conflict"
  | "chat_closed"
  | "already_open"
  | "already"
  | "not_allowed"
  | "read_only"
  | "too_fast"
  | "busy"
  | "storage"
  | "stopping"
  | "bad_login"
  | "bad_invite"
  | "weak_password"
  | "login_wait";

export interface Hello {
  t: "hello";
  v: number;
  token: string;
  epoch?: string;
  have?: Record<string, number>;
  lang?: string;
  client?: string;
  instance?: string;
  takeover?: boolean;
}

export interface Login {
  t: "login";
  name: string;
  password: string;
  invite?: string;
  device?: string;
}

export interface Open {
  t: "open";
  id: string;
  chat: string;
  lang?: string;
  page?: string;
}

export interface Say {
  t: "say";
  id: string;
  chat: string;
  text: string;
}

export interface Note {
  t: "note";
  id: string;
  chat: string;
  text: string;
}

export interface CloseChat {
  t: "close";
  id: string;
  chat: string;
}

export interface Reopen {
  t: "reopen";
  id: string;
  chat: string;
}

export interface SetStatus {
  t: "status";
  id: string;
  status: "away" | "online";
}

export interface Sync {
  t: "sync";
  chat: string;
  have: number;
}

export interface More {
  t: "more";
  chat: string;
  before: number;
}

export interface Mark {
  t: "mark";
  chat: string;
  got?: number;
  seen?: number;
}

export interface Typing {
  t: "typing";
  chat: string;
  on?: boolean;
}

export interface Beat {
  t: "beat";
}

export interface Welcome {
  t: "welcome";
  epoch: string;
  time: number;
  me: Me;
  limits: Limits;
  chats: string[];
  server?: string;
  shop?: string;
  practice?: boolean;
}

export interface Me {
  role: "agent" | "customer" | "desk";
  id: string;
  name?: string;
  desk?: string;
  title?: string;
}

export interface Limits {
  text: number;
  frame: number;
  outbox: number;
  page: number;
  beat_ms: number;
  dead_ms: number;
  typing_ms: number;
}

export interface SignedIn {
  t: "signed_in";
  token: string;
  me: Me;
}

export interface Chat {
  t: "chat";
  chat: string;
  first: number;
  last: number;
  head: Head;
  reset?: boolean;
}

export interface Head {
  state: "closed" | "open" | "queued";
  shop: string;
  lang: string;
  opened_at: number;
  agent?: string;
  waiting_since?: number;
  customer_marks?: Marks;
  agent_marks?: Marks;
}

export interface Marks {
  got: number;
  seen: number;
}

export interface Event {
  t: "event";
  chat: string;
  seq: number;
  at: number;
  kind: string;
  by: By;
  pub?: number;
  v?: number;
  id?: string;
  text?: string;
  data?: unknown;
  erased?: boolean;
}

export interface By {
  role: "agent" | "customer" | "desk";
  name?: string;
  id?: string;
}

export interface Page {
  t: "page";
  chat: string;
  events: Event[];
  more: boolean;
}

export interface Gone {
  t: "gone";
  chat: string;
}

export interface MarksOf {
  t: "marks";
  chat: string;
  who: "agent" | "customer";
  got?: number;
  seen?: number;
}

export interface TypingOf {
  t: "typing_of";
  chat: string;
  who: "agent" | "customer";
  on?: boolean;
  name?: string;
}

export interface View {
  t: "view";
  name: string;
  version: number;
  value: unknown;
}

export interface Ok {
  t: "ok";
  id: string;
  seq?: number;
}

export interface Err {
  t: "err";
  code: string;
  retry?: boolean;
  after_ms?: number;
  text?: string;
  id?: string;
  chat?: string;
}

export interface BeatBack {
  t: "beat_back";
  time: number;
}

export interface Bye {
  t: "bye";
  after_ms: number;
  text?: string;
}

/** What an event's `data` holds, by kind. */
export interface EventData {
  opened: {
    shop: string;
    lang: string;
  };
  joined: {
    name: string;
  };
  message: {
    masked: number;
  };
  closed: {
    reason: "agent" | "customer" | "idle";
  };
  reopened: Record<string, never>;
  requeued: {
    reason: "agent_gone" | "reopened";
  };
  erased: Record<string, never>;
  context: Record<string, never>;
  routed: {
    agent: string;
    open: number;
    limit: number;
  };
  note: {
    masked: number;
  };
}

/** What a view's `value` holds, by name. */
export interface ViewValue {
  queue: {
    size: number;
    oldest_at: number;
  };
  mine: {
    chats: string[];
    status: string;
    limit: number;
    writing: boolean;
  };
  door: {
    open: boolean;
  };
}
