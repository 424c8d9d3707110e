import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { manifest } from './manifest.ts';

/** Builds the npm package: `npm run package [-- <folder>]`. @default dist */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DIST = process.argv[2] ?? here('../dist');

await rm(DIST, { recursive: true, force: true });
await compile();
await nameEmittedFiles();
const root = JSON.parse(await readFile(here('../package.json'), 'utf8'));
await writeFile(`${DIST}/package.json`, `${JSON.stringify(manifest(root), undefined, 2)}\n`);
await cp(here('README.md'), `${DIST}/README.md`);

async function compile(): Promise<void> {
  const tsc = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', here('tsconfig.json'), '--outDir', DIST]);
}

/** The compiler rewrites the names of imported files in code, but not in declarations. */
async function nameEmittedFiles(): Promise<void> {
  const files = await readdir(DIST, { recursive: true });
  for (const name of files.filter((path) => path.endsWith('.d.ts'))) {
    const file = `${DIST}/${name}`;
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/(from |import\()(['"]\.{1,2}\/[^'"]+)\.tsx?(['"])/g, '$1$2.js$3'));
  }
}
