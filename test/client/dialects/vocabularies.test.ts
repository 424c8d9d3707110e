import { describe, expect, expectTypeOf, test } from 'vitest';
import type { DialectName, EventName, ReplyOf, Vocabularies } from '../../../client/dialects/vocabularies.ts';
import { type Client, createClient } from '../../../client/index.ts';
import type { appointment } from '../../../lambdas/dialects/appointment.ts';
import type { booking } from '../../../lambdas/dialects/booking.ts';
import type { conversation } from '../../../lambdas/dialects/conversation.ts';
import type { direct } from '../../../lambdas/dialects/direct.ts';
import type { support } from '../../../lambdas/dialects/support.ts';
import type { Asked, Differing, Told } from './words.ts';

type Server = {
  readonly booking: typeof booking;
  readonly conversation: typeof conversation;
  readonly direct: typeof direct;
  readonly appointment: typeof appointment;
  readonly support: typeof support;
};

type Nothing = { readonly [D in DialectName]: never };

/** A word that only one of the two knows, or that they understand differently, is named by the compiler. */
describe('the client’s words are the server’s', () => {
  test('in every event that a device is told', () => {
    type Different = { readonly [D in DialectName]: Differing<Told<Server[D]>, Vocabularies[D]['events']> };
    expectTypeOf<Nothing>().toEqualTypeOf<Different>();
  });

  test('in every event that a device sends, and its acknowledgement', () => {
    type Different = {
      readonly [D in DialectName]: Differing<Asked<Server[D]>, Vocabularies[D]['requests']>;
    };
    expectTypeOf<Nothing>().toEqualTypeOf<Different>();
  });

  test('in the names that the platform may not give its own events', () => {
    type Emitted = { readonly [D in DialectName]: Server[D]['emits'][number] };
    expectTypeOf<Emitted>().toEqualTypeOf<{ readonly [D in DialectName]: EventName<D> }>();
  });
});

describe('what does not compile', () => {
  const client = () => createClient({ url: 'wss://example.com', getToken: () => '', autoConnect: false });

  test('are wrong names and wrong payloads', () => {
    const booking = client();
    expectTypeOf(booking).toEqualTypeOf<Client<'booking'>>();
    const asks = () => [
      booking.request('joinBooking', 'b'),
      booking.request('notifications:read-all'),
      // @ts-expect-error no such event in this dialect
      booking.request('message:send', { conversationId: 'c', content: 'x' }),
      // @ts-expect-error a booking's id is missing
      booking.request('sendMessage', { content: 'x' }),
      // @ts-expect-error the payload is missing
      booking.request('typing'),
      // @ts-expect-error there is no payload
      booking.request('notifications:read-all', 'x'),
    ];
    const listens = () => {
      booking.on('newMessage', ({ sender }) => expectTypeOf(sender.name).toBeString());
      // @ts-expect-error no such event in this dialect
      booking.on('message:new', () => undefined);
      // @ts-expect-error no such field
      booking.on('typing', ({ conversationId }) => conversationId);
    };
    expect([asks, listens]).toHaveLength(2);
  });

  test('are replies and names of conversations that are none', () => {
    expectTypeOf<ReplyOf<'direct', 'get_unread_count'>>().toExtend<{ readonly count: number }>();
    // @ts-expect-error a conversation has a name
    const asks = () => client().conversation({});
    // @ts-expect-error no such dialect
    const speaks = () => createClient({ url: '', getToken: () => '', dialect: 'klingon' });
    expect([asks, speaks]).toHaveLength(2);
  });
});
