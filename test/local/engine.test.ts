import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { dynamoDbAt } from '../../local/dynamodb-client.ts';
import { type EngineOptions, startEngine } from '../../local/engine.ts';
import { findEngineBinary } from '../../local/engine-binary.ts';
import { StartupError } from '../../local/startup-error.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-engine-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function engineFor(options?: EngineOptions) {
  const engine = await startEngine(options);
  onTestFinished(() => engine.stop());
  return engine;
}

const answer = (endpoint: string) =>
  fetch(endpoint).then(
    (response) => response.status,
    () => 'refused',
  );

function documentsAt(endpoint: string): DynamoDBDocument {
  const client = dynamoDbAt(endpoint);
  onTestFinished(() => client.destroy());
  return DynamoDBDocument.from(client);
}

async function listenOnSomePort(): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function sparePort(): Promise<number> {
  const server = await listenOnSomePort();
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe('starting', () => {
  test('an engine that has started answers at once', async () => {
    const engine = await engineFor();
    expect(await answer(engine.endpoint)).toBe(200);
  });

  test('its output goes to the log', async () => {
    const lines: string[] = [];
    await engineFor({ log: (line) => lines.push(line) });
    expect(lines).toContainEqual(expect.stringContaining('listening on'));
  });

  test('a port taken meanwhile is left alone and another one used', async () => {
    const taken = portOf(await listenOnSomePort());
    const spare = await sparePort();
    const ports = [taken, spare];
    const engine = await engineFor({ findPort: async () => ports.shift() ?? 0 });
    expect(engine.endpoint).toBe(`http://127.0.0.1:${spare}`);
    expect(ports).toEqual([]);
  });

  test('when every port is taken it gives up with a sentence', async () => {
    const taken = portOf(await listenOnSomePort());
    await expect(startEngine({ findPort: async () => taken })).rejects.toThrow(
      /^The DynamoDB-compatible engine did not start: .*in use.*\.$/,
    );
  });

  test('a platform without an engine is told what to install', () => {
    expect(() => findEngineBinary('plan9', 'mips')).toThrow(
      new StartupError(
        'No DynamoDB-compatible engine is installed: install @dynoxide/plan9-mips, or set DYNAMODB_ENDPOINT to a running DynamoDB Local.',
      ),
    );
  });
});

describe('the data directory', () => {
  test('is created when missing, and what was acknowledged survives the death of the engine', async () => {
    const dataDir = join(directory, 'a', 'b');
    const first = await engineFor({ dataDir });
    const table = { endpoint: first.endpoint, tableName: 'kept' };
    await createTable(table);
    const Item = { pk: 'CONV#1', sk: 'LOG#1', content: 'acknowledged' };
    await documentsAt(first.endpoint).put({ TableName: 'kept', Item });
    process.kill(first.pid ?? 0, 'SIGKILL');
    await first.exited;

    const second = await engineFor({ dataDir });
    await createTable({ endpoint: second.endpoint, tableName: 'kept' });
    const Key = { pk: 'CONV#1', sk: 'LOG#1' };
    const found = await documentsAt(second.endpoint).get({ TableName: 'kept', Key });
    expect(found.Item).toEqual(Item);
  });

  test('without one nothing is kept', async () => {
    const engine = await engineFor();
    await createTable({ endpoint: engine.endpoint, tableName: 'brief' });
    await engine.stop();
    const next = await engineFor();
    expect((await documentsAt(next.endpoint).send(new ListTablesCommand({}))).TableNames).toEqual([]);
  });

  test('that cannot be made is one sentence', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const dataDir = join(file, 'data');
    await expect(startEngine({ dataDir })).rejects.toThrow(
      new StartupError(`DATA_DIR "${dataDir}" cannot be created or written to (ENOTDIR).`),
    );
  });

  test('with something else where the database should be is one sentence', async () => {
    await writeFile(join(directory, 'parley.db'), 'not a database, '.repeat(200));
    const failure: unknown = await startEngine({ dataDir: directory }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartupError);
    expect(failure).toHaveProperty('message', expect.stringMatching(/^The [^\n]* did not start: [^\n]+\.$/));
  });
});

describe('the end', () => {
  test('stop ends it, however often it is called', async () => {
    const engine = await engineFor();
    await Promise.all([engine.stop(), engine.stop()]);
    expect(await engine.exited).toEqual({ kind: 'stopped' });
    expect(await answer(engine.endpoint)).toBe('refused');
    await engine.stop();
  });

  test('stop does not wait for clients that keep their connections', async () => {
    const engine = await engineFor();
    await documentsAt(engine.endpoint).send(new ListTablesCommand({}));
    await engine.stop();
    expect(await answer(engine.endpoint)).toBe('refused');
  });

  test('a death nobody asked for is reported', async () => {
    const engine = await engineFor();
    process.kill(engine.pid ?? 0, 'SIGKILL');
    expect(await engine.exited).toMatchObject({ kind: 'died', reason: 'was ended by SIGKILL' });
  });

  test('the engine does not outlive an owner that is killed', async () => {
    const script = fileURLToPath(new URL('./engine-owner.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const endpoint = String(line).trim();
    expect(await answer(endpoint)).toBe(200);
    owner.kill('SIGKILL');
    await expect.poll(() => answer(endpoint)).toBe('refused');
  });
});
