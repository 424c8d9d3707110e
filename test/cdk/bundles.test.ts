import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUNDLING, HANDLERS } from '../../lib/bundling.ts';
import { HTTP, ROUTES, TASK } from '../../lib/handlers.ts';

const KIB = 1024;
const entries = [...Object.values(ROUTES), HTTP, TASK].map(({ entry }) => entry);

/** Away from the repository, where nothing but the bundle itself can be imported. */
let outdir: string;

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'parley-bundles-'));
  const { sourceMap, ...settings } = BUNDLING;
  await build({
    ...settings,
    sourcemap: sourceMap,
    mainFields: [...settings.mainFields],
    external: [...settings.external],
    entryPoints: entries.map((entry) => `${HANDLERS}${entry}.ts`),
    bundle: true,
    platform: 'node',
    outdir,
    outExtension: { '.js': '.mjs' },
  });
});

afterAll(() => rm(outdir, { recursive: true }));

it.each(entries)('the bundle of %s is small, and starts by itself', async (entry) => {
  const bundle = join(outdir, `${entry}.mjs`);
  expect((await stat(bundle)).size).toBeLessThanOrEqual(400 * KIB);
  const script = `import(${JSON.stringify(bundle)}).then(({ handler }) => console.log(typeof handler))`;
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    JWT_SECRET_ARN: 'jwt',
    CALLBACK_URL: 'https://x',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
  expect(stdout.trim()).toBe('function');
});
