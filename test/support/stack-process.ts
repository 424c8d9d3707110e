import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** How a process ended: its code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

/** A command of `local/`, running as `npm start` runs it. */
export type StackProcess = {
  readonly pid: number;
  /** The first line on standard output; rejects with what was said on standard error when the process ends without one. */
  readonly ready: Promise<string>;
  readonly exited: Promise<Exit>;
  /** All that was said so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal to everything in the foreground, as Ctrl-C does. */
  readonly interrupt: (signal: NodeJS.Signals) => void;
  /** The command lines of what it started and is still running, itself included. */
  readonly running: () => Promise<readonly string[]>;
  /** The process id of the engine that it started. */
  readonly enginePid: () => Promise<number>;
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What `tsx` itself is: a parent process that hands signals on to the one that runs the script. */
const TSX = [fileURLToPath(import.meta.resolve('tsx/cli'))];
/** The same without the parent, which costs half a second. */
const LOADER = ['--import', 'tsx'];
/** What the tests' own environment says must not reach the process. */
const SETTINGS =
  /^(PORT|HOST|JWT_|JWKS_|DIALECT|CLIENT_URL|DYNAMODB_ENDPOINT|DATA_DIR|LOG|AWS_|NODE_OPTIONS|VITEST)/;

type Environment = Readonly<Record<string, string>>;

type Run = {
  readonly settings?: Environment;
  readonly args?: readonly string[];
  /** Whether to run it by the very command that `npm start` does. */
  readonly asNpmDoes?: boolean;
};

/** Runs a script of `local/` with these settings, in a process group of its own that ends with the test. */
export function runLocal(
  script: string,
  { settings = {}, args = [], asNpmDoes = false }: Run = {},
): StackProcess {
  const mark = `parley-test-${randomUUID()}`;
  const inherited = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
  const child = spawn(process.execPath, [...(asNpmDoes ? TSX : LOADER), `local/${script}`, ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), PORT: '0', PARLEY_TEST: mark, ...settings },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid = 0 } = child;
  const said = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const exited = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1)),
  );
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk;
      if (said.stdout.includes('\n')) resolve(said.stdout.slice(0, said.stdout.indexOf('\n')));
    });
    void exited.then(() => reject(new Error(said.stderr)));
  });
  ready.catch(() => undefined);
  const interrupt = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  };
  onTestFinished(() => interrupt('SIGKILL'));
  const running = async () => (await marked(mark)).map(({ command }) => command);
  const enginePid = async () =>
    (await marked(mark)).find(({ command }) => command.includes('dynoxide serve'))?.pid ?? 0;
  return {
    pid,
    ready,
    exited,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    interrupt,
    running,
    enginePid,
  };
}

/** The processes that carry a mark in their environment, which `ps e` shows behind the command line. */
async function marked(mark: string): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line.includes(`PARLEY_TEST=${mark}`))
    .map((line) => {
      const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command: command?.slice(0, 120) ?? '' };
    });
}
