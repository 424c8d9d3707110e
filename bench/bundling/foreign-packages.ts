import type { Handler } from '../../lib/handlers.ts';

/** Packages that only some functions have a use for, and how one shows that it has. */
const USES = new Map<string, (handler: Handler) => boolean>([
  ['@aws-sdk/client-apigatewaymanagementapi', ({ needs }) => needs.includes('push')],
  ['@aws-sdk/client-secrets-manager', () => false],
  ['@aws-sdk/client-sqs', () => false],
  ['@aws-sdk/nested-clients', () => false],
  ['hono', ({ needs }) => needs.includes('origin')],
  ['jose', ({ needs }) => needs.includes('tokens')],
]);

/** Those of a bundle's packages that its function has no use for. */
export function foreignPackages(handler: Handler, packages: readonly string[]): readonly string[] {
  return packages.filter((name) => USES.get(name)?.(handler) === false);
}
