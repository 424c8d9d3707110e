import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { afterAll, onTestFinished, TestRunner } from 'vitest';

/** Where an issuer publishes its keys: what it answers can be changed while it runs. */
export type KeyServer = {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  readonly publish: (...keys: readonly JWK[]) => void;
  /** Answers this instead of keys, until something is published again. */
  readonly fail: (status: number, body?: string) => void;
};

/** Starts a key server for the length of one test, or of the file where it is started outside of one. */
export async function startKeyServer(...keys: readonly JWK[]): Promise<KeyServer> {
  let answer = { status: 200, body: JSON.stringify({ keys }) };
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  if (TestRunner.getCurrentTest()) onTestFinished(stop);
  else afterAll(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: () => asked,
    publish: (...published) => {
      answer = { status: 200, body: JSON.stringify({ keys: published }) };
    },
    fail: (status, body = '') => {
      answer = { status, body };
    },
  };
}
