import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Connection } from './connection.ts';
import type { ConnectionEnd } from './events.ts';
import { FrameMeter, type Framing } from './frame-meter.ts';
import type { Limits } from './limits.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html */
const BINARY_REFUSED = { code: 1003, reason: '' };
const TOO_LARGE = { code: 1009, reason: '' };

/** What the client said when it closed without a code, in the words of API Gateway's log. */
const NO_STATUS = 'Client-side close frame status not set';

/** Close codes by the reason for which `ws` gives up on a client's frames. */
const CODES_BY_ERROR: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
};

/** The socket of one connection: as frames, and as the bytes beneath them. */
export type ClientSocket = { readonly frames: WebSocket; readonly bytes: Duplex };

/**
 * Listens to a client: good text frames go to `onMessage`; binary ones, frames over 32 KB and messages over 128 KB
 * end the connection. Must be called before control returns to the event loop, lest the first bytes pass unmetered.
 */
export function listenToClient(
  connection: Connection,
  { frames, bytes }: ClientSocket,
  { limits, onMessage }: { readonly limits: Limits; readonly onMessage: (body: string) => void },
): void {
  const meter = new FrameMeter();
  // Before the listener of `ws`, which delivers a message in the same turn in which its last byte arrives.
  bytes.prependListener('data', (chunk: Buffer) => meter.read(chunk));
  frames.on('message', (data: Buffer, isBinary) => {
    const frameBytes = largestFrame(meter.nextMessage(), data.length);
    if (!connection.isOpen) return;
    if (isBinary) connection.close(BINARY_REFUSED);
    else if (frameBytes > limits.frameBytes) connection.close(TOO_LARGE);
    else {
      connection.touch();
      onMessage(data.toString());
    }
  });
  frames.on('error', (error) => connection.finish({ code: codeOf(error), reason: '' }));
  frames.on('close', (code, reason) => connection.finish(endOf(code, reason.toString())));
}

/** A compressed frame is small on the wire; what it holds counts too, the stricter reading of the quota. */
function largestFrame({ frames, largestFrameBytes }: Framing, messageBytes: number): number {
  return frames === 1 ? Math.max(largestFrameBytes, messageBytes) : largestFrameBytes;
}

function endOf(code: number, reason: string): ConnectionEnd {
  return { code, reason: code === 1005 ? NO_STATUS : reason };
}

function codeOf(error: Error): number {
  return ('code' in error && CODES_BY_ERROR[String(error.code)]) || 1002;
}
