import { describe, expect, test } from 'vitest';
import type { Client, ConversationName } from '../../../client/index.ts';
import { Street, turns, watch } from './device.ts';
import { BOOKING, type ChangeKind, CONVERSATION, type FakeBackend, type Held } from './fake-backend.ts';

/** Whatever happens while a conversation is entered or loaded: every order in which frames may come, one by one. */

type Happening = (backend: FakeBackend) => void;

type Scene = {
  readonly street: Street;
  readonly ann: Client<'conversation'>;
  readonly name: ConversationName;
};

/** What makes the client ask for something. */
type Beginning = (scene: Scene) => Promise<void>;

/** Messages in the conversation at first, in two pages. */
const SAID = 5;
const PAGE = 3;
/** The opening, and who comes, with the answer. */
const LETS_IN = 3;
const MANY_PATHS = 20_000;

async function newScene(name: ConversationName): Promise<Scene> {
  const street = new Street();
  street.backend.pageSize = PAGE;
  const ann = street.client('ann', { dialect: 'conversation', backoff: { minMs: 1, jitter: 0 } });
  for (let n = 1; n <= SAID; n += 1) street.backend.tell('ben', `message ${n}`);
  await street.pass(1_000);
  return { street, ann, name };
}

const enter: Beginning = async ({ ann, name }) => watch(ann.conversation(name));

async function beThere(scene: Scene): Promise<void> {
  await enter(scene);
  await scene.street.pass(1_000);
}

/** The connection is lost when older messages were loaded, too. */
function comeBack(isForgetful: boolean): Beginning {
  return async (scene) => {
    const { street, ann, name } = scene;
    await beThere(scene);
    void ann.conversation(name).loadOlder();
    await street.pass(1_000);
    expect(shown(scene)).toHaveLength(SAID);
    street.backend.isForgetful = isForgetful;
    const held: Held[] = [];
    street.backend.held = held;
    street.backend.cut();
    // As long as it is let in, nothing is heard.
    for (let frames = 1; frames <= LETS_IN; frames += 1) {
      await street.pass(1);
      held.shift()?.deliver();
    }
  };
}

const scroll: Beginning = async (scene) => {
  const { street, ann, name } = scene;
  await beThere(scene);
  street.backend.held = [];
  void ann.conversation(name).loadOlder();
};

/** Plays one order: at each step there are some frames that may come next, and the next thing that may happen. */
async function play(
  name: ConversationName,
  begin: Beginning,
  happenings: readonly Happening[],
  choose: (count: number) => number,
): Promise<Scene> {
  const scene = await newScene(name);
  const { backend } = scene.street;
  if (begin === enter) backend.held = [];
  await begin(scene);
  const held = backend.held ?? [];
  const todo = [...happenings];
  for (;;) {
    await turns();
    const events = held.filter(({ isEvent }) => isEvent).slice(0, 1);
    const next = [...held.filter(({ isEvent }) => !isEvent), ...events];
    const choices = next.length + Math.min(1, todo.length);
    if (choices === 0) return scene;
    const frame = next[choose(choices)];
    if (frame) held.splice(held.indexOf(frame), 1);
    if (frame) frame.deliver();
    else todo.shift()?.(backend);
  }
}

/** Every order there is. @returns how many. */
async function playAll(
  name: ConversationName,
  begin: Beginning,
  happenings: readonly Happening[],
  check: (scene: Scene) => void,
): Promise<number> {
  let path: { choice: number; count: number }[] = [];
  for (let paths = 1; paths < MANY_PATHS; paths += 1) {
    let step = 0;
    const scene = await play(name, begin, happenings, (count) => {
      path[step] ??= { choice: 0, count };
      step += 1;
      return path[step - 1]?.choice ?? 0;
    });
    check(scene);
    path = path.slice(0, path.findLastIndex(({ choice, count }) => choice + 1 < count) + 1);
    const last = path.at(-1);
    if (!last) return paths;
    last.choice += 1;
  }
  throw new Error('There are too many orders.');
}

function shown({ ann, name }: Scene) {
  const { messages } = ann.conversation(name).getSnapshot();
  return messages.map(({ seq, content, readBy, reactions, editedAt, deletedAt }) => ({
    ...{ seq, content, readBy, reactions },
    isEdited: editedAt !== undefined,
    isDeleted: deletedAt !== undefined,
  }));
}

/** The newest of what is stored. */
function stored({ street }: Scene, count: number) {
  return street.backend.log.slice(-count).map(({ id, content, readBy, reactions, isEdited, isDeleted }) => ({
    seq: Number(id.slice(CONVERSATION.length + 1)),
    ...{ content, readBy, reactions, isEdited, isDeleted },
  }));
}

const does =
  (kind: ChangeKind, seq: number): Happening =>
  (backend) =>
    backend.change('cat', kind, seq);
const says: Happening = (backend) => backend.tell('ben', 'one more');

type Happenings = readonly [title: string, first: Happening, then: Happening];

const READ_AND_SAID: Happenings = ['a message is read, and another is said', does('read', SAID), says];
const SAID_AND_EDITED: Happenings = ['a message is said, and edited', says, does('edited', SAID + 1)];
const REACTED_TWICE: Happenings = ['somebody reacts twice', does('reacted', SAID), does('reacted', SAID)];
const EDITED_AND_DELETED: Happenings = [
  'a message is edited, and deleted',
  does('edited', 4),
  does('deleted', 4),
];
const OLD_EDITED: Happenings = [
  'an old message is edited, and somebody reacts',
  does('edited', 1),
  does('reacted', 1),
];
const ALL = [READ_AND_SAID, SAID_AND_EDITED, REACTED_TWICE, EDITED_AND_DELETED, OLD_EDITED];
const SOME = [READ_AND_SAID, REACTED_TWICE, OLD_EDITED];

describe.each([
  ['that is entered', { conversationId: CONVERSATION }, enter, PAGE, ALL],
  ['that is entered by its booking', { bookingId: BOOKING }, enter, PAGE, SOME],
  ['whose older messages are asked for', { conversationId: CONVERSATION }, scroll, SAID, ALL],
  ['whose connection is recovered', { conversationId: CONVERSATION }, comeBack(false), SAID, ALL],
  ['whose connection was lost', { conversationId: CONVERSATION }, comeBack(true), SAID, SOME],
] as const)('a conversation %s', (_, name, begin, count, happenings) => {
  test.each(happenings)('shows, whenever it happens: %s', async (_title, ...two) => {
    const orders = await playAll(name, begin, two, (scene) => {
      const messages = shown(scene);
      expect(messages.length).toBeGreaterThanOrEqual(count);
      expect(messages).toEqual(stored(scene, messages.length));
    });
    expect(orders).toBeGreaterThan(10);
  });
});
