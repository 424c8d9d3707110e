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
  /** Something smaller in place of a module, for what none of the functions uses. */
  alias: {
    // Other ways to credentials than a function's environment.
    '@aws-sdk/credential-provider-node': `${ROOT}lambdas/aws/function-credentials.ts`,
    // Finding endpoints out, and a cache of them.
    '@aws-sdk/middleware-endpoint-discovery': `${ROOT}lambdas/aws/no-endpoint-discovery.ts`,
    // What tells several invocations of one process apart.
    '@aws/lambda-invoke-store': `${ROOT}lambdas/aws/no-invoke-store.ts`,
    // SHA-256 without Node's own.
    '@smithy/core/checksum': `${ROOT}lambdas/aws/native-checksum.ts`,
    // Logging for debuggers.
    'socket.io-parser': `${ROOT}node_modules/socket.io-parser/build/esm/index.js`,
  },
  /** Imported by the SDK only where an operation streams events, as none does that is used here. */
  external: ['@smithy/core/event-streams'],
  /** The SDK's clients import their whole package.json, to tell AWS their version. */
  loader: { '.json': 'empty' },
} as const;
