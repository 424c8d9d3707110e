import { access, constants, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findEngineBinary } from './engine-binary.ts';
import { type EngineExit, type EngineProcess, runEngine } from './engine-process.ts';
import { StartupError } from './startup-error.ts';

export type { EngineExit } from './engine-process.ts';

export type EngineOptions = {
  /** The directory that keeps the data, created when missing. @default in memory, gone at the end */
  readonly dataDir?: string | undefined;
  /** Receives the engine's output, line by line. @default nothing is shown */
  readonly log?: ((line: string) => void) | undefined;
  /** Names a port to try. @default one that the system says is free */
  readonly findPort?: (() => Promise<number>) | undefined;
};

/** A running DynamoDB-compatible engine on this machine, of which this process is the owner. */
export type Engine = {
  /** For the AWS SDK: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly pid: number | undefined;
  /** Ends the engine and waits for its end. May be called again. */
  stop(): Promise<void>;
  /** Settles when the engine is no more: `died` when nobody asked it to stop. Never rejects. */
  readonly exited: Promise<EngineExit>;
};

const HOST = '127.0.0.1';
const PORT_ATTEMPTS = 5;
const READY_WITHIN_MS = 10_000;

/**
 * Starts the DynamoDB-compatible engine and waits until it answers. It ends with `stop` or with this process.
 *
 * @throws StartupError when there is no engine for this platform, the data directory cannot be used, or it does not start.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const binary = findEngineBinary();
  const storage = options.dataDir === undefined ? [] : ['--db-path', await databaseIn(options.dataDir)];
  const findPort = options.findPort ?? freePort;
  for (let attempt = 1; ; attempt += 1) {
    const port = await findPort();
    const args = ['serve', '--host', HOST, '--port', String(port), ...storage];
    const engine = runEngine(binary, args, options.log ?? (() => {}));
    const failure = await failureToStart(engine);
    if (failure === undefined) {
      const { pid, stop, exited } = engine;
      return { endpoint: `http://${HOST}:${port}`, pid, stop, exited };
    }
    // Another process may take the port between our look and the engine's bind.
    if (attempt < PORT_ATTEMPTS && /in use/i.test(failure)) continue;
    throw new StartupError(`The DynamoDB-compatible engine did not start: ${failure}.`);
  }
}

async function databaseIn(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new StartupError(`DATA_DIR "${dataDir}" cannot be created or written to${why}.`, { cause });
  }
  return join(dataDir, 'parley.db');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, HOST, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');
  return address.port;
}

/** Why the engine is not there, or undefined when it listens. Only its own word counts: on a taken port another answers. */
async function failureToStart(engine: EngineProcess): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_WITHIN_MS, `it was not ready within ${READY_WITHIN_MS / 1000} seconds`);
  });
  const failure = await Promise.race([
    engine.listening.then(() => undefined),
    engine.exited.then((exit) => (exit.kind === 'died' ? explain(exit) : 'it was stopped')),
    late,
  ]);
  clearTimeout(timer);
  if (failure !== undefined) await engine.stop();
  return failure;
}

function explain(exit: { readonly reason: string; readonly lastLine: string }): string {
  if (exit.lastLine === '') return `it ${exit.reason}`;
  return exit.lastLine.replace(/^error: (Internal error: )?/i, '').replace(/\.$/, '');
}
