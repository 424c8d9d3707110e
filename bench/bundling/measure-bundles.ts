import { type BuildOptions, build, type Metafile } from 'esbuild';
import { BUNDLING, HANDLERS } from '../../lib/bundling.ts';
import { ALL, type Handler } from '../../lib/handlers.ts';
import { foreignPackages } from './foreign-packages.ts';

/** Bytes of the bundle that come from one package; our own code counts as one. */
export type Share = { readonly name: string; readonly bytes: number };

/** The code of one function as it is deployed. */
export type Bundle = {
  readonly entry: string;
  readonly bytes: number;
  /** Largest first. */
  readonly shares: readonly Share[];
  /** Packages that the function has no use for. */
  readonly foreign: readonly string[];
};

/** The most that a bundle may have, in bytes (DESIGN §4). */
export const BUNDLE_BUDGET = 400 * 1024;

const OWN_CODE = 'Parley';

/** Bundles every function as the CDK app does, in memory. */
export async function measureBundles(): Promise<readonly Bundle[]> {
  const entryPoints = ALL.map(({ entry }) => `${HANDLERS}${entry}.ts`);
  const { metafile } = await build({ ...options(), entryPoints });
  return ALL.map((handler) => describeBundle(handler, metafile));
}

function describeBundle(handler: Handler, { outputs }: Metafile): Bundle {
  const { entry } = handler;
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint?.endsWith(`/${entry}.ts`));
  if (!output) throw new TypeError(`esbuild wrote no bundle of ${entry}.`);
  const shares = sharesIn(output);
  const foreign = foreignPackages(
    handler,
    shares.map(({ name }) => name),
  );
  return { entry, bytes: output.bytes, shares, foreign };
}

/** As `lib/handler-function.ts` has it, and nothing is written. */
function options() {
  const { sourceMap, mainFields, external, ...rest } = BUNDLING;
  return {
    ...rest,
    mainFields: [...mainFields],
    external: [...external],
    sourcemap: sourceMap,
    bundle: true,
    platform: 'node',
    write: false,
    outdir: 'bundles',
    metafile: true,
  } satisfies BuildOptions;
}

function sharesIn({ inputs }: Metafile['outputs'][string]): readonly Share[] {
  const shares = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    if (bytesInOutput === 0) continue;
    const name = packageOf(path);
    shares.set(name, (shares.get(name) ?? 0) + bytesInOutput);
  }
  return [...shares].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The package nearest to the file, where packages lie in one another. */
function packageOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? OWN_CODE;
}
