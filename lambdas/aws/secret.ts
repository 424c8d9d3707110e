import type { Ports } from '../core/ports.ts';
import { callService, originOf } from './json-service.ts';

export type SecretPlace = {
  /** Its ARN, or its name. */
  readonly id: string;
  readonly region: string;
  /** Where something else stands in for AWS. @default AWS, as the region's name has it */
  readonly origin?: string;
};

/**
 * Reads a secret's text from Secrets Manager.
 *
 * @throws Error when the secret has no text, or cannot be had.
 */
export async function readSecret(
  { id, region, origin = originOf('secretsmanager', region) }: SecretPlace,
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
): Promise<string> {
  const service = { name: 'secretsmanager', origin, region, version: '1.1', clock, random } as const;
  const read = await callService(service, 'secretsmanager.GetSecretValue', { SecretId: id });
  const { SecretString: text } = read as { readonly SecretString?: string };
  if (!text) throw new Error(`The secret ${id} has no text value.`);
  return text;
}
