import type { Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRaw } from '../socket-io/raw-client.ts';
import { connected, request, upgraded } from '../socket-io/stock-clients.ts';
import { newPerson } from '../support/booking-scene.ts';
import { deployments } from './deployments.ts';
import { SNIPPETS } from './snippets.ts';

/** The unmodified client, with the documents' own lines, each at a deployment of its document's dialect. */

const backendOf = await deployments();

/** The transport that the client is on. */
const transportOf = ({ io }: Socket) => io.engine.transport.name;

describe.each(SNIPPETS)('$document.md, “$where”', ({ document, connect, firstTransport = 'polling' }) => {
  test('connects, is on a WebSocket soon, and is served', async () => {
    const backend = backendOf(document);
    const { token, userId } = await newPerson(backend, 'Ann');
    const socket = connect(backend.url, token);
    onTestFinished(() => void socket.disconnect());
    const opened = new Promise((resolve) => socket.io.on('open', () => resolve(transportOf(socket))));
    await connected(socket);
    expect(await opened).toBe(firstTransport);
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    await upgraded(socket);
    expect(await request(socket, 'authenticate', token)).toMatchObject({ ok: true, userId });
    expect(transportOf(socket)).toBe('websocket');
  });

  test('hears when the page is left', async () => {
    const backend = backendOf(document);
    const { token } = await newPerson(backend, 'Ann');
    const socket = connect(backend.url, token);
    onTestFinished(() => void socket.disconnect());
    await connected(socket);
    const reason = new Promise((resolve) => socket.once('disconnect', resolve));
    // What the examples' clean-ups call; the client knows both names.
    socket.close();
    expect(await reason).toBe('io client disconnect');
    expect(socket.active).toBe(false);
  });
});

test('conversation.md, “Using Postman/Insomnia”: a plain WebSocket with the token in its headers', async () => {
  const backend = backendOf('conversation');
  const { token } = await newPerson(backend, 'Ann');
  const raw = await openRaw(`${backend.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    authorization: `Bearer ${token}`,
  });
  if (typeof raw === 'number') throw new Error(`The handshake was refused with ${raw}.`);
  onTestFinished(async () => void (await raw.close()));
  expect(await raw.next()).toMatch(/^0\{"sid":/);
  raw.send('40');
  expect(await raw.next()).toMatch(/^40\{"sid":/);
});
