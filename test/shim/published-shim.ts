import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Shim from '../../client/socket-io/index.ts';
import { buildShim } from '../../package/build-shim.ts';

/** The shim as it is published: minified, with the names shortened by which its parts know each other. */
export async function publishedShim(): Promise<typeof Shim> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-shim-'));
  const file = join(folder, 'index.js');
  const { code, map } = await buildShim();
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(file, code);
  await writeFile(`${file}.map`, map);
  const shim: typeof Shim = await import(pathToFileURL(file).href);
  await rm(folder, { recursive: true });
  return shim;
}
