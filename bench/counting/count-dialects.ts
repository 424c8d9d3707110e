import type { DialectName } from '../../lambdas/core/connection.ts';
import type { NativeClient } from '../native-client.ts';
import type { Deployment } from './deployment.ts';
import { arrange, connect, meet, type Parties } from './people.ts';
import { callRoute, serviceToken } from './rest.ts';
import type { Tally } from './tally.ts';

/** A conversation of two that is under way, in a dialect. */
type Talk = {
  readonly tally: Tally;
  readonly devices: Readonly<Record<Speaker, NativeClient>>;
  readonly parties: Parties;
  readonly conversationId: string;
  readonly notificationId: string;
  /** What was said last. */
  messageId: string;
};

type Speaker = 'client' | 'owner' | 'admin';

/** An event, who asks for it, and its payload. */
type Step = readonly [event: string, by: Speaker, payload: (talk: Talk) => unknown];

const SAYS = 'Hi, I would like to confirm my appointment time.';
/** Enough that the head is as long as it gets. */
const WARM_UP = 12;
const SECOND = 1_000;
/** Push lists are read strongly consistent for a while after a join. */
const SETTLED = 11 * SECOND;

const nothing = () => undefined;
const here = ({ conversationId }: Talk) => ({ conversationId });
const saying = (talk: Talk) => ({ ...here(talk), content: SAYS });
const about = ({ messageId }: Talk) => ({ messageId, content: SAYS, emoji: '👍' });
const toOwner =
  (name: string) =>
  ({ parties }: Talk) => ({ [name]: parties.owner.userId, content: SAYS, isTyping: true });

const INBOX: readonly Step[] = [
  ['notification:read', 'client', ({ notificationId }) => ({ notificationId })],
  ['notifications:read-all', 'client', nothing],
];

/** Every event of every dialect but booking's, which are counted one by one, in an order in which each finds what it needs. */
const STEPS: Readonly<Record<Exclude<DialectName, 'booking'>, readonly Step[]>> = {
  conversation: [
    ['join:conversation', 'client', here],
    ['message:send', 'client', saying],
    ['message:edit', 'client', about],
    ['message:react', 'owner', about],
    ['messages:read', 'owner', here],
    ['message:delete', 'client', about],
    ['typing:start', 'client', here],
    ['typing:stop', 'client', here],
    ['conversation:get-online-users', 'client', here],
    ['user:get-status', 'client', ({ parties }) => parties.owner.userId],
    ['users:get-status', 'client', ({ parties }) => [parties.owner.userId, parties.client.userId]],
    ['leave:conversation', 'client', here],
    ...INBOX,
  ],
  direct: [
    ['send_message', 'client', toOwner('receiverId')],
    ['mark_message_read', 'owner', about],
    ['typing_start', 'client', toOwner('receiverId')],
    ['typing_stop', 'client', toOwner('receiverId')],
    ['get_message_history', 'client', ({ parties }) => ({ otherUserId: parties.owner.userId })],
    ['get_unread_count', 'client', nothing],
    ...INBOX,
  ],
  appointment: [
    ['message:send', 'client', toOwner('recipientId')],
    ['message:read', 'owner', about],
    ['message:typing', 'client', toOwner('recipientId')],
    ...INBOX,
  ],
  support: [
    ['join_conversation', 'client', here],
    ['send_message', 'client', saying],
    ['typing_start', 'client', here],
    ['typing_stop', 'client', here],
    ['leave_conversation', 'client', here],
    ['admin_broadcast', 'admin', () => ({ message: SAYS })],
    ...INBOX,
  ],
};

/** What each event of each dialect costs, in a conversation of two with a device each. */
export async function countDialects(tally: Tally): Promise<void> {
  for (const [dialect, steps] of Object.entries(STEPS)) {
    const talk = await begin(tally, dialect, steps);
    for (const step of steps) {
      tally.deployment.clock.pass(SETTLED);
      await tally.count(`${dialect}: ${step[0]}`, () => take(talk, step));
    }
    await Promise.all(Object.values(talk.devices).map((device) => device.close()));
  }
}

/** Devices that the functions have met, and a conversation with a few messages in it. */
async function begin(tally: Tally, dialect: string, steps: readonly Step[]): Promise<Talk> {
  const { deployment } = tally;
  const parties = await arrange(deployment);
  const admin = await meet(deployment, 'Ada Adams', 'admin');
  const devices = {
    client: await connect(deployment, parties.client, dialect),
    owner: await connect(deployment, parties.owner, dialect),
    admin: await connect(deployment, admin, dialect),
  };
  const [conversationId, notificationId] = [
    await openedBy(deployment, parties),
    await notified(deployment, parties),
  ];
  const talk: Talk = { ...{ tally, devices, parties, conversationId, notificationId }, messageId: '' };
  for (const by of ['client', 'owner', 'admin'] as const) {
    await take(talk, ['notifications:read-all', by, nothing]);
  }
  const send = steps.find(([event]) => event.includes('send'));
  for (let n = 0; send && n < WARM_UP; n += 1) {
    deployment.clock.pass(2 * SECOND);
    await take(talk, send);
  }
  return talk;
}

async function take(talk: Talk, [event, by, payload]: Step): Promise<void> {
  const reply = (await talk.devices[by].request(event, payload(talk))) as Reply;
  if (reply.error) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`);
  talk.messageId = reply.message?._id ?? reply.message?.id ?? talk.messageId;
}

type Reply = {
  readonly error?: object;
  readonly message?: { readonly _id?: string; readonly id?: string };
};

async function openedBy(deployment: Deployment, { bookingId, client }: Parties): Promise<string> {
  const path = `/messaging/conversations/booking/${bookingId}`;
  const { conversation } = await callRoute<{ readonly conversation: { readonly _id: string } }>(deployment, {
    path,
    token: client.token,
  });
  return conversation._id;
}

async function notified(deployment: Deployment, { client }: Parties): Promise<string> {
  const { notification } = await callRoute<{ readonly notification: { readonly id: string } }>(deployment, {
    path: '/api/server/notifications',
    token: await serviceToken(deployment),
    method: 'POST',
    body: { userId: client.userId, type: 'news', title: 'News', message: SAYS },
  });
  return notification.id;
}
