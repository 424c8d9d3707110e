import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';

/** A person of the demo, with a token to speak as them. */
export type DemoPerson = {
  readonly userId: string;
  readonly name: string;
  readonly side: 'client' | 'business';
  readonly token: string;
};

/** What the demo page needs to know; it asks for it anew before each attempt to reconnect. */
export type DemoConfig = {
  /** Where to open a WebSocket: the token is added as a query parameter. */
  readonly webSocketUrl: string;
  readonly booking: { readonly id: string; readonly title: string };
  readonly people: readonly DemoPerson[];
};

type Resource = { readonly type: string; readonly content: string | Buffer; readonly cache: string };

const FOLDER = new URL('./demo/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the demo page: `/`, its files under `/demo/`, and `/demo/config.json`. The answer is false, and nothing is
 * written, for any other path.
 */
export function serveDemoPage(
  config: () => DemoConfig,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = readFiles();
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const resource = path === '/demo/config.json' ? configuration(config()) : files.get(path);
    if (resource === undefined) return false;
    answer(request, response, resource, securityHeaders(config().webSocketUrl));
    return true;
  };
}

/** Only these exact paths are ever answered: a path from a request never reaches the file system. */
function readFiles(): ReadonlyMap<string, Resource> {
  const files = new Map<string, Resource>();
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const content = readFileSync(new URL(name, FOLDER));
    files.set(name === 'index.html' ? '/' : `/demo/${name}`, { type, content, cache: 'no-cache' });
  }
  return files;
}

/** Holds tokens: it is not cached, and as no CORS header allows it, no other origin's page reads it. */
function configuration(config: DemoConfig): Resource {
  return { type: 'application/json; charset=utf-8', content: JSON.stringify(config), cache: 'no-store' };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  resource: Resource,
  headers: Readonly<Record<string, string>>,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD', 'Content-Length': 0 }).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': resource.type,
    'Content-Length': Buffer.byteLength(resource.content),
    'Cache-Control': resource.cache,
  });
  response.end(request.method === 'HEAD' ? undefined : resource.content);
}

/** The page runs its own scripts and styles alone, talks to this stack alone, and builds no markup from text. */
function securityHeaders(webSocketUrl: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${new URL(webSocketUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
