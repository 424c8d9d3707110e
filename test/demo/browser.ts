import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, test } from 'vitest';

/** Where the browser is: what Debian's package installs, unless `CHROMIUM` says otherwise. */
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
}

/** A suite that needs a browser. Where there is none it is skipped, which says why; in CI it fails. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (existsSync(CHROMIUM)) return void describe(name, suite);
  const reason = `There is no browser at ${CHROMIUM}: install chromium, or set CHROMIUM to one.`;
  if (process.env.CI) {
    test(name, () => {
      throw new Error(reason);
    });
  } else describe.skip(`${name}. ${reason}`, suite);
}
