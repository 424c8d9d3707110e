import type { Socket } from '../../client/connection/platform.ts';

/** A frame as it went up. */
export type SentFrame = {
  readonly action: string;
  readonly data?: unknown;
  readonly args?: readonly unknown[];
  readonly id?: number;
};

/** The server's end of a WebSocket that a test plays. */
export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: (() => void) | null = null;
  readonly url: string;
  /** What the client has sent so far. */
  readonly sent: SentFrame[] = [];
  /** The code with which the client has closed. */
  closedWith: number | undefined;
  onsent: (frame: SentFrame) => void = () => undefined;

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    const frame = JSON.parse(text) as SentFrame;
    this.sent.push(frame);
    this.onsent(frame);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  /** Says something to the client, if it listens still. */
  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** Answers the latest frame of this action. */
  answer(action: string, data: unknown, offset?: string): void {
    const asked = this.sent.findLast((frame) => frame.action === action);
    this.say({ reply: asked?.id, data, offset });
  }

  /** How many frames of this action have come. */
  count(action: string): number {
    return this.sent.filter((frame) => frame.action === action).length;
  }

  /** The payload of the latest frame of this action. */
  payload(action: string): unknown {
    return this.sent.findLast((frame) => frame.action === action)?.data;
  }
}
