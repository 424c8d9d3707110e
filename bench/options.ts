import { parseArgs } from 'node:util';
import { SECTIONS, type Section } from './report/report.ts';

/** What `npm run bench --` was asked for. */
export type Options = {
  readonly sections: readonly Section[];
  /** Few rounds of little load: shows that the bench works, and says nothing of speed. */
  readonly quick: boolean;
  /** Where the report is written as JSON. */
  readonly json?: string;
  /** Where the local stack writes a profile of its processor time while it is measured. */
  readonly profile?: string;
};

export const USAGE =
  'Usage: npm run bench -- [--quick] [--json <file>] [--only counts|bundles|start|speed|socket.io]… [--profile <directory>]';

/** @throws TypeError for arguments that cannot be meant. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string', multiple: true },
      profile: { type: 'string' },
    },
  });
  return {
    sections: values.only ? values.only.map(sectionNamed) : SECTIONS,
    quick: values.quick,
    ...(values.json !== undefined && { json: values.json }),
    ...(values.profile !== undefined && { profile: values.profile }),
  };
}

function sectionNamed(name: string): Section {
  const section = SECTIONS.find((one) => one === name);
  if (!section) throw new TypeError(`There is no section '${name}'`);
  return section;
}
