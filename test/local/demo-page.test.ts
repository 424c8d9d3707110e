import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltFile, buildDemo } from '../../local/build-demo.ts';
import type { DemoConfig } from '../../local/demo-config.ts';
import { serveDemoPage } from '../../local/demo-page.ts';

const CONFIG: DemoConfig = {
  webSocketUrl: 'ws://127.0.0.1:3000/local',
  booking: { id: 'booking-1', title: 'A massage' },
  people: [{ userId: 'ann', name: 'Ann', role: 'client', about: 'Books', token: 'a.b.c' }],
};

let config: DemoConfig;
let port: number;

/** What the page is built from when it is asked for. */
let files: readonly BuiltFile[];
let builds = 0;
let failure: Error | undefined;

const serve = serveDemoPage({
  config: () => config,
  build: async () => {
    builds += 1;
    if (failure) throw failure;
    return files;
  },
});
const server = createServer(async (incoming, outgoing) => {
  if (await serve(incoming, outgoing)) return;
  outgoing.writeHead(404).end('passed on');
});

beforeAll(async () => {
  files = await buildDemo();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  config = CONFIG;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Answer = {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** The path goes out as it is written: `fetch` would tidy `..` away before the server sees it. */
function ask(path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    asked.on('error', reject).end();
  });
}

/** The paths that the page's markup names. */
async function loaded(): Promise<readonly string[]> {
  const { body } = await ask('/');
  return [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path = '']) => path);
}

test('the page is built when it is asked for, once; a build that fails says why, and is tried again', async () => {
  for (const path of ['/api/messages/my-conversations', '/socket.io/?EIO=4', '/demo/config.json'])
    await ask(path);
  expect(builds).toBe(0);
  failure = new Error('there is no space left');
  expect(await ask('/')).toMatchObject({
    status: 500,
    body: expect.stringContaining('there is no space left'),
  });
  failure = undefined;
  const answers = await Promise.all([ask('/'), ask('/'), ask('/demo/nothing.js')]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect(builds).toBe(2);
});

describe('the page', () => {
  test('is answered at / whatever the query says, as HTML', async () => {
    for (const path of ['/', '/?as=client', '/?as=business']) {
      const { status, headers, body } = await ask(path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).toMatch(/^<!doctype html>/);
    }
  });

  test('everything it loads is there, with its type, and may be kept for ever', async () => {
    const paths = await loaded();
    const kinds = paths.map((path) => path.slice(path.lastIndexOf('.')));
    expect(kinds.toSorted()).toEqual(['.css', '.js', '.svg']);
    const types: Record<string, string> = {
      '.css': 'text/css; charset=utf-8',
      '.js': 'text/javascript; charset=utf-8',
      '.svg': 'image/svg+xml',
    };
    for (const path of paths) {
      const { status, headers } = await ask(path);
      const type = types[path.slice(path.lastIndexOf('.'))];
      expect([path, status, headers['content-type']]).toEqual([path, 200, type]);
      expect(headers['cache-control']).toContain('immutable');
    }
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
  });

  test('is whole: it names nothing of another origin, and has React as it is deployed', async () => {
    const sources = files.map(({ content }) => Buffer.from(content).toString()).join('\n');
    expect(sources).not.toMatch(/<(?:script|link)[^>]+(?:src|href)="(?:https?:)?\/\//);
    expect(sources).not.toMatch(/@import|url\(\s*["']?(?:https?:|data:)/);
    expect(sources).not.toContain('react-dom.development');
  });

  test('has no script or style in its markup, which its policy would refuse', async () => {
    const { body } = await ask('/');
    expect(body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  });

  test('HEAD is answered as GET is, without the body', async () => {
    for (const path of ['/', ...(await loaded()), '/demo/config.json']) {
      const [get, head] = [await ask(path), await ask(path, 'HEAD')];
      expect([head.status, head.body]).toEqual([200, '']);
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.body)));
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
    }
  });

  test('other methods are refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask('/demo/config.json', method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });
});

describe('the policy', () => {
  test('lets the page run its own scripts and reach this stack alone', async () => {
    config = { ...CONFIG, webSocketUrl: 'ws://127.0.0.1:4711/local?x=1' };
    for (const path of ['/', ...(await loaded()), '/demo/config.json']) {
      const { headers } = await ask(path);
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("connect-src 'self' ws://127.0.0.1:4711");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy.join()).not.toMatch(/unsafe|\*|data:|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });
});

describe('the configuration', () => {
  test('is what it is at the time of asking', async () => {
    const before = await ask('/demo/config.json');
    expect(before.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(before.body)).toEqual(CONFIG);
    config = { ...CONFIG, booking: { id: 'booking-2', title: 'Größe 42 “rot”' } };
    expect(JSON.parse((await ask('/demo/config.json')).body)).toEqual(config);
  });

  test('is kept by no cache and open to no other origin, as it holds tokens', async () => {
    const { headers } = await ask('/demo/config.json');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

test.each([
  '/index.html',
  '/demo',
  '/demo/',
  '/demo/index.html',
  '/demo/nothing.js',
  '/demo/main.tsx',
  '/demo/app.tsx',
  '/main.tsx',
  '/demo/../../package.json',
  '/demo/..%2f..%2fpackage.json',
  '/demo/%2e%2e/%2e%2e/package.json',
  '/demo/..\\..\\package.json',
  '/../../../etc/passwd',
  '//etc/passwd',
  '/demo//config.json',
  '/demo/config.json%00.html',
  '/demo/__proto__',
  '/demo/constructor',
  'http://127.0.0.1/',
  '/api/messages/my-conversations',
])('%s is not the page’s and is passed on', async (path) => {
  const { status, body } = await ask(path);
  expect([status, body]).toEqual([404, 'passed on']);
});
