import { randomUUID } from 'node:crypto';
import { newBooking, newScene, platformOf, type Scene } from './booking-scene.ts';
import type { Backend } from './stack.ts';

/** A place in which something was said, and everybody whom it may concern, or may not. */

/** The author of what was said comes last: what they take back is gone. */
export const PERSONAS = ['owner', 'stranger', 'admin', 'service', 'expired', 'anonymous', 'client'] as const;
export type Persona = (typeof PERSONAS)[number];

export type Ground = {
  readonly scene: Scene;
  /** Another booking of the two, where no admin has been. */
  readonly quietBookingId: string;
  readonly conversationId: string;
  /** Something that the client has said. */
  readonly messageId: string;
  /** The same, to be taken back. */
  readonly doomedId: string;
  /** In the client's inbox. */
  readonly notificationId: string;
  readonly tokens: Readonly<Record<Persona, string | undefined>>;
};

/** How long the expired one's token still holds, so that devices can be opened with it; s. */
export const EXPIRES_S = 4;

/** A new one on this backend. */
export async function newGround(backend: Backend): Promise<Ground> {
  const scene = await newScene(backend);
  const { client, bookingId } = scene;
  const opened = await client.get(`/messaging/conversations/booking/${bookingId}`);
  const { conversation } = opened.body.data as { readonly conversation: { readonly _id: string } };
  const say = async (content: string) => {
    const path = `/messaging/conversations/${conversation._id}/messages`;
    const { body } = await client.post(path, { content });
    return (body.data as { readonly message: { readonly _id: string } }).message._id;
  };
  const news = { userId: client.userId, type: 'news', title: 'News', message: 'New.' };
  const told = await (await platformOf(backend)).post('notifications', news);
  return {
    scene,
    quietBookingId: await newBooking(backend, scene),
    conversationId: conversation._id,
    messageId: await say('Hello'),
    doomedId: await say('Goodbye'),
    notificationId: (told.body.data as { readonly notification: { readonly id: string } }).notification.id,
    tokens: await tokensIn(backend, scene),
  };
}

async function tokensIn(backend: Backend, { client, owner, stranger }: Scene): Promise<Ground['tokens']> {
  const exp = Math.floor(backend.now() / 1000) + EXPIRES_S;
  return {
    client: client.token,
    owner: owner.token,
    stranger: stranger.token,
    admin: await backend.token({ sub: `admin-${randomUUID()}`, name: 'Ada', role: 'admin' }),
    service: await backend.token({ sub: `service-${randomUUID()}`, name: 'Platform', role: 'service' }),
    expired: await backend.token({ sub: client.userId, exp }),
    anonymous: undefined,
  };
}
