import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type MinifyOptions, minify } from 'terser';

/** The one file of `parley/socket.io`, minified, and its source map. */
export type Shim = { readonly code: string; readonly map: string };

/** What the shim has at most, in bytes, compressed with gzip. */
export const SHIM_BUDGET = 5_000;

/**
 * Properties by which parts of the shim know each other. They are shortened, which no application's bundler would dare:
 * here it saves a tenth of the whole. None of them may be a word of the wire, of Socket.IO's API, or of the platform's
 * objects that the shim handles.
 */
const INTERNAL = [
  ...[
    'ask',
    'attempt',
    'callOff',
    'cancel',
    'clock',
    'conversation',
    'credentials',
    'deliver',
    'done',
    'drop',
  ],
  ...['emitReserved', 'end', 'forgetHeld', 'hearsAll', 'held', 'isAsked', 'isGivenUp', 'isOnce', 'isRenewed'],
  ...['isRepeated', 'isVolatile', 'kind', 'known', 'last', 'leave', 'link', 'listen', 'listener', 'missing'],
  ...[
    'name',
    'namespace',
    'onChange',
    'onEvent',
    'onNetwork',
    'opened',
    'place',
    'platform',
    'probe',
    'reason',
  ],
  ...[
    'request',
    'reset',
    'resume',
    'room',
    'schedule',
    'seq',
    'session',
    'settle',
    'state',
    'suspend',
    'take',
  ],
  ...['tell', 'timeoutMs', 'told', 'use', 'waiting'],
];

const OPTIONS: MinifyOptions = {
  module: true,
  ecma: 2020,
  compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true },
  mangle: { properties: { regex: new RegExp(`^(${INTERNAL.join('|')})$`), builtins: true } },
  sourceMap: { includeSources: true, url: 'index.js.map' },
};

/** Builds `parley/socket.io` as it is published. */
export async function buildShim(): Promise<Shim> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../client/socket-io/index.ts', import.meta.url))],
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022' },
  });
  const [bundle = { text: '' }] = outputFiles;
  const unused = INTERNAL.filter((name) => !new RegExp(`\\b${name}\\b`).test(bundle.text));
  if (unused.length > 0) throw new TypeError(`The shim has no property ${unused.join(', ')}.`);
  const { code, map } = await minify(bundle.text, OPTIONS);
  if (code === undefined || typeof map !== 'string') throw new TypeError('The shim was not minified.');
  return { code, map };
}
