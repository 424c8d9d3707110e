import { expect, it } from 'vitest';
import { readOptions } from '../../bench/options.ts';
import { SECTIONS } from '../../bench/report/report.ts';

it('all is counted and measured unless a section is asked for', () => {
  expect(readOptions([])).toEqual({ sections: [...SECTIONS], quick: false });
  expect(readOptions(['--only', 'speed', '--only', 'counts']).sections).toEqual(['speed', 'counts']);
});

it('files and quickness are taken as given', () => {
  const options = readOptions(['--quick', '--json', 'out.json', '--profile', 'profiles']);
  expect(options).toMatchObject({ quick: true, json: 'out.json', profile: 'profiles' });
});

it.each([[['--only', 'everything']], [['--fast']], [['one more']]])('%j is refused', (args) => {
  expect(() => readOptions(args)).toThrow(TypeError);
});
