import type { Mailboxes, SessionKey } from '../../lambdas/wire/socket-io/session.ts';
import type { SessionRow, SessionRows } from './memory-sessions.ts';

const MOST_FRAMES = 500;

const always = () => true;

/** Mailboxes in memory, on the rows of their sessions: each call takes effect at once. */
export function memoryMailboxes(rows: SessionRows): Mailboxes {
  return {
    ...frameLists(rows),
    peek: async (key, now) => {
      const row = rows.row(key);
      if (!row) return 'gone';
      if (row.mailbox) return 'mail';
      return row.webSocket !== undefined || (row.probingUntil ?? 0) > now ? 'probed' : 'empty';
    },
    enter: async (key, method, now, until) => {
      if (!rows.row(key)) return 'gone';
      const isFree = ({ busyUntil }: SessionRow) => (busyUntil?.[method] ?? Number.NEGATIVE_INFINITY) < now;
      const entered = (row: SessionRow) => ({
        ...row,
        seenAt: now,
        busyUntil: { ...row.busyUntil, [method]: until },
      });
      return rows.change(key, isFree, entered) ? 'free' : 'busy';
    },
    leave: async (key, method) =>
      void rows.change(key, always, ({ busyUntil = {}, ...row }) => {
        const { [method]: _, ...others } = busyUntil;
        return { ...row, busyUntil: others };
      }),
    ...moves(rows),
  };
}

function frameLists(
  rows: SessionRows,
): Pick<Mailboxes, 'mail' | 'collect' | 'hold' | 'mailHeld' | 'collectHeld' | 'letGo'> {
  return {
    mail: async (key, frames) => {
      const row = rows.row(key);
      if (!row) return { kind: 'gone' };
      if (row.webSocket !== undefined) return { kind: 'moved', webSocket: row.webSocket };
      if ((row.mailbox?.length ?? 0) >= MOST_FRAMES) return { kind: 'full' };
      rows.put(key, { ...row, mailbox: [...(row.mailbox ?? []), ...frames] });
      return { kind: 'queued' };
    },
    collect: async (key) => take(rows, key, 'mailbox'),
    hold: async (key) => void rows.change(key, always, (row) => ({ ...row, held: true })),
    mailHeld: async (key, frame) => {
      const row = rows.row(key);
      if (!row) return { kind: 'gone' };
      if (!row.held)
        return { kind: 'moved', ...(row.webSocket !== undefined && { webSocket: row.webSocket }) };
      rows.put(key, { ...row, waiting: [...(row.waiting ?? []), frame] });
      return { kind: 'queued' };
    },
    collectHeld: async (key) => take(rows, key, 'waiting'),
    letGo: async (key) => {
      const released = rows.change(
        key,
        ({ waiting }) => waiting === undefined,
        ({ held: _, ...row }) => row,
      );
      return released || !rows.row(key) ? 'free' : 'mail';
    },
  };
}

function take(rows: SessionRows, key: SessionKey, list: 'mailbox' | 'waiting'): readonly string[] {
  const row = rows.row(key);
  const frames = row?.[list] ?? [];
  if (row) {
    const { [list]: _, ...rest } = row;
    rows.put(key, rest);
  }
  return frames;
}

function moves(
  rows: SessionRows,
): Pick<Mailboxes, 'link' | 'unlink' | 'endProbe' | 'probe' | 'beginMove' | 'endMove'> {
  return {
    link: async (connectionId, key) => rows.put(connectionId, { linkedTo: key }),
    unlink: async (connectionId) => rows.remove(connectionId),
    endProbe: async (key, connectionId) => {
      const isIts = ({ probe, moving }: SessionRow) => probe === connectionId && !moving;
      rows.change(key, isIts, ({ probe: _, probingUntil: __, ...row }) => row);
    },
    probe: async (key, connectionId, now, until) => {
      const isFree = ({ webSocket, moving, probe, probingUntil = now }: SessionRow) =>
        webSocket === undefined &&
        !moving &&
        (probe === undefined || probe === connectionId || probingUntil < now);
      const probing = (row: SessionRow) => ({ ...row, probe: connectionId, probingUntil: until });
      return rows.change(key, isFree, probing) ? 'probing' : 'other';
    },
    beginMove: async (key, connectionId) =>
      rows.change(
        key,
        ({ webSocket, moving, probe }) =>
          webSocket === undefined && !moving && (probe === undefined || probe === connectionId),
        (row) => ({ ...row, probe: connectionId, moving: true }),
      ),
    endMove: async (key, connectionId) => {
      const moved = rows.change(
        key,
        ({ mailbox }) => mailbox === undefined,
        ({ probe: _, probingUntil: __, moving: ___, ...row }) => ({ ...row, webSocket: connectionId }),
      );
      if (moved) return 'moved';
      return rows.row(key) ? 'mail' : 'gone';
    },
  };
}
