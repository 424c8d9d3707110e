import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EchoServer, failsNever, startEcho } from './echo-server.ts';
import {
  joinedPolling,
  joinedSession,
  openPacket,
  openPolling,
  openRaw,
  openSession,
  type RawSocket,
  request,
} from './raw-client.ts';

/**
 * What the protocols' own test suites ask of a server, over the stand-in for API Gateway.
 *
 * @see https://github.com/socketio/engine.io-protocol
 * @see https://github.com/socketio/socket.io-protocol
 */

let server: EchoServer;
beforeAll(async () => {
  server = await startEcho();
});
afterAll(() => server.stop());
failsNever(() => server);

const OPEN = {
  sid: expect.stringMatching(/^[\w-]{12,}$/),
  upgrades: [],
  pingInterval: 540_000,
  pingTimeout: 120_000,
  maxPayload: 32_768,
};

describe('Engine.IO: the handshake over HTTP long-polling', () => {
  const at = (query: string) => `${server.url}/socket.io/?${query}`;

  test('opens a session', async () => {
    const { status, headers, body } = await request(at('EIO=4&transport=polling'));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=UTF-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(openPacket(body)).toEqual({ ...OPEN, upgrades: ['websocket'] });
  });

  test.each([
    ['EIO=3&transport=polling', { code: 5, message: 'Unsupported protocol version' }],
    ['EIO=abc&transport=polling', { code: 5, message: 'Unsupported protocol version' }],
    ['EIO=4', { code: 0, message: 'Transport unknown' }],
    ['EIO=4&transport=abc', { code: 0, message: 'Transport unknown' }],
    ['EIO=4&transport=webtransport', { code: 0, message: 'Transport unknown' }],
    ['EIO=4&transport=websocket', { code: 3, message: 'Bad request' }],
    ['EIO=4&transport=polling&sid=nobody', { code: 1, message: 'Session ID unknown' }],
  ])('refuses %s', async (query, error) => {
    const { status, headers, body } = await request(at(query));
    expect({ status, body: JSON.parse(body) }).toEqual({ status: 400, body: error });
    expect(headers.get('content-type')).toBe('application/json');
  });

  test.each(['POST', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    const { status, body } = await request(at('EIO=4&transport=polling'), { method });
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 400,
      body: { code: 2, message: 'Bad handshake method' },
    });
  });
});

describe('Engine.IO: the handshake over WebSocket', () => {
  test('opens a session', async () => {
    expect((await openSession(server.webSocketUrl)).open).toEqual(OPEN);
  });

  test('takes an empty session id for none', async () => {
    const socket = await openRaw(`${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=`);
    expect(openPacket(await (socket as RawSocket).next())).toEqual(OPEN);
  });

  test.each([
    'EIO=3&transport=websocket',
    'EIO=abc&transport=websocket',
    'EIO=4&transport=websocket&sid=nobody',
    'EIO=4&transport=polling',
    'EIO=4&transport=abc',
    'EIO=4',
  ])('refuses %s', async (query) => {
    expect(await openRaw(`${server.webSocketUrl}/socket.io/?${query}`)).toBe(400);
  });
});

describe('Engine.IO: the end', () => {
  test('comes over a WebSocket when the client says so', async () => {
    const socket = await openSession(server.webSocketUrl);
    socket.send('1');
    expect(await socket.ended).toEqual({ code: 1000 });
    expect(await server.store.find(socket.open.sid)).toBeUndefined();
  });

  test('comes over HTTP long-polling when the client says so, and its waiting poll ends', async () => {
    const polling = await openPolling(server.url);
    const waiting = polling.poll();
    expect(await polling.post('1')).toMatchObject({ status: 200, body: 'ok' });
    expect(await waiting).toMatchObject({ status: 200, body: '1' });
    expect(await polling.poll()).toMatchObject({ status: 400 });
  });

  test('comes when the client closes its WebSocket', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    const before = server.left.length;
    await socket.close();
    await expect.poll(() => server.left.length).toBe(before + 1);
    expect(server.left.at(-1)).toMatchObject({ isClean: false });
  });
});

