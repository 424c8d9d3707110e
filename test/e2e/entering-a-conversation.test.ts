import { expect, test } from 'vitest';
import type { Person } from '../support/booking-scene.ts';
import { newTeam } from '../support/conversation-scene.ts';
import { A_TIME } from '../support/documented.ts';
import { Gate } from '../support/gated-socket.ts';
import { openClient, until, watch } from '../support/sdk-client.ts';
import { backendForFile } from '../support/stack.ts';

/** What happens while the client enters a conversation, over the real wire. */

const backend = await backendForFile();

const JOINS = { conversation: 'join:conversation', support: 'join_conversation' } as const;

test.each(['conversation', 'support'] as const)(
  'in the words of %s, what happens before the room is joined, or while it is loaded, is shown',
  async (dialect) => {
    const { conversationId, ann, ben, cat } = await newTeam(backend);
    const gate = new Gate();
    const open = (person: Person, platform = {}) =>
      openClient(backend, person, { dialect, platform }).client.conversation({ conversationId });
    const [bens, cats] = [open(ben), open(cat)];
    watch(cats);
    const sent: string[] = [];
    for (const content of ['one', 'two', 'three']) sent.push((await bens.send({ content })).id ?? '');
    const [one = '', two = '', three = ''] = sent;
    await until(cats, ({ messages }) => expect(messages).toHaveLength(3));

    gate.keep(JOINS[dialect]);
    const anns = open(ann, { WebSocket: gate.WebSocket });
    watch(anns);
    await gate.hasKept();
    await cats.markRead();
    await bens.edit(one, 'one, or rather');
    await bens.react(two, '👍');
    await bens.remove(three);

    // The room is joined now, and the page is read, but does not come yet.
    gate.keep('"lastSeq"');
    await gate.hasKept();
    await bens.edit(one, 'the first');
    await bens.react(two, '🎉');
    await cats.send({ content: 'four' });
    gate.keep(undefined);
    const readBy = [{ userId: cat.userId, readAt: A_TIME }];
    await until(anns, ({ messages }) =>
      expect(messages).toMatchObject([
        { seq: 1, content: 'the first', readBy },
        { seq: 2, content: 'two', readBy, reactions: [{ emoji: '👍' }, { emoji: '🎉' }] },
        { seq: 3, content: '', deletedAt: A_TIME },
        { seq: 4, content: 'four' },
      ]),
    );
  },
);
