import { createHash } from 'node:crypto';
import {
  HEARTBEAT_SLOTS,
  type Recoverable,
  type Session,
  type SessionKey,
  type SessionStore,
  type SocketState,
} from '../../lambdas/wire/socket-io/session.ts';

/** What is stored of a session, its mailbox included. */
export type SessionRow = Omit<Session, 'sockets'> & {
  readonly sockets: Readonly<Record<string, SocketState>>;
  readonly acks: Readonly<Record<string, unknown>>;
  readonly mailbox?: readonly string[];
  /** What was pushed while the session is held back. */
  readonly waiting?: readonly string[];
  readonly held?: boolean;
  readonly moving?: boolean;
  readonly probingUntil?: number;
  readonly busyUntil?: Readonly<Partial<Record<'GET' | 'POST', number>>>;
};

/** A WebSocket that probes or carries a session begun by HTTP long-polling. */
export type LinkRow = { readonly linkedTo: SessionKey };

/** Rows by key, each as its JSON: what is read of one is nobody else's. */
export class SessionRows {
  readonly #rows = new Map<string, string>();

  /** Every row, by key. */
  get all(): ReadonlyMap<string, string> {
    return this.#rows;
  }

  row(key: string): SessionRow | undefined {
    const row = this.#read(key);
    return row && !('linkedTo' in row) ? row : undefined;
  }

  link(key: string): SessionKey | undefined {
    const row = this.#read(key);
    return row && 'linkedTo' in row ? row.linkedTo : undefined;
  }

  put(key: string, row: SessionRow | LinkRow): void {
    this.#rows.set(key, JSON.stringify(row));
  }

  remove(key: string): void {
    this.#rows.delete(key);
  }

  /** Changes a session's row, where there is one and it `allows` it; then says so. */
  change(
    key: SessionKey,
    allows: (row: SessionRow) => boolean,
    changed: (row: SessionRow) => SessionRow,
  ): boolean {
    const row = this.row(key);
    if (!row || !allows(row)) return false;
    this.put(key, changed(row));
    return true;
  }

  #read(key: string): SessionRow | LinkRow | undefined {
    const text = this.#rows.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as SessionRow | LinkRow);
  }
}

const always = () => true;

/** Sessions in memory: each call takes effect at once. */
export function memorySessions(rows: SessionRows): SessionStore {
  const find = (key: string): Session | undefined => {
    const row = rows.row(rows.link(key) ?? key);
    return row && sessionOf(row);
  };
  return {
    ...memoryKept(),
    create: async (session) =>
      rows.put(session.key, { ...session, sockets: Object.fromEntries(session.sockets), acks: {} }),
    find: async (key) => find(key),
    addSocket: async (key, namespace, socket) => {
      if (!rows.row(key)) return 'gone';
      const isFree = ({ sockets }: SessionRow) => !(namespace in sockets);
      return rows.change(key, isFree, withSocket(namespace, socket)) ? 'added' : 'taken';
    },
    saveSocket: async (key, namespace, socket) => {
      const before = rows.row(key)?.sockets[namespace];
      const isSame = ({ sockets }: SessionRow) => sockets[namespace]?.sid === socket.sid;
      return rows.change(key, isSame, withSocket(namespace, socket)) ? before : undefined;
    },
    removeSocket: async (key, namespace) => {
      const before = rows.row(key);
      const isThere = ({ sockets }: SessionRow) => namespace in sockets;
      const left = (row: SessionRow) => ({ ...row, sockets: without(row.sockets, namespace), hasLeft: true });
      return rows.change(key, isThere, left) && before ? sessionOf(before) : undefined;
    },
    remove: async (key) => {
      const removed = rows.row(key);
      rows.remove(key);
      return removed && sessionOf(removed);
    },
    setAside: async (key, frames) => {
      rows.change(key, always, (row) => ({ ...row, unfinished: frames }));
      return 'kept';
    },
    awaitAck: async (key, id, context) =>
      void rows.change(key, always, (row) => ({ ...row, acks: { ...row.acks, [id]: context } })),
    takeAck: async (key, id) => {
      const context = rows.row(key)?.acks[id];
      rows.change(key, always, (row) => ({ ...row, acks: without(row.acks, String(id)) }));
      return context;
    },
    noteSeen: async (key, now) => void rows.change(key, always, (row) => ({ ...row, seenAt: now })),
    due: async function* (slot) {
      for (const key of rows.all.keys()) {
        const row = rows.row(key);
        if (row && slotOf(key) === slot) yield sessionOf(row);
      }
    },
  };
}

function memoryKept(): Pick<SessionStore, 'keep' | 'kept' | 'handOver' | 'forget'> {
  const kept = new Map<string, string>();
  const read = (pid: string) => {
    const text = kept.get(pid);
    return text === undefined ? undefined : (JSON.parse(text) as Recoverable);
  };
  const write = (pid: string, recoverable: Recoverable) => kept.set(pid, JSON.stringify(recoverable));
  return {
    keep: async (pid, recoverable) => {
      const holder = read(pid)?.holder ?? recoverable.holder;
      if (holder === recoverable.holder) write(pid, recoverable);
    },
    kept: async (pid) => read(pid),
    handOver: async (pid, { holder }, to) => {
      const found = read(pid);
      if (!found || (found.holder !== holder && found.holder !== to)) return false;
      write(pid, { ...found, holder: to });
      return true;
    },
    forget: async (pid, holder) => {
      if (read(pid)?.holder === holder) kept.delete(pid);
    },
  };
}

function sessionOf(row: SessionRow): Session {
  const {
    key,
    sid,
    handshake,
    openedAt,
    webSocket,
    probe,
    isCrowded,
    unfinished = [],
    hasLeft,
    seenAt,
  } = row;
  return {
    key,
    sid,
    handshake,
    openedAt,
    sockets: new Map(Object.entries(row.sockets)),
    ...(webSocket !== undefined && { webSocket }),
    ...(probe !== undefined && { probe }),
    ...(isCrowded !== undefined && { isCrowded }),
    ...(unfinished.length > 0 && { unfinished }),
    ...(hasLeft !== undefined && { hasLeft }),
    ...(seenAt !== undefined && { seenAt }),
  };
}

function withSocket(namespace: string, socket: SocketState) {
  return (row: SessionRow): SessionRow => ({ ...row, sockets: { ...row.sockets, [namespace]: socket } });
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** A session keeps its slot for life. */
function slotOf(key: SessionKey): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % HEARTBEAT_SLOTS;
}
