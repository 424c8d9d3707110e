import type { IncomingMessage } from 'node:http';

/** How reading a request's body ended. */
export type RequestBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'aborted' };

/**
 * Reads a request to its end, keeping at most `limitBytes` in memory. A larger body is read and dropped before the
 * refusal, since a client that is still writing would see a reset connection instead of the status.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
    }
  } catch {
    return { kind: 'aborted' };
  }
  return size > limitBytes ? { kind: 'too-large' } : { kind: 'read', bytes: Buffer.concat(chunks) };
}
