import { builtinModules } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bundles, bundleAll, ENTRIES } from './bundles.ts';

/* That they start and work is told by least-privilege.test.ts, where they serve all that there is to serve. */

const KIB = 1024;
let bundles: Bundles;

beforeAll(async () => {
  bundles = await bundleAll();
});

afterAll(() => bundles.remove());

function outputOf(entry: string) {
  const output = Object.entries(bundles.metafile.outputs).find(([file]) => file.endsWith(`/${entry}.mjs`));
  if (!output) throw new Error(`There is no bundle of ${entry}.`);
  return output[1];
}

it.each(ENTRIES)('the bundle of %s is small', (entry) => {
  expect(outputOf(entry).bytes).toBeLessThanOrEqual(400 * KIB);
});

it.each(ENTRIES)('the bundle of %s carries all that it imports', (entry) => {
  const missing = outputOf(entry).imports.filter(({ path }) => !isBuiltIn(path));
  // Only asked for where an operation streams events.
  const later = missing.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path);
  expect(later).toEqual([]);
  expect(new Set(missing.map(({ path }) => path))).toEqual(new Set(['@smithy/core/event-streams']));
});

it('none carries what it does not use', () => {
  const inputs = ENTRIES.flatMap((entry) =>
    Object.entries(outputOf(entry).inputs).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [file] : [],
    ),
  );
  const carried = new Set(inputs.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
  const unused = ['debug', 'supports-color', 'ms', 'mnemonist', '@aws-sdk/credential-provider-ini', 'bowser'];
  expect(unused.filter((name) => carried.has(name))).toEqual([]);
});

it("the only JSON that is left empty is the SDK's own", () => {
  const files = Object.keys(bundles.metafile.inputs).filter((file) => file.endsWith('.json'));
  expect(files.filter((file) => !/node_modules\/@aws-sdk\/client-[^/]+\/package\.json$/.test(file))).toEqual(
    [],
  );
});

function isBuiltIn(path: string): boolean {
  return builtinModules.includes(path.replace(/^node:/, ''));
}
