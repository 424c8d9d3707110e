import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** The peer's address, an IPv4 one in its own form. */
export function sourceIpOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** A request's headers in the order and case sent, hop-by-hop ones left out, the gateway's own at the end. */
export function forwardedHeaders(request: IncomingMessage): readonly (readonly [string, string])[] {
  const sent: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    sent.push([request.rawHeaders[at] ?? '', request.rawHeaders[at + 1] ?? '']);
  }
  const replaced = new Set([...HOP_BY_HOP, ...gatewayHeaders(request).map(([name]) => name.toLowerCase())]);
  return [...sent.filter(([name]) => !replaced.has(name.toLowerCase())), ...gatewayHeaders(request)];
}

/** Headers as a WebSocket API passes them: the last value of each, and all of them. */
export function groupHeaders(request: IncomingMessage, { lowerCase }: { readonly lowerCase: boolean }) {
  const all = new Map<string, string[]>();
  for (const [sent, value] of forwardedHeaders(request)) {
    const name = lowerCase ? sent.toLowerCase() : sent;
    all.set(name, [...(all.get(name) ?? []), value]);
  }
  return {
    headers: Object.fromEntries([...all].map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: Object.fromEntries(all),
  };
}

function gatewayHeaders(request: IncomingMessage): [string, string][] {
  const chain = request.headers['x-forwarded-for'];
  const sourceIp = sourceIpOf(request);
  return [
    ['X-Amzn-Trace-Id', `Root=1-${hex(4)}-${hex(12)}`],
    ['X-Forwarded-For', chain === undefined ? sourceIp : `${chain}, ${sourceIp}`],
    ['X-Forwarded-Port', String(request.socket.localPort ?? '')],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
