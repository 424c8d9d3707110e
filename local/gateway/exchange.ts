import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

/** A plain HTTP request, and where its answer goes. */
export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** What goes back to an HTTP client. */
export type HttpReply = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
};

/** A reply whose body is JSON already. */
export function jsonReply(status: number, json: string): HttpReply {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(json) };
}

/** A reply in the gateway's own words, such as `{"message":"Forbidden"}`. */
export function gatewayReply(status: number, message: string): HttpReply {
  return jsonReply(status, JSON.stringify({ message }));
}

/** Writes a reply and waits until it has left; a client that has gone misses it, and nothing else happens. */
export async function send({ response }: Exchange, { status, headers, body }: HttpReply): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.end(body);
  await finished(response).catch(() => undefined);
}
