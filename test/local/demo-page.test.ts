import { readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DemoConfig, serveDemoPage } from '../../local/demo-page.ts';

const CONFIG: DemoConfig = {
  webSocketUrl: 'ws://127.0.0.1:3000/local',
  booking: { id: 'booking-1', title: 'A massage' },
  people: [{ userId: 'ann', name: 'Ann', side: 'client', token: 'a.b.c' }],
};

let config: DemoConfig;
let port: number;

const serve = serveDemoPage(() => config);
const server = createServer((incoming, outgoing) => {
  if (serve(incoming, outgoing)) return;
  outgoing.writeHead(404).end('passed on');
});

beforeAll(async () => {
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

/** The addresses that a page's markup or a module's imports name, as paths. */
function namedIn(source: string, from: string): readonly string[] {
  const names = source.matchAll(/(?:href|src)="([^"]+)"|(?:from|import\()\s*'([^']+)'/g);
  return [...names].map((match) => new URL(match[1] ?? match[2] ?? '', `http://demo${from}`).pathname);
}

/** Everything a browser loads, from the page on. */
async function loaded(): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const paths = ['/'];
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    if (answers.has(path)) continue;
    const answer = await ask(path);
    answers.set(path, answer);
    if (path === '/' || path.endsWith('.js')) paths.push(...namedIn(answer.body, path));
  }
  return answers;
}

describe('the page', () => {
  test('is answered at / whatever the query says, as HTML', async () => {
    for (const path of ['/', '/?as=client', '/?as=business']) {
      const { status, headers, body } = await ask(path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).toMatch(/^<!doctype html>/);
    }
  });

  test('everything it loads is there, with its type', async () => {
    const types: Record<string, string> = {
      '.css': 'text/css; charset=utf-8',
      '.js': 'text/javascript; charset=utf-8',
      '.svg': 'image/svg+xml',
    };
    const answers = await loaded();
    answers.delete('/');
    for (const [path, { status, headers }] of answers) {
      const type = types[path.slice(path.lastIndexOf('.'))];
      expect([path, status, headers['content-type']]).toEqual([path, 200, type]);
    }
    const files = readdirSync(new URL('../../local/demo/', import.meta.url));
    const served = files.filter((name) => name !== 'index.html').map((name) => `/demo/${name}`);
    expect([...answers.keys()].toSorted()).toEqual(served.toSorted());
  });

  test('has no script or style in its markup, which its policy would refuse', async () => {
    const { body } = await ask('/');
    expect(body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  });

  test('HEAD is answered as GET is, without the body', async () => {
    for (const path of ['/', '/demo/demo.js', '/demo/config.json']) {
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
    for (const path of ['/', '/demo/demo.js', '/demo/config.json']) {
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
  '/demo/demo.js/',
  '/demo/../demo.js',
  '/demo/../../package.json',
  '/demo/..%2f..%2fpackage.json',
  '/demo/%2e%2e/%2e%2e/package.json',
  '/demo/..\\..\\package.json',
  '/../../../etc/passwd',
  '//etc/passwd',
  '/demo//demo.js',
  '/demo/demo.js%00.html',
  '/demo/__proto__',
  '/demo/constructor',
  'http://127.0.0.1/',
  '/api/messages/my-conversations',
])('%s is not the page’s and is passed on', async (path) => {
  const { status, body } = await ask(path);
  expect([status, body]).toEqual([404, 'passed on']);
});
