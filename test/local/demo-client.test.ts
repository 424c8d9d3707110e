import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

/* The page's modules are plain JavaScript for browsers, so they are loaded, and described here, by hand. */

type Draft = { readonly clientMessageId: string; readonly content: string };
type Passage = { readonly direction: string; readonly label: string; readonly body?: unknown };
type Entry = {
  readonly key: string;
  readonly id?: string;
  readonly state: string;
  readonly isRead: boolean;
  readonly content: string;
};

type Outbox = { add(draft: Draft): void; flush(): Promise<void> };
type Timeline = {
  readonly entries: readonly Entry[];
  readonly unread: readonly string[];
  merge(messages: readonly object[]): void;
  addDraft(draft: Draft): void;
  setDraft(key: string, state: string, reason?: string): void;
};
type Traffic = EventTarget & { pass(direction: string, label: string, body?: unknown): void };
type Connection = EventTarget & {
  readonly status: string;
  open(): void;
  close(): void;
  request(action: string, data: unknown): Promise<unknown>;
};

async function load<T>(name: string): Promise<T> {
  return import(new URL(`../../local/demo/${name}.js`, import.meta.url).href) as Promise<T>;
}

const { Outbox } = await load<{
  Outbox: new (
    send: (draft: Draft) => Promise<unknown>,
    settle: (draft: Draft, answer: unknown) => void,
  ) => Outbox;
}>('outbox');
const { Timeline } = await load<{ Timeline: new (userId: string) => Timeline }>('timeline');
const { Traffic } = await load<{ Traffic: new () => Traffic }>('traffic');
const { Connection, ConnectionLost } = await load<{
  Connection: new (session: object, traffic: Traffic) => Connection;
  ConnectionLost: new (message: string) => Error;
}>('connection');

const draft = (content: string): Draft => ({ clientMessageId: `c-${content}`, content });

const message = (seq: number, by: string, more: object = {}) => ({
  _id: `m${seq}`,
  sender: { _id: by, name: by },
  content: `content ${seq}`,
  isRead: false,
  createdAt: new Date(seq * 1_000).toISOString(),
  ...more,
});

function record(traffic: Traffic): readonly Passage[] {
  const passages: Passage[] = [];
  traffic.addEventListener('passage', (event) => passages.push((event as CustomEvent<Passage>).detail));
  return passages;
}

describe('the outbox', () => {
  test('sends one message at a time, in the order they were written', async () => {
    const sent: string[] = [];
    const answers: (() => void)[] = [];
    const send = ({ content }: Draft) => {
      sent.push(content);
      return new Promise<void>((resolve) => answers.push(resolve));
    };
    const outbox = new Outbox(send, () => {});
    for (const content of ['a', 'b']) outbox.add(draft(content));
    const flushed = Promise.all([outbox.flush(), outbox.flush()]);
    expect(sent).toEqual(['a']);
    answers.shift()?.();
    await vi.waitFor(() => expect(sent).toEqual(['a', 'b']));
    answers.shift()?.();
    await flushed;
  });

  test('sends a message again, as the same one, until it is answered', async () => {
    const settled: unknown[] = [];
    const send = vi.fn(async (_: Draft) => 'stored').mockRejectedValueOnce(new ConnectionLost('gone'));
    const outbox = new Outbox(send, ({ clientMessageId }, answer) => settled.push([clientMessageId, answer]));
    outbox.add(draft('a'));
    await outbox.flush();
    expect(settled).toEqual([]);
    await outbox.flush();
    await outbox.flush();
    expect(send.mock.calls).toEqual([[draft('a')], [draft('a')]]);
    expect(settled).toEqual([['c-a', 'stored']]);
  });
});

