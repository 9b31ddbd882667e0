// Generated from supportterm/protocol by `python -m supportterm.protocol.schema`: do not edit.

export type FromClient =
  | Hello
  | Login
  | Open
  | Say
  | Note
  | Reread
  | Tell
  | CloseChat
  | Reopen
  | LeaveMessage
  | ChooseLanguage
  | NeedTime
  | GiveContact
  | CallBack
  | Phoned
  | SetStatus
  | Take
  | Accept
  | Decline
  | HandOff
  | Recall
  | Invite
  | Uninvite
  | Breather
  | Abuse
  | Assign
  | SetAgent
  | Control
  | Unblock
  | Sync
  | More
  | Mark
  | Typing
  | Beat
  | Active
  | Why
  | Watch
  | Report
  | Draft;

export type FromServer =
  | Welcome
  | SignedIn
  | Chat
  | Event
  | Page
  | Gone
  | Earlier
  | MarksOf
  | TypingOf
  | View
  | Ok
  | Err
  | Because
  | ReportOf
  | DraftOf
  | BeatBack
  | Bye;

export type Command =
  | Open
  | Say
  | Note
  | Reread
  | Tell
  | CloseChat
  | Reopen
  | LeaveMessage
  | ChooseLanguage
  | NeedTime
  | GiveContact
  | CallBack
  | Phoned
  | SetStatus
  | Take
  | Accept
  | Decline
  | HandOff
  | Recall
  | Invite
  | Uninvite
  | Breather
  | Abuse
  | Assign
  | SetAgent
  | Control
  | Unblock;

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
  | "not_owner"
  | "taken"
  | "cap"
  | "over_ceiling"
  | "second_handoff"
  | "handing"
  | "not_offered"
  | "to_self"
  | "no_agent"
  | "agent_offline"
  | "no_skill"
  | "no_shop"
  | "bad_time"
  | "summary_first"
  | "not_asked"
  | "no_reason"
  | "no_mandate"
  | "shop_closed"
  | "queue_full"
  | "address_full"
  | "blocked"
  | "no_contact"
  | "no_identity"
  | "no_mail"
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
  link?: string;
  identity?: string;
  browser?: string | "";
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
  topic?: string;
  page?: string;
}

export interface Say {
  t: "say";
  id: string;
  chat: string;
  text: string;
  promise?: number;
  due?: number;
  summary?: boolean;
  options?: Option[];
  re?: number;
  answer?: "" | "no" | "yes";
  choice?: number;
}

export interface Option {
  label: string;
  why: string;
}

export interface Note {
  t: "note";
  id: string;
  chat: string;
  text: string;
}

export interface Reread {
  t: "reread";
  id: string;
  chat: string;
  re: number;
}