describe('Engine.IO: packets out of place', () => {
  test.each(['0', '0{}', '3', '3x', '5', '6'])('%s over a WebSocket changes nothing', async (packet) => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send(packet, '42["message","after it"]');
    expect(await socket.next()).toBe('42["message-back","after it"]');
  });

  test.each(['2', '2probe'])(
    '%s over a WebSocket ends the session: it is the server that pings',
    async (packet) => {
      const socket = await joinedSession(server.webSocketUrl);
      socket.send(packet);
      expect(await socket.ended).toEqual({ code: 1000 });
    },
  );

  test('0, 3, 5 and 6 over HTTP long-polling change nothing, and 2 ends the session', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post(['0', '3', '5', '6', '42["message","after them"]'].join('\x1e'));
    expect(await polling.packets()).toEqual(['42["message-back","after them"]']);
    expect(await polling.post('2')).toMatchObject({ status: 200, body: 'ok' });
    expect(await polling.poll()).toMatchObject({ status: 400 });
  });
});

describe('Engine.IO: the upgrade', () => {
  const probe = (sid: string) =>
    openRaw(`${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);

  test('takes the session over by a probe', async () => {
    const polling = await joinedPolling(server.url);
    const socket = (await probe(polling.sid)) as RawSocket;
    const waiting = polling.poll();
    socket.send('2probe');
    expect(await socket.next()).toBe('3probe');
    expect(await waiting).toMatchObject({ status: 200, body: '6' });
    socket.send('5');
    socket.send('42["message","over the socket"]');
    expect(await socket.next()).toBe('42["message-back","over the socket"]');
    expect(socket.frames.all).toHaveLength(2);
    expect(await polling.poll()).toMatchObject({ status: 400, body: '{"code":3,"message":"Bad request"}' });
    expect(await polling.post('2')).toMatchObject({
      status: 400,
      body: '{"code":3,"message":"Bad request"}',
    });
    expect(socket.isOpen).toBe(true);
  });

  test('is refused for a session that has upgraded', async () => {
    const polling = await openPolling(server.url);
    const socket = (await probe(polling.sid)) as RawSocket;
    socket.send('2probe');
    await socket.next();
    socket.send('5', '40');
    await socket.next();
    expect(await probe(polling.sid)).toBe(400);
  });

  test('is refused for a session that a WebSocket has begun', async () => {
    expect(await probe((await openSession(server.webSocketUrl)).open.sid)).toBe(400);
  });
});

describe('Socket.IO: connecting', () => {
  const reply = (namespace: string) =>
    expect.stringMatching(new RegExp(`^40${namespace}\\{"sid":"[\\w-]{20}"\\}$`));

  test.each([
    ['the main namespace', '40', '', '42["auth",{}]'],
    ['the main namespace with a payload', '40{"token":"123"}', '', '42["auth",{"token":"123"}]'],
    ['a custom namespace', '40/custom,', '/custom,', '42/custom,["auth",{}]'],
    [
      'a custom namespace with a payload',
      '40/custom,{"token":"abc"}',
      '/custom,',
      '42/custom,["auth",{"token":"abc"}]',
    ],
  ])('to %s', async (_, packet, namespace, auth) => {
    const socket = await openSession(server.webSocketUrl);
    socket.send(packet);
    expect(await socket.next()).toEqual(reply(namespace));
    expect(await socket.next()).toBe(auth);
  });

  test('to an unknown namespace is refused, and another may follow', async () => {
    const socket = await openSession(server.webSocketUrl);
    socket.send('40/random');
    expect(await socket.next()).toBe('44/random,{"message":"Invalid namespace"}');
    socket.send('40/custom');
    expect(await socket.next()).toEqual(reply('/custom,'));
  });

  test('gives each namespace an id of its own, and none is that of the session', async () => {
    const socket = await openSession(server.webSocketUrl);
    socket.send('40');
    const main = JSON.parse((await socket.next()).slice(2)) as { readonly sid: string };
    await socket.next();
    socket.send('40/custom');
    const custom = JSON.parse((await socket.next()).slice('40/custom,'.length)) as { readonly sid: string };
    expect(new Set([socket.open.sid, main.sid, custom.sid]).size).toBe(3);
  });

  test.each(['4abc', '42["message"]', '40', '41'])(
    'is over for a client that says %s in its place, or twice',
    async (packet) => {
      const socket =
        packet === '40' ? await joinedSession(server.webSocketUrl) : await openSession(server.webSocketUrl);
      socket.send(packet);
      expect(await socket.ended).toEqual({ code: 1000 });
    },
  );
});

describe('Socket.IO: disconnecting', () => {
  test('from the main namespace', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('41');
    await expect.poll(() => server.left.at(-1)).toMatchObject({ isClean: true });
    socket.send('42["message","message after disconnect"]');
    expect(await socket.ended).toEqual({ code: 1000 });
  });

  test('from a custom namespace, and the main one is still there', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('40/custom');
    await socket.next();
    await socket.next();
    socket.send('41/custom');
    await expect.poll(() => server.left.at(-1)).toMatchObject({ isClean: true });
    socket.send('42["message","message to main namespace"]');
    expect(await socket.next()).toBe('42["message-back","message to main namespace"]');
  });
});

describe('Socket.IO: messages over WebSocket', () => {
  test.each([
    ['an event', '42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
    [
      'an event with an acknowledgement',
      '42456["message-with-ack",1,"2",{"3":[false]}]',
      '43456[1,"2",{"3":[false]}]',
    ],
    ['the first acknowledgement of a client', '420["message-with-ack"]', '430[]'],
    ['an event whose name is a number', '4212["message-with-ack",7]', '4312[7]'],
  ])('%s', async (_, sent, expected) => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send(sent);
    expect(await socket.next()).toBe(expected);
  });

  test.each([
    ['2^53', '429007199254740992'],
    ['400 digits', `42${'9'.repeat(400)}`],
    ['digits with a blank between them', '421 2'],
  ])('an id of %s, which could not be sent back as it came, is left unanswered', async (_, start) => {
    const socket = await joinedSession(server.webSocketUrl);
    const marker = `${start.length} digits`;
    socket.send(`${start}["message-with-ack","${marker}"]`);
    await expect.poll(() => server.heard.at(-1)?.event.args).toEqual([marker]);
    socket.send('429007199254740991["message-with-ack","the last one"]');
    expect(await socket.next()).toBe('439007199254740991["the last one"]');
  });

  test('are answered in their own namespace', async () => {
    const socket = await joinedSession(server.webSocketUrl, '/custom');
    socket.send('42/custom,7["message-with-ack","x"]');
    expect(await socket.next()).toBe('43/custom,7["x"]');
  });

  test('the server’s own acknowledgement comes back to whoever asked, once', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('42["ask-me","why?"]');
    const asked = /^42(\d+)\["question","why\?"\]$/.exec(await socket.next());
    socket.send(`43${asked?.[1]}["because",1]`);
    expect(await socket.next()).toBe('42["answer","why?","because",1]');
    socket.send(`43${asked?.[1]}["again"]`, '4399["unasked"]', '43["without an id"]');
    socket.send('42["message","still here"]');
    expect(await socket.next()).toBe('42["message-back","still here"]');
  });

  test.each(['42', '427', '42/,7', '43', '437'])(
    '%s, without what it should carry, is nothing',
    async (packet) => {
      const socket = await joinedSession(server.webSocketUrl);
      const before = server.heard.length;
      socket.send(packet, '42["message","after it"]');
      expect(await socket.next()).toBe('42["message-back","after it"]');
      expect(server.heard.slice(before).map(({ event }) => event.name)).toEqual(['message']);
    },
  );

  test('the server’s own acknowledgement may come back without any values', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('42["ask-me","why?"]');
    const [, id] = /^42(\d+)/.exec(await socket.next()) ?? [];
    socket.send(`43${id}`);
    expect(await socket.next()).toBe('42["answer","why?"]');
  });

  test.each([
    ['an unknown packet type', '4abc'],
    ['an unknown Engine.IO packet', 'x'],
    ['a frame of the native wire', '{"action":"unheard-of","id":7}'],
    ['an opening brace', '{'],
    ['an empty frame', ''],
    ['a message that is none', '4'],
    ['an invalid payload', '42{}'],
    ['an invalid acknowledgement id', '42abc["message-with-ack",1,"2"]'],
    ['a reserved event name', '42["disconnecting"]'],
    ['a namespace that was never joined', '42/custom,["message"]'],
    ['a refusal, which only a server may utter', '44{"message":"no"}'],
  ])('the session ends after %s', async (_, packet) => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send(packet);
    expect(await socket.ended).toEqual({ code: 1000 });
  });
});

describe('Socket.IO: binary data', () => {
  test('reaches a client over WebSocket as base64', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('42["message","who am I?"]');
    await socket.next();
    const me = server.heard.findLast(({ event }) => event.args[0] === 'who am I?')?.socket;
    await server.emit(me ?? { session: '', namespace: '/' }, 'picture', [
      Buffer.from([1, 2, 3]),
      { more: Buffer.from([4]) },
    ]);
    expect(await socket.next()).toBe(
      '452-["picture",{"_placeholder":true,"num":0},{"more":{"_placeholder":true,"num":1}}]',
    );
    expect(await socket.next()).toBe('bAQID');
    expect(await socket.next()).toBe('bBA==');
  });

  test('is taken from a client over HTTP long-polling, and sent back', async () => {
    const polling = await joinedPolling(server.url);
    await polling.post(
      '452-12["message-with-ack",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]\x1ebAQID\x1ebBA==',
    );
    expect(await polling.packets()).toEqual([
      '462-12[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      'bBA==',
      'bAQID',
    ]);
  });

  test('is refused from a client over WebSocket, in words, and the session goes on', async () => {
    const error = '{"message":"Binary data is not accepted over a WebSocket","code":"INVALID_PAYLOAD"}';
    const socket = await joinedSession(server.webSocketUrl);
    const before = server.heard.length;
    socket.send('451-7["message-with-ack",{"_placeholder":true,"num":0}]', 'bAQID');
    expect(await socket.next()).toBe(`42["error",${error}]`);
    expect(await socket.next()).toBe(`437[{"ok":false,"error":${error}}]`);
    socket.send('42["message","text is"]');
    expect(await socket.next()).toBe('42["message-back","text is"]');
    expect(server.heard.slice(before).map(({ event }) => event.name)).toEqual(['message']);
  });

  test.each(['1', ' 1', '1e0', '0x1', '2.0'])(
    'is refused whichever way its attachments are counted: %s',
    async (count) => {
      const socket = await joinedSession(server.webSocketUrl);
      socket.send(`45${count}-7["message",{"_placeholder":true,"num":0}]`);
      expect(await socket.next()).toContain('Binary data is not accepted');
      expect(await socket.next()).toMatch(/^437\[\{"ok":false/);
    },
  );

  test('that belongs to nothing ends a session that has joined nothing', async () => {
    const socket = await openSession(server.webSocketUrl);
    socket.send('bAQID');
    expect(await socket.ended).toEqual({ code: 1000 });
  });

  test('in an acknowledgement over WebSocket is refused without one in return', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('461-7[{"_placeholder":true,"num":0}]', '42["message","text"]');
    const both = [await socket.next(), await socket.next()].toSorted();
    expect(both).toEqual([expect.stringContaining('42["error"'), '42["message-back","text"]']);
  });

  test('in a namespace that was not joined ends the session', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    socket.send('451-/custom,["message",{"_placeholder":true,"num":0}]');
    expect(await socket.ended).toEqual({ code: 1000 });
  });
});
