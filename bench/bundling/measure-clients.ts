import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a browser loads for `io()`, in bytes: minified, and compressed with gzip. */
export type ClientSize = { readonly name: string; readonly bytes: number };

/** What the shim with its transport is to have at most, in bytes. */
export const SHIM_BUDGET = 5_000;

const CLIENTS = [
  ['parley/socket.io', "export { io } from './client/socket-io/index.ts'"],
  ['socket.io-client', "export { io } from 'socket.io-client'"],
] as const;

/** Bundles both as an application's bundler does, in memory. */
export function measureClients(): Promise<readonly ClientSize[]> {
  return Promise.all(CLIENTS.map(async ([name, contents]) => ({ name, bytes: await sizeOf(contents) })));
}

async function sizeOf(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    ...{ bundle: true, minify: true, write: false },
    ...{ format: 'esm', platform: 'browser', target: 'es2022' },
  });
  return outputFiles.reduce((sum, file) => sum + gzipSync(file.contents, { level: 9 }).length, 0);
}
