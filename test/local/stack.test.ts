import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../support/booking-scene.ts';
import { type NativeClient, openNative } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { runLocal, type StackProcess } from '../support/stack-process.ts';

const BOOKING = 'booking-1';
const SENTENCE = /^[A-Z][^\n]*\.\n$/;

/** A port's stack that is up: where it is, and the tokens that it printed. */
async function started(settings: Readonly<Record<string, string>> = {}, asNpmDoes = false) {
  const stack = runLocal('main.ts', { settings, asNpmDoes });
  const line = await stack.ready;
  await expect.poll(stack.stdout).toContain('Ctrl-C');
  const url = /http:\/\/\S+/.exec(line)?.[0] ?? '';
  const [ann = '', ben = '', , , platform = ''] = stack.stdout().match(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  const device = async (token: string) => {
    const opened = await openNative(`${url.replace(/^http/, 'ws')}/ws`, { token });
    if (typeof opened === 'number') throw new Error(`refused with ${opened}`);
    return opened;
  };
  return { ...stack, line, url, ann, ben, platform, device };
}

async function expectNothingLeft(stack: StackProcess): Promise<void> {
  await expect.poll(stack.running).toEqual([]);
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-stack-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('npm start', () => {
  test('says first that it is ready and where, then prints tokens that work, as those of npm run token do; Ctrl-C ends it all', async () => {
    const secret = { JWT_SECRET: 'a secret of one’s own, which is just as long' };
    const origin = 'https://app.example';
    const args = ['--sub', 'zoe', '--name', 'Zoe', '--role', 'client', '--hours', '1'];
    const [stack, token] = await Promise.all([
      started({ ...secret, DIALECT: 'booking', CLIENT_URL: origin }, true),
      runLocal('token.ts', { settings: secret, args }).ready,
    ]);
    expect(stack.line).toMatch(/\bready\b.* http:\/\/127\.0\.0\.1:\d+$/);
    const [ann, ben] = [await stack.device(stack.ann), await stack.device(stack.ben)];
    for (const device of [ann, ben])
      expect(await device.request('joinBooking', BOOKING)).toMatchObject({ ok: true });
    expect(await ann.request('sendMessage', { bookingId: BOOKING, content: 'hello' })).toMatchObject({
      ok: true,
    });
    expect(await ben.next('newMessage')).toMatchObject({ content: 'hello', sender: { _id: 'ann' } });
    const asPlatform = { token: stack.platform, body: { name: 'Cleo' } };
    expect(await call(stack, 'PUT', '/api/server/users/cleo', asPlatform)).toMatchObject({ status: 200 });
    const own = await call(stack, 'GET', '/api/messages/my-conversations', { token, headers: { origin } });
    expect(own).toMatchObject({ status: 200, body: { data: { conversations: [] } } });
    expect(own.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await (await fetch(`${stack.url}/`)).text()).toMatch(/^<!doctype html>/i);
    expect(await stack.running()).toContainEqual(expect.stringContaining('dynoxide serve'));
    stack.interrupt('SIGINT');
    // 130 is what the loader makes of it: ended by Ctrl-C.
    expect([0, 130]).toContain(await stack.exited);
    expect(await ann.closed).toMatchObject({ code: 1001 });
    await expectNothingLeft(stack);
    expect(stack.stderr()).toBe('');
  });

  test('ends with one sentence when the engine does', async () => {
    const stack = await started();
    process.kill(await stack.enginePid(), 'SIGKILL');
    expect(await stack.exited).toBe(1);
    expect(stack.stderr()).toMatch(SENTENCE);
    expect(stack.stderr()).toContain('SIGKILL');
    await expectNothingLeft(stack);
  });
});

describe('what cannot be', () => {
  const HIDE_ENGINE = `
    import Module from 'node:module';
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (request, ...rest) {
      if (request.startsWith('@dynoxide/')) throw new Error('not installed');
      return resolve.call(this, request, ...rest);
    };`;

  async function portTaken(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return String((server.address() as AddressInfo).port);
  }

  async function noDirectory(): Promise<string> {
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, '');
    return join(file, 'data');
  }

  test('is one sentence and a non-zero exit, and leaves nothing running', async () => {
    const [taken, dataDir] = [await portTaken(), await noDirectory()];
    const hidden = `--import data:text/javascript,${encodeURIComponent(HIDE_ENGINE)}`;
    const refusals: readonly (readonly [string, string, string])[] = [
      ['PORT', taken, `Port ${taken} is taken`],
      ['PORT', 'eighty', 'PORT "eighty"'],
      ['DYNAMODB_ENDPOINT', 'http://127.0.0.1:1', 'DYNAMODB_ENDPOINT "http://127.0.0.1:1"'],
      ['DATA_DIR', dataDir, `DATA_DIR "${dataDir}"`],
      ['NODE_OPTIONS', hidden, 'install @dynoxide/'],
    ];
    const refuse = async ([name, value, words]: (typeof refusals)[number]) => {
      const stack = runLocal('main.ts', { settings: { [name]: value } });
      expect(await stack.exited, words).toBe(1);
      expect(stack.stdout(), words).toBe('');
      expect(stack.stderr()).toMatch(SENTENCE);
      expect(stack.stderr()).toContain(words);
      await expectNothingLeft(stack);
    };
    await Promise.all(refusals.map(refuse));
  });
});

describe('npm run token', () => {
  test('without what it needs says how it is used', async () => {
    const token = runLocal('token.ts');
    expect(await token.exited).toBe(1);
    expect(token.stdout()).toBe('');
    expect(token.stderr()).toContain('Usage: npm run token -- --sub');
  });
});

describe('with DATA_DIR', () => {
  const BOOKINGS = ['b1', 'b2', 'b3', 'b4'];

  /** Sends in a booking, one after the other, until the connection is gone; what was acknowledged is kept. */
  async function chatter(device: NativeClient, name: string, acknowledged: Message[]): Promise<void> {
    const speak = async (bookingId: string) => {
      for (let n = 1; n <= 10; n += 1) {
        const data = { bookingId, content: `${name} ${n}`, clientMessageId: `${name}-${n}` };
        const answer = await device.request('sendMessage', data);
        acknowledged.push((answer as { readonly message: Message }).message);
      }
    };
    await Promise.allSettled(BOOKINGS.map(speak));
  }

  test('killed in mid-conversation it loses no acknowledged message', async () => {
    const settings = { DATA_DIR: await temporaryDirectory() };
    const first = await started(settings);
    for (const bookingId of BOOKINGS) {
      const body = { clientId: 'ann', businessId: 'salon-1' };
      await call(first, 'PUT', `/api/server/bookings/${bookingId}`, { token: first.platform, body });
    }
    const acknowledged: Message[] = [];
    const [ann, ben] = [await first.device(first.ann), await first.device(first.ben)];
    const chatting = Promise.all([chatter(ann, 'ann', acknowledged), chatter(ben, 'ben', acknowledged)]);
    await expect.poll(() => acknowledged.length, { interval: 5 }).toBeGreaterThan(20);
    first.interrupt('SIGKILL');
    await chatting;
    expect(acknowledged.length).toBeLessThan(80);

    const second = await started(settings);
    await expectNothingLeft(first);
    const stored: Message[] = [];
    for (const bookingId of BOOKINGS) {
      const path = `/api/messages/booking/${bookingId}?limit=100`;
      const { messages } = (await call(second, 'GET', path, { token: first.ann })).body.data as {
        messages: Message[];
      };
      expect(messages.map(({ _id }) => Number(_id.split('.')[1]))).toEqual(
        messages.map((_, index) => index + 1),
      );
      stored.push(...messages);
    }
    expect(stored).toEqual(expect.arrayContaining(acknowledged));
    const again = await second.device(first.ann);
    const repeat = acknowledged.find(({ sender }) => sender._id === 'ann');
    const { booking: bookingId, content, clientMessageId } = repeat ?? stored[0] ?? ({} as Message);
    expect(await again.request('sendMessage', { bookingId, content, clientMessageId })).toEqual({
      ok: true,
      message: repeat,
    });
  });
});
