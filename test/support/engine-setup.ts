import type { TestProject } from 'vitest/node';
import { startEngine } from '../../local/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's one DynamoDB-compatible engine answers. */
    readonly engineEndpoint: string;
  }
}

let stop = async (): Promise<void> => {};

/** Starts one engine for the whole run, unless DYNAMODB_ENDPOINT names one that is there already. */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return project.provide('engineEndpoint', given);
  const engine = await startEngine();
  stop = engine.stop;
  project.provide('engineEndpoint', engine.endpoint);
}

export async function teardown(): Promise<void> {
  await stop();
}
