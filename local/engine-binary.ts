import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartupError } from './startup-error.ts';

const require = createRequire(import.meta.url);

/**
 * The path of the DynamoDB-compatible engine's binary: the optional package for this platform.
 *
 * @throws StartupError when no such package is installed, naming what to do instead.
 */
export function findEngineBinary(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  const packageName = `@dynoxide/${platform}-${architecture}`;
  try {
    const manifest = require.resolve(`${packageName}/package.json`);
    return join(dirname(manifest), platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new StartupError(
      `No DynamoDB-compatible engine is installed: install ${packageName}, or set DYNAMODB_ENDPOINT to a running DynamoDB Local.`,
      { cause },
    );
  }
}
