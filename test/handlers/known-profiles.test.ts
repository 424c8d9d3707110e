import { expect, test } from 'vitest';
import type { Profile } from '../../lambdas/core/directory.ts';
import type { Directory } from '../../lambdas/core/ports.ts';
import { knownProfiles } from '../../lambdas/handlers/known-profiles.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

const profileOf = (userId: string, name = userId): Profile => ({ userId, name, source: 'platform' });

/** A function with a memory, beside others that write to the same directory. */
async function scene() {
  const { ports, clock } = memoryPorts();
  const asked: (readonly string[])[] = [];
  const watched: Directory = {
    ...ports.directory,
    profiles: (userIds) => {
      asked.push(userIds);
      return ports.directory.profiles(userIds);
    },
  };
  for (const userId of ['ann', 'ben']) await ports.directory.saveProfile(profileOf(userId));
  const known = knownProfiles(watched, clock);
  const names = async (...userIds: readonly string[]) =>
    (await known.profiles(userIds)).map(({ name }) => name).toSorted();
  return { known, names, asked, clock, others: ports.directory };
}

test('a profile is read once in half a minute', async () => {
  const { names, asked, clock } = await scene();
  expect(await names('ann', 'ben')).toEqual(['ann', 'ben']);
  clock.pass(29_999);
  expect(await names('ann', 'ben')).toEqual(['ann', 'ben']);
  expect(asked).toEqual([['ann', 'ben']]);
  clock.pass(1);
  await names('ann');
  expect(asked).toEqual([['ann', 'ben'], ['ann']]);
});

test('only what is not remembered is read', async () => {
  const { names, asked } = await scene();
  await names('ann');
  expect(await names('ann', 'ben')).toEqual(['ann', 'ben']);
  expect(asked).toEqual([['ann'], ['ben']]);
});

test('what others save is seen when the memory has run out', async () => {
  const { names, clock, others } = await scene();
  await names('ann');
  await others.saveProfile(profileOf('ann', 'Annabel'));
  expect(await names('ann')).toEqual(['ann']);
  clock.pass(30_000);
  expect(await names('ann')).toEqual(['Annabel']);
});

test('what the function saves or forgets itself it knows at once', async () => {
  const { names, known } = await scene();
  await names('ann', 'ben');
  await known.saveProfile(profileOf('ann', 'Annabel'));
  await known.forgetProfile('ben');
  expect(await names('ann', 'ben')).toEqual(['Annabel']);
});

test('what is saved while the old is being read is not forgotten for it', async () => {
  const { clock, others } = await scene();
  const profiles = others.profiles.bind(others);
  let finish = () => {};
  const reading = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const slow = knownProfiles(
    {
      ...others,
      profiles: async (userIds) => {
        const read = await profiles(userIds);
        await reading;
        return read;
      },
    },
    clock,
  );
  const before = slow.profiles(['ann']);
  clock.pass(1);
  await slow.saveProfile(profileOf('ann', 'Annabel'));
  finish();
  await before;
  expect((await slow.profiles(['ann'])).map(({ name }) => name)).toEqual(['Annabel']);
});

test('one who is not known is looked for each time', async () => {
  const { names, asked, others } = await scene();
  expect(await names('cat')).toEqual([]);
  await others.saveProfile(profileOf('cat'));
  expect(await names('cat')).toEqual(['cat']);
  expect(asked).toHaveLength(2);
});

test('a profile by itself is always read', async () => {
  const { known, others } = await scene();
  await known.profiles(['ann']);
  await others.saveProfile(profileOf('ann', 'Annabel'));
  expect(await known.profile('ann')).toMatchObject({ name: 'Annabel' });
});
