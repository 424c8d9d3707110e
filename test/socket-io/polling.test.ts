import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_URL, type EchoServer, failsNever, startEcho } from './echo-server.ts';
import {
  joinedPolling,
  openPolling,
  openRaw,
  openSession,
  type Polled,
  type RawPolling,
  type RawSocket,
  request,
} from './raw-client.ts';
import { request as ask, connected, nextEvent, openClient } from './stock-clients.ts';

/** HTTP long-polling, as the reference serves it and as an HTTP API can. */

let server: EchoServer;
beforeAll(async () => {
  server = await startEcho();
});
afterAll(() => server.stop());
failsNever(() => server);

const errorOf = ({ status, body }: Polled) => ({ status, ...(JSON.parse(body) as object) });
const BAD_REQUEST = { status: 400, code: 3, message: 'Bad request' };
const UNKNOWN = { status: 400, code: 1, message: 'Session ID unknown' };

/** Resolves when a poll of this session waits on the server. */
async function waits({ sid }: RawPolling): Promise<void> {
  const isFree = async () => {
    const entered = await server.mailboxes.enter(`polling-${sid}`, 'GET', server.clock.now(), 0);
    return entered === 'free';
  };
  await expect.poll(isFree).toBe(false);
}

describe('a poll', () => {
  test('answers with all packets that came meanwhile, in order', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post('42["message",1]\x1e42["message",2]\x1e421["message-with-ack",3]');
    expect(await polling.packets()).toEqual(['42["message-back",1]', '42["message-back",2]', '431[3]']);
  });

  test('says how, as the reference does', async () => {
    const polling = await joinedPolling(server.url);
    const posted = await polling.post('42["message","é"]');
    const polled = await polling.poll();
    const of = ({ headers }: Polled) => [headers.get('content-type'), headers.get('cache-control')];
    expect(of(posted)).toEqual(['text/html', 'no-store']);
    expect(of(polled)).toEqual(['text/plain; charset=UTF-8', 'no-store']);
    expect(polled.body).toBe('42["message-back","é"]');
  });

  test('finds the answer to a CONNECT that came before it', async () => {
    const polling = await openPolling(server.url);
    expect(await polling.post('40')).toMatchObject({ status: 200, body: 'ok' });
    expect((await polling.packets())[0]).toMatch(/^40\{/);
  });

  test('ends with a NOOP before the HTTP API would end it', async () => {
    const polling = await joinedPolling(server.url);
    const waiting = polling.poll();
    await waits(polling);
    server.clock.leap(20_001);
    expect(await waiting).toMatchObject({ status: 200, body: '6' });
    expect(server.failures()).toEqual([]);
  });
});

describe('requests that overlap', () => {
  test('a second poll ends the session, and the first is told so', async () => {
    const polling = await joinedPolling(server.url);
    const first = polling.poll();
    await waits(polling);
    expect(errorOf(await polling.poll())).toEqual(BAD_REQUEST);
    expect(await first).toMatchObject({ status: 200, body: '1' });
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });

  test('a second payload ends the session', async () => {
    const polling = await joinedPolling(server.url);
    const key = `polling-${polling.sid}`;
    const now = server.clock.now();
    expect(await server.mailboxes.enter(key, 'POST', now, now + 1_000)).toBe('free');
    expect(errorOf(await polling.post('42["message"]'))).toEqual(BAD_REQUEST);
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });

  test('a payload beside a waiting poll is what they are for', async () => {
    const polling = await joinedPolling(server.url);
    const waiting = polling.packets();
    await waits(polling);
    expect(await polling.post('42["message","both"]')).toMatchObject({ status: 200, body: 'ok' });
    expect(await waiting).toEqual(['42["message-back","both"]']);
  });

  test('a poll whose function has died stands in the way for a while only', async () => {
    const polling = await joinedPolling(server.url);
    const now = server.clock.now();
    await server.mailboxes.enter(`polling-${polling.sid}`, 'GET', now, now + 25_000);
    server.clock.leap(25_001);
    await polling.post('42["message","again"]');
    expect(await polling.packets()).toEqual(['42["message-back","again"]']);
  });
});

