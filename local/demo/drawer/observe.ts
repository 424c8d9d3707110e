import type { DialectName } from './dialects.ts';
import type { FrameLog } from './frame-log.ts';

/** A further connection of the same person, through which the drawer listens and speaks. */
export type Observer = {
  readonly emit: (event: string, payload: unknown) => void;
  readonly close: () => void;
};

export type Observe = {
  /** The stack's address. */
  readonly url: string;
  readonly token: string;
  readonly dialect: DialectName;
  readonly log: FrameLog;
  /** Told at every connect: rooms are joined anew. */
  readonly connected: () => void;
};
