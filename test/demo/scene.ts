import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished, vi } from 'vitest';
import { readSettings } from '../../local/settings.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import { launchBrowser } from './browser.ts';
import { Visitor } from './visitor.ts';

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;
export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;

/** Two browsers' windows on a machine that is busy with more than this. */
const TEST_TIMEOUT_MS = 180_000;

export type Scene = {
  readonly url: () => string;
  readonly clock: LeapingClock;
  /** Somebody new in front of the page, signed in as one of the sample people; whose console must stay silent. */
  readonly visit: (userId?: string, options?: BrowserContextOptions) => Promise<Visitor>;
};

/** The demo on a local stack of its own, and a browser, for the tests of one file. */
export function demoScene(): Scene {
  vi.setConfig({ testTimeout: TEST_TIMEOUT_MS });
  const clock = new LeapingClock();
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    const settings = readSettings({ PORT: '0', DYNAMODB_ENDPOINT: inject('engineEndpoint') });
    const log = { info: () => undefined, error: console.error };
    const tableName = `parley-${randomUUID()}`;
    [stack, browser] = await Promise.all([
      startStack(settings, { log, tableName, clock, hasSamples: true }),
      launchBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });
  const visit = async (userId = '', options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ...DESKTOP, reducedMotion: 'reduce', ...options });
    const visitor = new Visitor(await context.newPage());
    onTestFinished(async () => {
      await context.close();
      expect(visitor.complaints).toEqual([]);
    });
    await visitor.page.goto(`${stack.gateway.url}/#${userId}`);
    return visitor;
  };
  return { url: () => stack.gateway.url, clock, visit };
}
