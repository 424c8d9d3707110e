import { beforeAll, describe, expect, it } from 'vitest';
import { foreignPackages } from '../../bench/bundling/foreign-packages.ts';
import { BUNDLE_BUDGET, type Bundle, measureBundles } from '../../bench/bundling/measure-bundles.ts';
import { measureClients } from '../../bench/bundling/measure-clients.ts';
import { ALL, HTTP } from '../../lib/handlers.ts';
import { SHIM_BUDGET } from '../../package/build-shim.ts';

let bundles: readonly Bundle[];

beforeAll(async () => {
  bundles = await measureBundles();
}, 120_000);

function bundleOf(entry: string): Bundle {
  const found = bundles.find((bundle) => bundle.entry === entry);
  if (!found) throw new Error(`${entry} was not bundled.`);
  return found;
}

describe.each(ALL.map(({ entry }) => entry))('the bundle of %s', (entry) => {
  it('is within the budget', () => {
    expect(bundleOf(entry).bytes).toBeLessThanOrEqual(BUNDLE_BUDGET);
  });

  it('carries no package that the function has no use for', () => {
    expect(bundleOf(entry).foreign).toEqual([]);
  });

  it('is accounted for by its packages, largest first', () => {
    const { bytes, shares } = bundleOf(entry);
    const sizes = shares.map((share) => share.bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(0.9 * bytes);
  });
});

it('what takes the place of the stock client is less than half of it to load', async () => {
  const [ours, theirs] = await measureClients();
  expect(ours?.name).toBe('parley/socket.io');
  expect(ours?.bytes).toBeLessThanOrEqual(SHIM_BUDGET);
  expect(2 * SHIM_BUDGET).toBeLessThan(theirs?.bytes ?? Number.NaN);
});

it('what a function has no use for is named', () => {
  const sendMessage = ALL.find(({ entry }) => entry === 'send-message');
  if (!sendMessage) throw new Error('There is a function that sends messages.');
  const packages = ['Parley', 'jose', 'hono', '@aws-sdk/client-sqs'];
  expect(foreignPackages(sendMessage, packages)).toEqual(['jose', 'hono', '@aws-sdk/client-sqs']);
  expect(foreignPackages(HTTP, packages)).toEqual(['@aws-sdk/client-sqs']);
});