describe('a payload', () => {
  test.each([
    ['an unknown packet', 'x'],
    ['nothing', ''],
    ['an empty packet between others', '3\x1e\x1e42["message"]'],
    ['a message that is none', '4'],
    ['an invalid message', '42{}'],
    ['an attachment that belongs to nothing', '43[]\x1ebAQID'],
    ['text where an attachment is due', '451-["message",{"_placeholder":true,"num":0}]\x1e42["message"]'],
    ['too many attachments', '4511-["message",{"_placeholder":true,"num":0}]'],
    ['no attachments where some must be', '450-["message"]'],
  ])('of %s is taken, and ends the session', async (_, body) => {
    const polling = await joinedPolling(server.url);
    const before = server.heard.length;
    expect(await polling.post(body)).toMatchObject({ status: 200, body: 'ok' });
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
    expect(server.heard).toHaveLength(before);
  });

  test('is served up to the packet that ends the session', async () => {
    const polling = await joinedPolling(server.url);
    const before = server.heard.length;
    await polling.post('42["message",1]\x1e4abc\x1e42["message",2]');
    expect(server.heard.slice(before).map(({ event }) => event.args)).toEqual([[1]]);
  });

  test('of 128 KB is taken, and of more is refused: 413, and the session goes on', async () => {
    const polling = await joinedPolling(server.url);
    const filling = (bytes: number) => `42["nothing","${'x'.repeat(bytes - '42["nothing",""]'.length)}"]`;
    expect(await polling.post(filling(128 * 1024))).toMatchObject({ status: 200 });
    expect(await polling.post(filling(128 * 1024 + 1))).toMatchObject({ status: 413 });
    await polling.post('42["message","small"]');
    expect(await polling.packets()).toEqual(['42["message-back","small"]']);
  });

  test('of thousands of idle packets costs what one of them does', async () => {
    const polling = await joinedPolling(server.url);
    const many = Array.from({ length: 20_000 }, (_, at) => '3605'[at % 4]).join('\x1e');
    expect(await polling.post(`${many}\x1e42["message","after them"]`)).toMatchObject({ status: 200 });
    expect(await polling.packets()).toEqual(['42["message-back","after them"]']);
  });

  test('that cannot be served in time ends the session', async () => {
    const polling = await joinedPolling(server.url);
    const posted = polling.post(Array.from({ length: 3_000 }, () => '42["slow"]').join('\x1e'));
    await expect.poll(() => server.heard.at(-1)?.event.name).toBe('slow');
    server.clock.leap(20_001);
    expect(await posted).toMatchObject({ status: 200 });
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });

  test('may come in base64, as a body without a content type does', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post('42["message","ä"]', { headers: { 'content-type': 'application/octet-stream' } });
    expect(await polling.packets()).toEqual(['42["message-back","ä"]']);
  });
});

describe('a session id', () => {
  test('that is unknown, a socket’s, or a WebSocket’s opens nothing', async () => {
    const polling = await openPolling(server.url);
    await polling.post('40');
    const [reply = ''] = await polling.packets();
    const { sid: socketId } = JSON.parse(reply.slice(2)) as { readonly sid: string };
    const webSocket = await openSession(server.webSocketUrl);
    const strangers = [
      'nobody',
      socketId,
      webSocket.open.sid,
      '__proto__',
      '../x',
      'a'.repeat(1_500),
      '%00',
      'é',
    ];
    for (const sid of strangers) {
      const at = `${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      expect(errorOf(await request(at)), sid).toEqual(UNKNOWN);
      expect(errorOf(await request(at, { method: 'POST', body: '41' })), sid).toEqual(UNKNOWN);
      const socketAt = `${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
      expect(await openRaw(socketAt), sid).toBe(400);
    }
    expect(await polling.post('42["message","unharmed"]')).toMatchObject({ status: 200 });
    expect(webSocket.isOpen).toBe(true);
  });

  test('is asked for by another method in vain', async () => {
    const polling = await joinedPolling(server.url);
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect(errorOf(await request(polling.url, { method })), method).toEqual(BAD_REQUEST);
    }
    expect(errorOf(await request(polling.url.replace('EIO=4', 'EIO=3')))).toEqual(BAD_REQUEST);
    expect(errorOf(await request(polling.url.replace('transport=polling', 'transport=websocket')))).toEqual(
      BAD_REQUEST,
    );
  });

  test('that has upgraded is polled in vain', async () => {
    const polling = await joinedPolling(server.url);
    const at = `${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=${polling.sid}`;
    const socket = (await openRaw(at)) as RawSocket;
    socket.send('5', '42["message","moved"]');
    await socket.next();
    expect(errorOf(await polling.poll())).toEqual(BAD_REQUEST);
    expect(errorOf(await polling.post('3'))).toEqual(BAD_REQUEST);
    expect(socket.isOpen).toBe(true);
  });
});

