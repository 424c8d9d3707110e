import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildShim } from '../../package/build-shim.ts';

/** A client as it is published, in bytes: minified, and compressed with gzip. */
export type ClientSize = { readonly name: string; readonly bytes: number };

/** Ours, and the one whose place it takes. */
export async function measureClients(): Promise<readonly ClientSize[]> {
  const { code } = await buildShim();
  const stock = createRequire(import.meta.url).resolve('socket.io-client/package.json');
  const file = new URL('dist/socket.io.esm.min.js', pathToFileURL(stock));
  return [
    { name: 'parley/socket.io', bytes: sizeOf(code) },
    { name: 'socket.io-client', bytes: sizeOf(await readFile(file)) },
  ];
}

function sizeOf(code: string | Buffer): number {
  return gzipSync(code, { level: 9 }).length;
}
