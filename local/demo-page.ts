import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { type BuiltFile, buildDemo } from './build-demo.ts';
import type { DemoConfig } from './demo-config.ts';

type Resource = {
  readonly type: string;
  readonly content: string | Uint8Array;
  readonly cache: string;
  /** @default 200 */
  readonly status?: number;
};

/** Answers a request that is the page's; false, with nothing written, where it is not. */
export type DemoPage = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

type Parts = {
  readonly config: () => DemoConfig;
  /** @default with Vite, in memory */
  readonly build?: () => Promise<readonly BuiltFile[]>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the demo's page: `/`, its files under `/demo/`, and `/demo/config.json`. It is built when it is first asked for;
 * when that fails, whoever asked is told why, and the next one who asks has it tried again.
 */
export function serveDemoPage({ config, build = buildDemo }: Parts): DemoPage {
  let files: Promise<ReadonlyMap<string, Resource>> | undefined;
  const built = async () => {
    files ??= build().then(byPath);
    try {
      return await files;
    } catch (thrown) {
      files = undefined;
      throw thrown;
    }
  };
  const resourceAt = async (path: string) => {
    if (path === '/demo/config.json') return configuration(config());
    return isOfPage(path) ? (await built()).get(path) : undefined;
  };
  return async (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const resource = await resourceAt(path).catch(notBuilt);
    if (resource === undefined) return false;
    answer(request, response, resource, securityHeaders(config().webSocketUrl));
    return true;
  };
}

/** Whether it is worth a build to find out: the requests of an application on the API never wait for one. */
function isOfPage(path: string): boolean {
  return path === '/' || path.startsWith('/demo/');
}

/** Only these exact paths are ever answered: a path from a request never reaches the file system. */
function byPath(built: readonly BuiltFile[]): ReadonlyMap<string, Resource> {
  const files = new Map<string, Resource>();
  for (const { name, content } of built) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(name === 'index.html' ? '/' : `/${name}`, { type, content, cache: cacheOf(name) });
  }
  return files;
}

/** The names of all but the page itself change with what is in them. */
function cacheOf(name: string): string {
  return name === 'index.html' ? 'no-cache' : 'max-age=31536000, immutable';
}

function notBuilt(cause: unknown): Resource {
  const why = cause instanceof Error ? cause.message : String(cause);
  const content = `The demo could not be built: ${why}`;
  return { type: 'text/plain; charset=utf-8', content, cache: 'no-store', status: 500 };
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
  response.writeHead(resource.status ?? 200, {
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
