import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { BUNDLING, HANDLERS } from '../../lib/bundling.ts';
import { ALL } from '../../lib/handlers.ts';

/** All functions, by their entry files. */
export const ENTRIES = ALL.map(({ entry }) => entry);

/** The functions' code as it is deployed. */
export type Bundles = {
  readonly metafile: Metafile;
  /** Away from the repository, where nothing but the bundle itself can be imported. */
  readonly fileOf: (entry: string) => string;
  readonly remove: () => Promise<void>;
};

export async function bundleAll(): Promise<Bundles> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-bundles-'));
  // What lies in a directory of this name Vitest imports as it is, and does not transform for half a minute.
  const outdir = join(directory, 'node_modules');
  const { sourceMap: _, mainFields, external, ...settings } = BUNDLING;
  const { metafile } = await build({
    ...settings,
    sourcemap: false,
    mainFields: [...mainFields],
    external: [...external],
    entryPoints: ENTRIES.map((entry) => `${HANDLERS}${entry}.ts`),
    bundle: true,
    platform: 'node',
    outdir,
    outExtension: { '.js': '.mjs' },
    metafile: true,
  });
  return {
    metafile,
    fileOf: (entry) => join(outdir, `${entry}.mjs`),
    remove: () => rm(directory, { recursive: true }),
  };
}
