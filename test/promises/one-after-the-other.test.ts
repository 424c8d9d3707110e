import fc from 'fast-check';
import { describe, test } from 'vitest';
import { tablesForFile } from '../aws/table-ports.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { runs } from './runs.ts';
import { begin, steps } from './told-commands.ts';

const { newPorts } = tablesForFile();
const stepsOf = (maxCommands: number) => fc.commands(steps, { maxCommands, size: 'max' });

describe('whatever people and the platform do, one after the other', () => {
  test('history, unread counts, receipts and pushes are those of a plain model', async () => {
    const headEntries = fc.integer({ min: 1, max: 10 });
    const lags = fc.infiniteStream(fc.integer({ min: 0, max: 9_999 }));
    const property = fc.asyncProperty(stepsOf(80), headEntries, lags, async (commands, headEntries, lags) => {
      const ground = memoryPorts({ headEntries, lag: () => lags.next().value });
      await fc.asyncModelRun(() => begin(new Chat(ground)), commands);
    });
    await fc.assert(property, runs(150));
  });

  test('so they are on DynamoDB', async () => {
    const property = fc.asyncProperty(stepsOf(60), async (commands) => {
      const ground = await newPorts();
      await fc.asyncModelRun(() => begin(new Chat(ground)), commands);
    });
    await fc.assert(property, runs(5));
  });
});
