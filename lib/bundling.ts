import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where the functions' entry files lie. */
export const HANDLERS = `${ROOT}lambdas/handlers/`;

/**
 * How a function's code is bundled, in esbuild's words: the one description, for the deployed functions and for whoever
 * measures them.
 *
 * The SDK is bundled: tree-shaken ESM starts faster than the copy in the runtime, and its version is the tested one.
 */
export const BUNDLING = {
  format: 'esm',
  mainFields: ['module', 'main'],
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  /** Something smaller in place of a module. */
  alias: { '@aws-sdk/credential-provider-node': `${ROOT}lambdas/aws/function-credentials.ts` },
} as const;
