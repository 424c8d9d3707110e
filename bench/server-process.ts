import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, which has said that it is ready. */
export type ServerProcess = {
  /** What it printed until then. */
  readonly output: string;
  stop(): Promise<void>;
};

export type ServerCommand = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints when it is ready. */
  readonly ready: RegExp;
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a TypeScript file of this repository; `nodeArgs` go before it. */
export function runFile(
  file: string,
  {
    nodeArgs = [],
    ...rest
  }: Omit<ServerCommand, 'command' | 'args'> & { readonly nodeArgs?: readonly string[] },
): Promise<ServerProcess> {
  return startServer({ command: process.execPath, args: [...nodeArgs, '--import', 'tsx', file], ...rest });
}

/**
 * Starts a server and waits until it is ready. It has a process group of its own, all of which `stop` ends.
 *
 * @throws Error with its last words when it ends before that.
 */
export async function startServer({ command, args, env, ready }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // All of it: what the process has started holds its output open.
  const exited = once(child, 'close');
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await exited;
  };
  let output = '';
  const isReady = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
        if (ready.test(output)) resolve();
      });
    }
  });
  const outcome = await Promise.race([isReady.then(() => 'ready'), exited.then(() => 'ended')]);
  if (outcome === 'ended') throw new Error(`${args.join(' ')} ended before it was ready: ${output.trim()}`);
  return { output, stop };
}
