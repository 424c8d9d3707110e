import { exactTime } from '../time.ts';
import type { Passage } from './frame-log.ts';

/** A frame on one line; opened, its payload is laid out. */
export function FrameRow({ passage: { direction, text, at } }: { readonly passage: Passage }) {
  const laidOut = layOut(text);
  const line = (
    <>
      <span className="frame-direction" data-direction={direction}>
        <span aria-hidden="true">{direction === 'up' ? '↑' : '↓'}</span>
        <span className="unseen">{direction === 'up' ? 'Sent' : 'Received'}</span>
      </span>
      <code className="frame-text">
        <b className="frame-name">{nameIn(text)}</b> {text}
      </code>
      <time className="frame-time" dateTime={at.toISOString()}>
        {exactTime(at)}
      </time>
    </>
  );
  if (laidOut === undefined) return <li className="frame">{line}</li>;
  return (
    <li>
      <details>
        <summary className="frame">{line}</summary>
        <pre className="frame-body">{laidOut}</pre>
      </details>
    </li>
  );
}

/** Packets that carry no event: https://socket.io/docs/v4/socket-io-protocol/ and the one of Engine.IO below it. */
const PACKETS: Readonly<Record<string, string>> = {
  '0': 'open',
  '1': 'close',
  '2': 'ping',
  '3': 'pong',
  '6': 'noop',
  '40': 'connect',
  '41': 'disconnect',
  '44': 'connect_error',
};

/** What a frame is about, on either wire: an event, the answer to one, or the connection itself. */
function nameIn(text: string): string {
  const [, event] = /^(?:\{"(?:action|event)":|\d+(?:\/[^,]*,)?\d*\[)"([^"]+)"/.exec(text) ?? [];
  const [, reply] = /^(?:\{"reply":|43)(\d+)/.exec(text) ?? [];
  const [packet = ''] = /^\d{1,2}(?![\d[])/.exec(text) ?? [];
  return event ?? (reply === undefined ? (PACKETS[packet] ?? '') : `answer to ${reply}`);
}

/** The JSON in a frame over several lines; there is none in a heartbeat. */
function layOut(text: string): string | undefined {
  const from = text.search(/[[{]/);
  if (from === -1) return undefined;
  try {
    return text.slice(0, from) + JSON.stringify(JSON.parse(text.slice(from)), null, 2);
  } catch {
    return undefined;
  }
}
