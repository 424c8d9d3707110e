import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How an engine's life ended: `stopped` when it was asked to; else `died`, with how (`was ended by SIGKILL`) and what it said last. */
export type EngineExit =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'died'; readonly reason: string; readonly lastLine: string };

/** A running engine process, answering or about to. */
export type EngineProcess = {
  /** Resolves when the engine listens; never, when it dies before that. */
  readonly listening: Promise<void>;
  /** Undefined when the binary could not be run. */
  readonly pid: number | undefined;
  readonly exited: Promise<EngineExit>;
  stop(): Promise<void>;
};

const STOP_GRACE_MS = 2_000;

/**
 * Ends the engine when its own standard input ends, which the kernel does for it whenever this process is gone:
 * crashed, SIGKILLed, or returned from without a `stop`. The engine itself does not watch its input.
 */
const WATCHDOG = `
  const end = () => { try { process.kill(Number(process.argv[1]), 'SIGKILL'); } catch {} process.exit(); };
  process.stdin.on('end', end).on('error', end).resume();
`;

/** Runs the engine's binary; it ends with `stop`, or with this process, however that ends. */
export function runEngine(
  binary: string,
  args: readonly string[],
  log: (line: string) => void,
): EngineProcess {
  // A process group of its own: Ctrl-C reaches only the parent, which stops the engine last, after its writers.
  const ownGroup = process.platform !== 'win32';
  const child = spawn(binary, args, {
    detached: ownGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const watchdog = child.pid === undefined ? undefined : watchOver(child.pid, ownGroup);
  const output = followOutput(child, log);
  let stopping = false;
  const exited = exitOf(child).then((reason): EngineExit => {
    watchdog?.kill('SIGKILL');
    return stopping ? { kind: 'stopped' } : { kind: 'died', reason, lastLine: output.lastLine() };
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(impatience);
  };
  return { listening: output.listening, pid: child.pid, exited, stop };
}

function watchOver(pid: number, ownGroup: boolean): ChildProcess {
  const watchdog = spawn(process.execPath, ['-e', WATCHDOG, String(pid)], {
    detached: ownGroup,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    // What this process was started with (a debugger, a loader) is not for the watchdog.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  return watchdog;
}

function followOutput(child: ChildProcess, log: (line: string) => void) {
  let last = '';
  const listening = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (line.trim() === '') return;
        last = line;
        log(line);
        if (line.includes('listening on')) resolve();
      });
    }
  });
  return { listening, lastLine: () => last };
}

/** `close` comes after the last line of output, `exit` may come before it; a failed spawn has only `error`. */
function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be run (${error.message})`));
    child.once('close', (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
}
