import { describe, expect, test } from 'vitest';
import { vectors as ofAppointment } from '../dialects/appointment.vectors.ts';
import { vectors as ofDirect } from '../dialects/direct.vectors.ts';
import { vectors as ofSupport } from '../dialects/support.vectors.ts';
import { FORGED } from '../support/bad-payloads.ts';
import { newScene, refused, type Scene } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { backendForFile, type Row } from '../support/stack.ts';

/* Every event of direct, appointment and support with everything wrong: refused, and nothing stored or told. */

const backend = await backendForFile();
const INVALID = refused('INVALID_PAYLOAD', expect.stringMatching(/^Invalid payload: /));

type Tried = {
  readonly dialect: 'direct' | 'appointment' | 'support';
  readonly bad: typeof ofDirect.bad;
  readonly send: string;
  /** What the receiver hears of a message. */
  readonly hears: string;
  readonly to: (scene: Scene, conversationId: string) => object;
};

const TRIED: readonly Tried[] = [
  {
    dialect: 'direct',
    bad: ofDirect.bad,
    send: 'send_message',
    hears: 'receive_message',
    to: ({ owner }) => ({ receiverId: owner.userId }),
  },
  {
    dialect: 'appointment',
    bad: ofAppointment.bad,
    send: 'message:send',
    hears: 'message:received',
    to: ({ owner }) => ({ recipientId: owner.userId }),
  },
  {
    dialect: 'support',
    bad: ofSupport.bad,
    send: 'send_message',
    hears: 'conversation_updated',
    to: (_, conversationId) => ({ conversationId }),
  },
];

describe.each(TRIED)('$dialect', ({ dialect, bad, send, hears, to }) => {
  /** Two with a device each, of whom one has said something; what is stored by then, and how to say more. */
  async function quietPlace() {
    const scene = await newScene(backend);
    const { client, owner, bookingId } = scene;
    const opened = await client.get(`/messaging/conversations/booking/${bookingId}`);
    const { conversation } = opened.body.data as { readonly conversation: { readonly _id: string } };
    const [ann, ben] = [
      await client.connect({ token: client.token, dialect }),
      await owner.connect({ token: owner.token, dialect }),
    ];
    const say = async (more: object) => {
      const payload = { ...to(scene, conversation._id), content: 'hello', ...more };
      expect(await ann.request(send, payload)).toMatchObject({ ok: true });
      await ben.next(hears);
    };
    await say({});
    await backend.settled(ann, ben);
    return { ann, ben, say, before: await backend.rows(), heard: told(ben).length };
  }

  test('a payload with something wrong is refused, whatever is wrong, in every field of every event', async () => {
    const { ann, ben, say, before, heard } = await quietPlace();
    for (const { action, data, what } of bad) {
      const answer = await ann.request(action, data);
      expect(answer, what).toEqual(INVALID);
      expect(await ann.next('error'), what).toEqual((answer as { readonly error: object }).error);
    }
    expect(await ann.request('unheard:of', {})).toEqual(refused('INVALID_PAYLOAD', 'Unknown event'));
    await backend.settled(ann, ben);
    expect(await backend.rows()).toEqual(before);
    expect(told(ben)).toHaveLength(heard);
    await say({});
  });

  test('what is the server’s to say is not taken from a client', async () => {
    const { ann, say, before } = await quietPlace();
    await say({ ...FORGED });
    await backend.settled(ann);
    const known = new Set(before.map(({ pk, sk }) => `${pk} ${sk}`));
    const entries = (await backend.rows()).filter(isEntry);
    const [forged] = entries.filter(({ pk, sk }) => !known.has(`${pk} ${sk}`));
    const [honest] = entries.filter((row) => row.pk === forged?.pk && row !== forged);
    expect(essence(forged)).toEqual(essence(honest));
  });
});

/** What a device has heard but for who comes and goes. */
function told({ heard }: NativeClient): readonly string[] {
  return heard
    .map(({ event }) => event)
    .filter((event) => !/^(user|connection|online)/.test(event) || event.includes('typing'));
}

function isEntry({ sk }: Row): boolean {
  return String(sk).startsWith('LOG#');
}

/** An entry without what differs from one to the next. */
function essence({ sk, nonce, createdAt, ...rest }: Row = {}): object {
  expect([typeof sk, typeof nonce, typeof createdAt]).toEqual(['string', 'string', 'number']);
  return rest;
}
