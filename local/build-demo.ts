import { fileURLToPath } from 'node:url';

/** A file of the built page, by the name under which the page asks for it. */
export type BuiltFile = { readonly name: string; readonly content: string | Uint8Array };

const ROOT = fileURLToPath(new URL('./demo/', import.meta.url));

/**
 * Builds the demo's page in memory: nothing is written to disk, so there is nothing to build by hand, and nothing stale.
 * Vite is loaded now and not with the stack, which is ready long before.
 */
export async function buildDemo(): Promise<readonly BuiltFile[]> {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    envFile: false,
    root: ROOT,
    base: '/',
    publicDir: false,
    logLevel: 'error',
    // Whatever NODE_ENV says here, the page gets React as it is deployed.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      write: false,
      target: 'esnext',
      assetsDir: 'demo',
      // The page's policy allows no data: URL.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  // A list of builds, or a watcher, is the answer to other questions.
  if (!('output' in built)) throw new TypeError('Vite has built something else than one page.');
  return built.output.map((file) => ({
    name: file.fileName,
    content: file.type === 'chunk' ? file.code : file.source,
  }));
}
