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
  /** Something smaller in place of a module: the other ways to credentials, and logging for debuggers, stay out. */
  alias: {
    '@aws-sdk/credential-provider-node': `${ROOT}lambdas/aws/function-credentials.ts`,
    'socket.io-parser': `${ROOT}node_modules/socket.io-parser/build/esm/index.js`,
  },
  /** Imported by the SDK only where an operation streams events, as none does that is used here. */
  external: ['@smithy/core/event-streams'],
} as const;