describe('CORS', () => {
  const from = (origin: string) => ({ headers: { origin } });
  const allowed = ({ headers }: Polled) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
  ];

  test('lets the platform’s pages poll, with credentials, and read every error', async () => {
    const polling = await joinedPolling(server.url);
    const answers = [
      await request(`${server.url}/socket.io/?EIO=4&transport=polling`, from(CLIENT_URL)),
      await request(`${server.url}/socket.io/?EIO=3&transport=polling`, from(CLIENT_URL)),
      await request(`${server.url}/socket.io/?EIO=4&transport=polling&sid=x`, from(CLIENT_URL)),
      await polling.post('42["message"]', from(CLIENT_URL)),
      await polling.post('x'.repeat(130 * 1024), from(CLIENT_URL)),
      await polling.poll(from(CLIENT_URL)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 200, 413, 200]);
    expect(answers.map(allowed)).toEqual(answers.map(() => [CLIENT_URL, 'true']));
  });

  test('lets nobody else’s', async () => {
    const answer = await request(
      `${server.url}/socket.io/?EIO=4&transport=polling`,
      from('https://evil.example'),
    );
    expect(allowed(answer)[0]).toBeNull();
  });

  test('allows the Authorization header when asked before', async () => {
    const { status, headers } = await request(`${server.url}/socket.io/?EIO=4&transport=polling`, {
      method: 'OPTIONS',
      headers: {
        origin: CLIENT_URL,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
    expect(headers.get('access-control-allow-origin')).toBe(CLIENT_URL);
  });
});

describe('binary data', () => {
  const filled = (bytes: number) => Buffer.alloc(bytes, 7);

  test('of a stock client is taken, though its parts come in payloads of their own', async () => {
    const socket = openClient(server.url, { transports: ['polling'], forceNew: true });
    await connected(socket);
    const heard = nextEvent(socket, 'message-back');
    socket.emit('message', filled(10_000), { more: [filled(20_000)] }, 'text');
    expect(await heard).toEqual([filled(10_000), { more: [filled(20_000)] }, 'text']);
    expect(await ask(socket, 'message-with-ack', filled(30_000))).toEqual(filled(30_000));
    expect(await ask(socket, 'message-with-ack', 'text')).toBe('text');
  });

  test('may come in as many payloads as it has parts', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post('452-7["message-with-ack",{"_placeholder":true,"num":1}]');
    await polling.post('3\x1ebAQID');
    await polling.post('bBA==\x1e42["message","next"]');
    const packets: string[] = [];
    while (packets.length < 3) packets.push(...(await polling.packets()));
    expect(packets).toEqual(['461-7[{"_placeholder":true,"num":0}]', 'bBA==', '42["message-back","next"]']);
  });

  test('between whose parts other text comes ends the session', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post('452-["message",{"_placeholder":true,"num":1}]');
    await polling.post('bAQID\x1e42["message","too early"]');
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });

  test('of more than 64 KB is refused in words, and the session goes on', async () => {
    const socket = openClient(server.url, { transports: ['polling'], forceNew: true });
    await connected(socket);
    const refused = nextEvent(socket, 'error');
    const error = { message: 'Binary data of more than 64 KB is not accepted', code: 'INVALID_PAYLOAD' };
    const parts = [filled(30_000), filled(30_000), filled(30_000)];
    expect(await ask(socket, 'message-with-ack', ...parts)).toEqual({ ok: false, error });
    expect(await refused).toEqual([error]);
    expect(await ask(socket, 'message-with-ack', 'text')).toBe('text');
  });

  test('for a namespace that it has not joined ends the session', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post('451-/custom,["message",{"_placeholder":true,"num":0}]');
    await polling.post('bAQID');
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });

  test('that belongs to nothing ends a session that has joined nothing', async () => {
    const polling = await openPolling(server.url);
    await polling.post('bAQID');
    expect(errorOf(await polling.poll())).toEqual(UNKNOWN);
  });
});

test('a stock client splits what is too much for one payload', async () => {
  const socket = openClient(server.url, { transports: ['polling'], forceNew: true });
  await connected(socket);
  const filling = 'x'.repeat(10_000);
  const answers = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7].map((at) => ask(socket, 'message-with-ack', at, filling)),
  );
  expect(answers).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('a mailbox takes what a row can hold, and says when it is full', async () => {
  const { sid } = await openPolling(server.url);
  const key = `polling-${sid}`;
  const frame = 'x'.repeat(60_000);
  const mailed: string[] = [];
  while (mailed.length < 10) mailed.push((await server.mailboxes.mail(key, [frame])).kind);
  expect([...new Set(mailed)]).toEqual(['queued', 'full']);
  expect(await server.store.setAside(key, [frame])).toBe('full');
  expect(await server.mailboxes.collect(key)).toHaveLength(mailed.filter((kind) => kind === 'queued').length);
});
