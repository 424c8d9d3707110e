import { startServer } from '../server-process.ts';
import { median } from '../statistics.ts';

/** From `npm start` to the line that says that all is up, in ms. */
export type Starting = { readonly times: readonly number[]; readonly median: number };

/** The most that it may take, in ms (DESIGN §4). */
export const STARTING_BUDGET_MS = 3_000;

/** Starts the local stack as a newcomer does, this often, one after the other, each with an empty engine. */
export async function timeToReady(starts: number): Promise<Starting> {
  const times: number[] = [];
  for (let n = 0; n < starts; n += 1) {
    const begin = performance.now();
    const env = { PORT: '0', DYNAMODB_ENDPOINT: '', DATA_DIR: '' };
    const server = await startServer({ command: 'npm', args: ['start'], env, ready: /\bready\b/ });
    times.push(performance.now() - begin);
    await server.stop();
  }
  return { times, median: median(times) };
}
