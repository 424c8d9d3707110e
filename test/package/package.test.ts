import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTRIES } from '../../package/manifest.ts';
import { installed, newProject, type Project, run } from './project.ts';

/* The npm package in a project that has nothing else but React. */

let project: Project;

beforeAll(async () => {
  project = await newProject(['react', '@types/react', 'csstype']);
});

afterAll(() => project.remove());

test('publint has nothing to say', async () => {
  expect((await publint({ pkgDir: project.built, strict: true, pack: false })).messages).toEqual([]);
});

test('its types are found by whoever imports ES modules', async () => {
  const attw = installed('@arethetypeswrong/cli/dist/index.js');
  // It fails where it finds a problem.
  const { stdout } = await run(process.execPath, [
    attw,
    project.packed,
    '--profile',
    'esm-only',
    '--format',
    'json',
  ]);
  expect(Object.keys(JSON.parse(stdout).analysis.entrypoints)).toHaveLength(Object.keys(ENTRIES).length + 1);
});

test('every entry can be imported', async () => {
  const names = Object.keys(ENTRIES).map((name) => `parley/${name}`);
  const script = `
    const entries = await Promise.all(${JSON.stringify(names)}.map((name) => import(name)));
    console.log(JSON.stringify(entries.map((entry) => Object.keys(entry))));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: project.folder,
  });
  const [client, socketIo, react, server] = JSON.parse(stdout);
  expect(client).toContain('ParleyError');
  expect(socketIo).toEqual(['Socket', 'connect', 'default', 'io']);
  expect(react).toContain('ParleyProvider');
  expect(server).toContain('parleyServer');
});

test('a project in TypeScript, as strict as can be, knows what it has', async () => {
  const imports = Object.keys(ENTRIES).map((name, at) => `import * as entry${at} from 'parley/${name}';`);
  const all = Object.keys(ENTRIES).map((_, at) => `entry${at}`);
  await writeFile(
    join(project.folder, 'all.ts'),
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
    join(project.folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }),
  );
  const tsc = installed('typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project.folder]).catch((failed) => failed);
  expect(stdout).toBe('');
});

test('it needs nothing but itself, and React where that is meant', async () => {
  const files = await readdir(project.built, { recursive: true });
  const needed = new Set<string>();
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const text = await readFile(join(project.built, file), 'utf8');
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