describe('the timeline', () => {
  test('a draft becomes the message stored under its clientMessageId, however often that is told', () => {
    const timeline = new Timeline('ann');
    timeline.addDraft(draft('hello'));
    const stored = message(1, 'ann', { content: 'hello', clientMessageId: 'c-hello' });
    for (const told of [stored, stored]) timeline.merge([told]);
    expect(timeline.entries).toMatchObject([{ key: 'c-hello', id: 'm1', state: 'sent', content: 'hello' }]);
  });

  test('what was stored is not shown as refused', () => {
    const timeline = new Timeline('ann');
    timeline.addDraft(draft('hello'));
    timeline.merge([message(1, 'ann', { clientMessageId: 'c-hello' })]);
    timeline.setDraft('c-hello', 'failed', 'INTERNAL');
    expect(timeline.entries).toMatchObject([{ state: 'sent' }]);
  });

  test('another person’s clientMessageId does not touch one’s own draft', () => {
    const timeline = new Timeline('ann');
    timeline.addDraft(draft('hello'));
    timeline.merge([message(1, 'ben', { clientMessageId: 'c-hello' })]);
    expect(timeline.entries).toMatchObject([{ key: 'm1' }, { key: 'c-hello', state: 'sending' }]);
  });

  test('messages stand in their order, however they arrive, and drafts below them', () => {
    const timeline = new Timeline('ann');
    timeline.addDraft(draft('hello'));
    timeline.merge([message(3, 'ben')]);
    timeline.merge([message(1, 'ben'), message(2, 'ann')]);
    expect(timeline.entries.map(({ key }) => key)).toEqual(['m1', 'm2', 'm3', 'c-hello']);
  });

  test('what was read stays read, though an older page says otherwise', () => {
    const timeline = new Timeline('ann');
    timeline.merge([message(1, 'ben', { isRead: true }), message(2, 'ben'), message(3, 'ann')]);
    timeline.merge([message(1, 'ben')]);
    expect(timeline.unread).toEqual(['m2']);
  });
});

test('the log of frames holds nothing that would let a reader act as the person', () => {
  const traffic = new Traffic();
  const passages = record(traffic);
  traffic.pass('sent', 'authenticate', { action: 'authenticate', data: 'S3CRET', id: 1 });
  traffic.pass('sent', 'authenticate', { action: 'authenticate', args: ['S3CRET'] });
  traffic.pass('received', 'x', { data: [{ token: 'S3CRET', headers: { Authorization: 'Bearer S3CRET' } }] });
  traffic.pass('received', 'newMessage', { event: 'newMessage', data: { content: 'the word token' } });
  expect(JSON.stringify(passages)).not.toContain('S3CRET');
  expect(passages.at(-1)?.body).toEqual({ event: 'newMessage', data: { content: 'the word token' } });
});

describe('the connection', () => {
  afterEach(() => vi.unstubAllGlobals());

  async function connectionTo(serve: (socket: WebSocket, text: string) => void) {
    vi.stubGlobal('WebSocket', WebSocket);
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => socket.on('message', (data) => serve(socket, String(data))));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const session = { webSocketUrl: `ws://127.0.0.1:${port}/?token=S3CRET`, renew: vi.fn(async () => {}) };
    const traffic = new Traffic();
    const passages = record(traffic);
    const connection = new Connection(session, traffic);
    onTestFinished(() => {
      connection.close();
      server.close();
    });
    connection.open();
    await vi.waitFor(() => expect(connection.status).toBe('open'));
    return { connection, passages, session };
  }

  test('a request is answered by the reply with its id', async () => {
    const { connection, passages } = await connectionTo((socket, text) => {
      const { id, data } = JSON.parse(text);
      // The second is answered first.
      if (data === 'b') for (const reply of [id, id - 1]) socket.send(JSON.stringify({ reply, data: reply }));
    });
    const answers = await Promise.all([connection.request('x', 'a'), connection.request('x', 'b')]);
    expect(answers).toEqual([1, 2]);
    expect(JSON.stringify(passages)).not.toContain('S3CRET');
  });

  test('a lost connection rejects what was asked, renews the credentials and comes back', async () => {
    const { connection, session } = await connectionTo((socket) => socket.terminate());
    await expect(connection.request('x', 'a')).rejects.toBeInstanceOf(ConnectionLost);
    expect(connection.status).toBe('waiting');
    await vi.waitFor(() => expect(connection.status).toBe('open'), { timeout: 10_000 });
    expect(session.renew).toHaveBeenCalledOnce();
  });

  test('taken offline by hand, it stays there', async () => {
    const { connection } = await connectionTo(() => {});
    connection.close();
    await expect(connection.request('x', 'a')).rejects.toBeInstanceOf(ConnectionLost);
    expect(connection.status).toBe('closed');
  });
});
