import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTRIES } from '../../package/manifest.ts';

/* The npm package as somebody installs it: built, packed, unpacked into a project that has nothing else but React. */

const run = promisify(execFile);
const installed = (path: string) => resolve('node_modules', path);
let folder: string;
let built: string;
let packed: string;
let project: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-package-'));
  [built, project] = [join(folder, 'built'), join(folder, 'project')];
  await run(process.execPath, ['--import', 'tsx', 'package/build.ts', built]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: built });
  const [{ filename }] = JSON.parse(stdout);
  packed = join(folder, filename);
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  await run('tar', ['-xzf', packed, '-C', modules]);
  await cp(join(modules, 'package'), join(modules, 'parley'), { recursive: true });
  for (const name of ['react', '@types/react', 'csstype'])
    await symlink(installed(name), join(modules, name));
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('publint has nothing to say', async () => {
  expect((await publint({ pkgDir: built, strict: true, pack: false })).messages).toEqual([]);
});

test('its types are found by whoever imports ES modules', async () => {
  const attw = installed('@arethetypeswrong/cli/dist/index.js');
  // It fails where it finds a problem.
  const { stdout } = await run(process.execPath, [attw, packed, '--profile', 'esm-only', '--format', 'json']);
  expect(Object.keys(JSON.parse(stdout).analysis.entrypoints)).toHaveLength(Object.keys(ENTRIES).length + 1);
});

test('every entry can be imported', async () => {
  const names = Object.keys(ENTRIES).map((name) => `parley/${name}`);
  const script = `
    const entries = await Promise.all(${JSON.stringify(names)}.map((name) => import(name)));
    console.log(JSON.stringify(entries.map((entry) => Object.keys(entry))));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project });
  const [client, socketIo, react, server] = JSON.parse(stdout);
  expect(client).toContain('ParleyError');
  expect(socketIo).toEqual(['Socket', 'connect', 'default', 'io']);
  expect(react).toContain('ParleyProvider');
  expect(server).toContain('parleyServer');
});

/** All that docs/frontend.md shows of typed code, one example after the other. */
async function documentedCode(): Promise<string> {
  const text = await readFile('docs/frontend.md', 'utf8');
  const blocks = [...text.matchAll(/^```tsx?\n(.*?)^```/gms)].map(([, code]) => code);
  expect(blocks.length).toBeGreaterThan(3);
  return ['declare function render(...shown: readonly unknown[]): void;', ...blocks].join('\n');
}

test('a project in TypeScript, as strict as can be, knows what it has, and what the documents show', async () => {
  const imports = Object.keys(ENTRIES).map((name, at) => `import * as entry${at} from 'parley/${name}';`);
  const all = Object.keys(ENTRIES).map((_, at) => `entry${at}`);
  await writeFile(
    join(project, 'all.ts'),
    `${imports.join('\n')}
import io, { type Socket } from 'parley/socket.io';
interface Heard { newMessage: (message: { content: string }) => void }
interface Said { joinBooking: (id: string, done?: (answer: { ok: boolean }) => void) => void }
const socket: Socket<Heard, Said> = io('https://example.com', { auth: { token: 'x' }, autoConnect: false });
socket.on('newMessage', ({ content }) => content.trim()).on('connect', () => socket.emit('joinBooking', 'b1'));
socket.on('connect_error', (error) => error.data?.code);
// @ts-expect-error: nobody says that
socket.emit('newMessage', 'b1');
// @ts-expect-error: that is no id
socket.emit('joinBooking', 7);
export const entries = [${all.join(', ')}];
`,
  );
  await writeFile(join(project, 'documented.tsx'), await documentedCode());
  const compilerOptions = {
    ...{
      jsx: 'react-jsx',
      target: 'ES2022',
      lib: ['ES2023', 'DOM'],
      module: 'NodeNext',
      strict: true,
      noEmit: true,
    },
    ...{ exactOptionalPropertyTypes: true, skipLibCheck: false, types: [] },
  };
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }),
  );
  const tsc = installed('typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch((failed) => failed);
  expect(stdout).toBe('');
});

test('it needs nothing but itself, and React where that is meant', async () => {
  const files = await readdir(built, { recursive: true });
  const needed = new Set<string>();
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const text = await readFile(join(built, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export) (?:[^']* from )?'([^']+)';$/gm)) {
      if (!name.startsWith('.')) needed.add(`${file.split('/').slice(0, 2).join('/')} ${name}`);
    }
  }
  expect([...needed].filter((one) => !/^client\/react react(\/jsx-runtime)?$/.test(one))).toEqual([
    'server/parley-server.js node:crypto',
  ]);
  expect(
    files.filter((name) => !/(\.js|\.js\.map|\.d\.ts|\.json|\.md)$/.test(name) && name.includes('.')),
  ).toEqual([]);
});
