import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tellDialectsStory } from './dialects-story.ts';
import { functionsIn } from './functions-in.ts';
import { tellNativeStory } from './native-story.ts';
import { SECRET, tokenFor } from './policed-clients.ts';
import { PolicedFunctions } from './policed-functions.ts';
import type { Scene } from './scene.ts';
import { tellSocketIoStory } from './socket-io-story.ts';
import { synthesize } from './synthesize.ts';

/*
 * Every function does all that it can do, as it is deployed and with the policy that the template gives it: what is
 * missing there fails the story, what is too much is never asked for.
 */

const deployed = functionsIn(synthesize());
const logged = vi.fn();
const scene = {} as { -readonly [K in keyof Scene]: Scene[K] };

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockImplementation(logged);
  scene.functions = await PolicedFunctions.start(deployed, SECRET);
  scene.ann = await tokenFor('ann', { name: 'Ann' });
  scene.ben = await tokenFor('ben', { name: 'Ben' });
  scene.service = await tokenFor('platform', { name: 'Platform', role: 'service' });
});

afterAll(() => scene.functions.close());

describe('on the native wire and over HTTP', () => tellNativeStory(scene));

describe('in the other dialects', () => tellDialectsStory(scene));

describe("on Socket.IO's wire", () => tellSocketIoStory(scene));

it('nothing of this was denied', () => {
  expect(logged.mock.calls).toEqual([]);
});

it.each(deployed.map(({ entry }) => entry))('nothing more than this is allowed to %s', (entry) => {
  const { asked, allowed } = scene.functions.actionsOf(entry);
  // Whoever pushes may meet more receivers than it can serve, and leaves them to the queue; not so in these stories.
  const unused = [...allowed].filter((action) => !asked.has(action) && action !== 'sqs:SendMessage');
  expect(unused).toEqual([]);
});
