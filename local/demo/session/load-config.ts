import type { DemoConfig } from '../../demo-config.ts';

/**
 * What the local stack says: where it is reached, and a fresh token for each of the sample people.
 *
 * @throws Error when it does not answer.
 */
export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetch('/demo/config.json');
  if (!response.ok) throw new Error(`The local stack answered ${response.status}.`);
  return (await response.json()) as DemoConfig;
}

/** Somebody's token, asked for anew each time: the stack may have been started again, with another secret. */
export async function freshToken(userId: string): Promise<string> {
  const { people } = await loadConfig();
  return people.find((person) => person.userId === userId)?.token ?? '';
}