export interface Tell {
  t: "tell";
  id: string;
  chat: string;
  reason: string;
  mandate?: string;
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

export interface LeaveMessage {
  t: "leave";
  id: string;
  chat: string;
  text: string;
  name?: string;
  contact?: string;
  lang?: string;
  topic?: string;
  page?: string;
}

export interface ChooseLanguage {
  t: "choose";
  id: string;
  chat: string;
  choice: "now" | "wait";
}

export interface NeedTime {
  t: "need_time";
  id: string;
  chat: string;
}

export interface GiveContact {
  t: "give_contact";
  id: string;
  chat: string;
  contact: string;
  name?: string;
}

export interface CallBack {
  t: "call_back";
  id: string;
  chat: string;
  due: number;
  how: "here" | "mail" | "phone";
  contact?: string;
  name?: string;
}

export interface Phoned {
  t: "phoned";
  id: string;
  chat: string;
  reached: boolean;
}

export interface SetStatus {
  t: "status";
  id: string;
  status: "away" | "finishing" | "offline" | "online";
  reason?: string;
}

export interface Take {
  t: "take";
  id: string;
  chat: string;
  sure?: boolean;
}

export interface Accept {
  t: "accept";
  id: string;
  chat: string;
}

export interface Decline {
  t: "decline";
  id: string;
  chat: string;
}

export interface HandOff {
  t: "handoff";
  id: string;
  chat: string;
  text: string;
  agent?: string;
  skill?: string;
  reason?: string;
  sure?: boolean;
}

export interface Recall {
  t: "recall";
  id: string;
  chat: string;
}

export interface Invite {
  t: "invite";
  id: string;
  chat: string;
  agent: string;
}

export interface Uninvite {
  t: "uninvite";
  id: string;
  chat: string;
  agent: string;
}

export interface Breather {
  t: "breather";
  id: string;
  chat: string;
  act: "end" | "extend";
}

export interface Abuse {
  t: "abuse";
  id: string;
  chat: string;
  act: "block" | "end" | "warn";
  minutes?: number;
}

export interface Assign {
  t: "assign";
  id: string;
  chat: string;
  agent: string;
}

export interface SetAgent {
  t: "set_agent";
  id: string;
  agent: string;
  status?: "away" | "finishing" | "offline" | "online";
  ceiling?: number;
}

export interface Control {
  t: "control";
  id: string;
  what: "banner" | "closed" | "invitations" | "languages" | "open" | "queue";
  until: number;
  shop?: string;
  value?: number;
  text?: string;
}

export interface Unblock {
  t: "unblock";
  id: string;
  block: string;
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

export interface Active {
  t: "active";
}

export interface Why {
  t: "why";
  chat: string;
}

export interface Watch {
  t: "watch";
  chat: string;
  on?: boolean;
}

export interface Report {
  t: "report";
  name: "promises" | "reasons" | "service";
  since: number;
  until: number;
  by?: "" | "agent" | "day" | "hour" | "language" | "shop";
  lang?: string;
}

export interface Draft {
  t: "draft";
  chat: string;
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
  identity?: "" | "bad" | "good";
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
  state: "closed" | "left" | "open" | "queued";
  shop: string;
  lang: string;
  opened_at: number;
  agent?: string;
  owner?: string;
  waiting_since?: number;
  promise_due?: number;
  promise_at?: number;
  overdue_at?: number;
  summary?: number;
  understood?: "" | "no" | "yes";
  callback?: "" | "here" | "mail" | "phone";
  known?: Known;
  customer_marks?: Marks;
  agent_marks?: Marks;
}

export interface Known {
  name?: string;
  mail?: string;
  phone?: string;
  told?: string;
  identity?: Identity;
}

export interface Identity {
  sub?: string;
  name?: string;
  mail?: string;
  phone?: string;
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

export interface Earlier {
  t: "earlier";
  chat: string;
  chats: EarlierChat[];
}

export interface EarlierChat {
  at: number;
  orders: string[];
  reason?: string;
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
  who?: string;
  until?: number;
}

export interface Because {
  t: "because";
  chat: string;
  verdicts: Verdict[];
}

export interface Verdict {
  agent: string;
  name: string;
  load: Load;
  no?: "" | "absent" | "away" | "breather" | "busier" | "cap" | "finishing" | "full" | "language" | "offline" | "owner" | "passed" | "ramp" | "skill";
}

export interface Load {
  points: number;
  ceiling: number;
  chats: number;
  cap: number;
  parts: Part[];
  slower?: number;
}

export interface Part {
  demand: "answered" | "closing" | "due" | "promise" | "quiet" | "waiting";
  n: number;
  points: number;
}

export interface ReportOf {
  t: "report_of";
  name: string;
  since: number;
  until: number;
  by: string;
  value: unknown;
}

export interface DraftOf {
  t: "draft_of";
  chat: string;
  upto?: number;
  why?: "" | "bad" | "busy" | "down" | "off" | "slow";
  happened?: Place[];
  about?: Place[];
  wants?: Place[];
  tried?: Place[];
  by_when?: Place[];
}

export interface Place {
  seq: number;
  start: number;
  end: number;
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

export interface Step {
  after_ms: number;
  any_skill?: boolean;
  langs?: string[];
}

export interface Waiting {
  chat: string;
  shop: string;
  since: number;
  lang?: string;
  skill?: string;
  priority?: number;
  returned?: boolean;
  offered?: string;
  promise_due?: number;
  gone?: boolean;
}

export interface QueueLine {
  lang: string;
  skill: string;
  n: number;
  oldest_at: number;
  gone?: number;
}

export interface Offer {
  chat: string;
  until: number;
  kind: "handoff" | "offer";
  by?: string;
  reason?: string;
}

export interface WrapUp {
  chat: string;
  until: number;
  extended: boolean;
  long: boolean;
}

export interface Rescue {
  chat: string;
  at: number;
}

export interface Hours {
  zone: string;
  week: [number, number][][];
  exceptions: Record<string, [number, number][]>;
}

export interface Colleague {
  agent: string;
  name: string;
  title: string;
  status: string;
  present: boolean;
  load: Load;
  reason?: string;
  since?: number;
  languages?: string[];
  skills?: string[];
  oldest_at?: number;
  promises?: number;
  overdue?: number;
  today?: boolean;
  chats?: string[];
}

export interface Held {
  what: string;
  shop: string;
  until: number;
  by: string;
  value?: number;
  text?: string;
}

export interface ShopToday {
  shop: string;
  name: string;
  open: boolean;
  changes_at?: number;
}

export interface LeftRow {
  chat: string;
  shop: string;
  since: number;
  due_at: number;
  lang?: string;
  owner?: string;
  answered_at?: number;
  delivered?: boolean;
  how?: "" | "here" | "mail" | "phone";
  owner_name?: string;
  mail?: "" | "refused" | "waiting";
  name?: string;
  contact?: string;
  tried?: number;
  again_at?: number;
  why?: string;
}

export interface Hour {
  at: number;
  n: number;
}

export interface PromiseRow {
  chat: string;
  shop: string;
  due_at: number;
  owner?: string;
  name?: string;
  extended?: boolean;
  overdue?: boolean;
}

export interface ShopFacts {
  shop: string;
  name: string;
  zone: string;
  hours?: Hours;
  afternoon_ends?: number;
  familiar?: string[];
  guard?: boolean;
  summary_messages?: number;
  summary_chars?: number;
  summary_required?: "both" | "close" | "handoff" | "none";
  reasons?: Reason[];
  glossary?: Record<string, Record<string, string>>;
  mail?: boolean;
  callbacks_per_hour?: number;
  drafts?: boolean;
  topics?: Subject[];
}

export interface Reason {
  id: string;
  labels: Record<string, string>;
  next_issue?: Record<string, string>;
  mandate?: Gift[];
}

export interface Gift {
  id: string;
  labels: Record<string, string>;
  texts: Record<string, string>;
}

export interface Subject {
  id: string;
  labels: Record<string, string>;
}

export interface ShopReplies {
  shop: string;
  replies: Reply[];
}

export interface Reply {
  id: string;
  kind: "closing" | "greeting" | "other" | "question" | "solution";
  labels: Record<string, string>;
  texts: Record<string, string>;
  reasons?: string[];
}

export interface Alert {
  key: string;
  kind: "absent" | "callback_due" | "handoffs" | "left_overdue" | "over_ceiling" | "overdue" | "queue" | "silent";
  at: number;
  agent?: string;
  name?: string;
  chat?: string;
  n?: number;
  moves?: Move[];
  gone?: number;
}

export interface Move {
  chat: string;
  to: string;
  name: string;
  from_now: number;
  from_then: number;
  to_now: number;
  to_then: number;
}

export interface Block {
  block: string;
  chat: string;
  until: number;
  by: string;
}

export interface Topic {
  id: string;
  label: string;
}

/** What an event's `data` holds, by kind. */
export interface EventData {
  opened: {
    shop: string;
    lang: string;
    topic: string;
  };
  joined: {
    name: string;
    instead_of: string;
  };
  message: {
    masked?: number;
    holding?: boolean;
    summary?: boolean;
    options?: number;
    re?: number;
    answer?: "" | "no" | "yes";
    choice?: number;
    words?: boolean;
  };
  promised: {
    due_at: number;
    named?: boolean;
  };
  promise_extended: {
    due_at: number;
    named?: boolean;
  };
  promise_moved: {
    due_at: number;
    first_at?: number;
  };
  promise_ended: {
    how: "broken" | "extended" | "kept" | "withdrawn";
    gone?: boolean;
  };
  reread: {
    re: number;
  };
  language_asked: {
    wanted: string;
    lang: string;
    opens_at: number;
  };
  language_chosen: {
    choice: "now" | "wait";
  };
  handing: {
    name: string;
    skill: string;
  };
  stays: {
    name: string;
  };
  left: {
    due_at: number;
  };
  callback: {
    due_at: number;
    how: "here" | "mail" | "phone";
  };
  nudged: {
    closes_at: number;
    time_ms: number;
  };
  time_needed: {
    until: number;
  };
  warned: Record<string, never>;
  closed: {
    reason: "abuse" | "agent" | "customer" | "gone" | "idle";
    appeal: string;
  };
  reopened: Record<string, never>;
  requeued: {
    reason: "agent_gone" | "reopened";
  };
  erased: Record<string, never>;
  context: {
    address: string;
  };
  entered: {
    skill?: string;
    lang?: string;
    priority?: number;
    steps?: Step[];
  };
  widened: {
    skill: boolean;
    langs: string[];
  };
  offered: {
    agent: string;
    name: string;
  };
  offer_ended: {
    agent: string;
    reason: "declined" | "expired" | "withdrawn";
  };
  routed: {
    agent: string;
    how: "assign" | "callback" | "hand" | "handoff" | "last" | "load";
    points: number;
    ceiling: number;
    chats: number;
    cap: number;
    parts: Part[];
    others: Verdict[];
    waited_ms: number;
    expected_ms: number;
    sure: boolean;
    by: string;
  };
  unassigned: {
    reason: "absent" | "bounced" | "callback" | "disabled" | "offline" | "reserved" | "silent";
    agent: string;
    left: boolean;
  };
  note: {
    masked: number;
  };
  made_good: {
    late_ms: number;
  };
  told: {
    reason: string;
    mandate?: string;
  };
  handoff: {
    agent: string;
    skill: string;
    reason: string;
    overdue: boolean;
  };
  handoff_ended: {
    how: "accepted" | "declined" | "expired" | "recalled" | "withdrawn";
    agent: string;
  };
  invited: {
    agent: string;
    name: string;
  };
  uninvited: {
    agent: string;
    name: string;
  };
  contact: Record<string, never>;
  identified: {
    customer: string;
    was?: string;
    signed_at?: number;
  };
  mailing: {
    upto: number;
    after: number;
  };
  mailed: {
    upto: number;
    how: "accepted" | "refused";
  };
  bounced: {
    mail: number;
    upto: number;
    again?: boolean;
    how?: "" | "here" | "mail" | "phone";
    ended_at?: number;
    promise?: number;
    due_at?: number;
    late_at?: number;
  };
  seen: {
    upto: number;
  };
  phoned: {
    reached: boolean;
  };
  page_gone: Record<string, never>;
  page_back: {
    waits?: boolean;
  };
  breathed: {
    act: "end" | "extend";
  };
}

/** What a view's `value` holds, by name. */
export interface ViewValue {
  queue: {
    size: number;
    oldest_at: number;
    rows?: Waiting[];
    gone?: number;
    lines?: QueueLine[];
  };
  mine: {
    chats: string[];
    status: string;
    writing: boolean;
    load: Load;
    reason?: string;
    offers?: Offer[];
    guest_in?: string[];
    wrap_ups?: WrapUp[];
    silent?: string;
    rescues?: Rescue[];
    usual_ms?: number;
    shift?: Hours;
    trainee?: boolean;
    blocked?: Record<string, number>;
  };
  team: {
    agents: Colleague[];
    skills: string[];
  };
  today: {
    held: Held[];
    shops: ShopToday[];
    late_promises: string[];
  };
  left: {
    rows: LeftRow[];
    hours?: Hour[];
  };
  promises: {
    rows: PromiseRow[];
  };
  shops: {
    shops: ShopFacts[];
  };
  replies: {
    shops: ShopReplies[];
  };
  alerts: {
    alerts: Alert[];
  };
  blocks: {
    blocks: Block[];
  };
  door: {
    open: boolean;
    closed?: boolean;
    opens_at?: number;
    full?: boolean;
    banner?: string;
    topics?: Topic[];
    blocked_until?: number;
    appeal?: string;
    mail?: boolean;
  };
  wait: {
    position: number;
    low_ms?: number;
    high_ms?: number;
    worse?: "" | "returned" | "slower";
    leave?: boolean;
    nobody?: "" | "away" | "closed" | "off" | "other";
    since?: number;
    until?: number;
  };
}
