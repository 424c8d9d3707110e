import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { readSettings } from '../../local/settings.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { installed, newProject, type Project, run } from './project.ts';

/* What the documents show of code, as somebody copies it into a project of their own. */

const STOCK = 'socket.io-client';
const SHIM = 'parley/socket.io';
const PATIENCE = { timeout: 30_000, interval: 50 } as const;
vi.setConfig({ testTimeout: 90_000 });

let project: Project;
let stack: Stack;

beforeAll(async () => {
  const settings = readSettings({ PORT: '0', DYNAMODB_ENDPOINT: inject('engineEndpoint') });
  const log = { info: () => undefined, error: console.error };
  const tableName = `parley-${randomUUID()}`;
  [project, stack] = await Promise.all([
    newProject(['react', '@types/react', 'csstype', STOCK]),
    startStack(settings, { log, tableName, hasSamples: true }),
  ]);
});

afterAll(async () => {
  await stack.stop();
  await project.remove();
});

/** The blocks of code in a document, in these languages. */
async function codeIn(document: string, languages: string): Promise<readonly string[]> {
  const text = await readFile(`docs/${document}`, 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`(?:${languages})\\n(.*?)^\`\`\``, 'gms'));
  return [...blocks].map(([, code = '']) => code);
}

const tokenOf = (userId: string) =>
  stack.demo.people.find((person) => person.userId === userId)?.token ?? 'nobody';

/** A program that talks to this stack, by somebody who types; and what it has printed. */
async function start(name: string, code: string, userId: string) {
  const file = join(project.folder, `${name}.mjs`);
  await writeFile(file, code.replaceAll('127.0.0.1:3000', new URL(stack.gateway.url).host));
  // As the document has it for Node before 22.
  const flags = 'WebSocket' in globalThis ? [] : ['--experimental-websocket', '--no-warnings'];
  const child: ChildProcess = spawn(process.execPath, [...flags, file, tokenOf(userId)]);
  onTestFinished(() => void child.kill());
  let printed = '';
  for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => (printed += text));
  return { type: (line: string) => child.stdin?.write(`${line}\n`), printed: () => printed };
}

test.each(['the stock client', 'the shim', 'the SDK'])(
  'one chats from the terminal over %s, as docs/frontend.md has it',
  async (way) => {
    const [stock = '', line = '', sdk = ''] = await codeIn('frontend.md', 'js');
    const shim = stock.replace(/^import .*\n/, line);
    expect([stock.split('\n')[0], line.trim()]).toEqual([
      `import { io } from '${STOCK}';`,
      `import { io } from '${SHIM}';`,
    ]);
    const code = { 'the stock client': stock, 'the shim': shim, 'the SDK': sdk }[way] ?? '';
    const [ann, ben] = await Promise.all([start('ann', code, 'ann'), start('ben', code, 'ben')]);
    const hello = `Hello over ${way}`;
    // Who types before both are there is heard by none: typed again until it is.
    await expect
      .poll(
        () => {
          ann.type(hello);
          return ben.printed();
        },
        { timeout: 30_000, interval: 2_000 },
      )
      .toContain(`Ann Archer: ${hello}`);
    await expect.poll(ann.printed, PATIENCE).toContain(`Ann Archer: ${hello}`);
    ben.type('And to you');
    await expect.poll(ann.printed, PATIENCE).toContain('Ben Barber: And to you');
  },
);

/** By dialect, something that only its own devices may say. */
const WORDS: Readonly<Record<string, readonly [event: string, payload: unknown]>> = {
  booking: ['joinBooking', 'booking-1'],
  conversation: ['users:get-status', ['ben']],
  direct: ['get_unread_count', {}],
  appointment: ['message:typing', { recipientId: 'ben', isTyping: true }],
  support: ['join_conversation', conversationOfBooking('booking-1')],
};

test('the line that docs/migration.md changes has each client speak what its document says', async () => {
  const lines = (await codeIn('migration.md', 'diff')).flatMap(
    (diff) => diff.match(/^\+const socket.*$/m) ?? [],
  );
  const urls = lines.map((line) => /io\(["']https:\/\/chat\.example\.com(\?dialect=(\w+))["']/.exec(line));
  expect(urls.map((url) => url?.[2])).toEqual(Object.keys(WORDS));
  const script = `
    const answers = [];
    for (const name of ['${STOCK}', '${SHIM}']) {
      const { io } = await import(name);
      for (const [dialect, [event, payload]] of Object.entries(${JSON.stringify(WORDS)})) {
        const socket = io('${stack.gateway.url}?dialect=' + dialect, { auth: { token: '${tokenOf('ann')}' }, forceNew: true });
        const answer = await socket.timeout(20_000).emitWithAck(event, payload);
        answers.push([name, dialect, answer?.ok === false ? answer.error.message : 'understood']);
        socket.disconnect();
      }
    }
    console.log(JSON.stringify(answers));`;
  const flags = 'WebSocket' in globalThis ? [] : ['--experimental-websocket', '--no-warnings'];
  const args = [...flags, '--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args, { cwd: project.folder });
  const understood = (name: string) => Object.keys(WORDS).map((dialect) => [name, dialect, 'understood']);
  expect(JSON.parse(stdout)).toEqual([...understood(STOCK), ...understood(SHIM)]);
});

test('who requires the shim finds it where docs/migration.md says', async () => {
  const script = `const { io } = require('${SHIM}'); console.log(typeof io);`;
  const args = ['--no-warnings', '--input-type=commonjs', '--eval', script];
  const { stdout } = await run(process.execPath, args, { cwd: project.folder });
  expect(stdout).toBe('function\n');
});

/** What the examples take for granted. */
const GIVEN = `
declare function render(...shown: readonly unknown[]): void;
declare const client: import('parley/client').Client<'conversation'>;
`;

test('the typed code of docs/frontend.md compiles, as strict as can be', async () => {
  const blocks = await codeIn('frontend.md', 'tsx?');
  expect(blocks.length).toBeGreaterThan(3);
  for (const [at, block] of blocks.entries()) {
    const given = block.includes('createClient(') ? '' : GIVEN;
    await writeFile(join(project.folder, `documented-${at}.tsx`), `${given}${block}\nexport {};\n`);
  }
  const compilerOptions = {
    ...{ jsx: 'react-jsx', target: 'ES2022', lib: ['ES2023', 'DOM'], module: 'NodeNext', types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
  };
  const config = JSON.stringify({ compilerOptions, include: ['*.tsx'] });
  await writeFile(join(project.folder, 'tsconfig.json'), config);
  const tsc = installed('typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project.folder]).catch((failed) => failed);
  expect(stdout).toBe('');
});
