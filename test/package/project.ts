import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** A package of this repository's. */
export const installed = (path: string) => resolve('node_modules', path);

/** The npm package as somebody installs it: built, packed, unpacked into a project that has little else. */
export type Project = {
  readonly built: string;
  readonly packed: string;
  readonly folder: string;
  readonly remove: () => Promise<void>;
};

/** @param others What else is installed there. */
export async function newProject(others: readonly string[]): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'parley-package-'));
  const [built, folder] = [join(root, 'built'), join(root, 'project')];
  await run(process.execPath, ['--import', 'tsx', 'package/build.ts', built]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', root], { cwd: built });
  const [{ filename }] = JSON.parse(stdout);
  const packed = join(root, filename);
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@types'), { recursive: true });
  await run('tar', ['-xzf', packed, '-C', modules]);
  await cp(join(modules, 'package'), join(modules, 'parley'), { recursive: true });
  for (const name of others) await symlink(installed(name), join(modules, name));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return { built, packed, folder, remove: () => rm(root, { recursive: true, force: true }) };
}
