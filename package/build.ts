import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildShim } from './build-shim.ts';
import { manifest } from './manifest.ts';

/** Builds the npm package: `npm run package [-- <folder>]`. @default dist */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DIST = process.argv[2] ?? here('../dist');

await rm(DIST, { recursive: true, force: true });
await compile();
await nameEmittedFiles();
await putInShim();
const root = JSON.parse(await readFile(here('../package.json'), 'utf8'));
await writeFile(`${DIST}/package.json`, `${JSON.stringify(manifest(root), undefined, 2)}\n`);
await cp(here('README.md'), `${DIST}/README.md`);

async function compile(): Promise<void> {
  const tsc = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', here('tsconfig.json'), '--outDir', DIST]);
}

/** In place of the compiled files: the types are still those that the compiler wrote. */
async function putInShim(): Promise<void> {
  const folder = `${DIST}/client/socket-io`;
  const compiled = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  await Promise.all(compiled.map((name) => rm(`${folder}/${name}`)));
  const { code, map } = await buildShim();
  await writeFile(`${folder}/index.js`, code);
  await writeFile(`${folder}/index.js.map`, map);
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
