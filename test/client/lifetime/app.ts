import type { Client, ClientOptions, ConversationStore } from '../../../client/index.ts';
import type { ShakyBackend } from '../../recovery/shaky-backend.ts';
import type { Person } from '../../support/booking-scene.ts';
import { contents, openClient, until, watch } from '../../support/sdk-client.ts';
import { newWorld, type World } from './device.ts';

/** What somebody has in their hands who has opened a booking's conversation in an application. */
export type App = World & {
  readonly client: Client<'booking'>;
  readonly conversation: ConversationStore;
  /** What it shows. */
  readonly shown: () => readonly string[];
  /** How its connection stood, one after the other. */
  readonly statuses: readonly string[];
};

/** Opens the application, which is closed when the test ends, and waits until the conversation is loaded. */
export async function openApp(
  backend: ShakyBackend,
  person: Pick<Person, 'token'>,
  { bookingId, ...options }: Partial<ClientOptions<'booking'>> & { readonly bookingId: string },
): Promise<App> {
  const world = newWorld(backend);
  const { platform } = world;
  const { client } = openClient(backend, person, { dialect: 'booking', platform, ...options });
  const statuses: string[] = [];
  client.connection.subscribe(() => {
    const { status } = client.connection.getSnapshot();
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  const conversation = client.conversation({ bookingId });
  watch(conversation);
  await until(conversation, ({ isLoading, error }) => {
    if (isLoading || error) throw error ?? new Error('It is loading.');
  });
  return { ...world, client, conversation, shown: () => contents(conversation.getSnapshot()), statuses };
}
