import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { DESKTOP, demoScene, PHONE } from './scene.ts';
import type { Visitor } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const OF_COLOURS = JSON.stringify({ runOnly: ['color-contrast', 'link-in-text-block'] });

/** Each main view: what is done to get there from the one before. */
const VIEWS: readonly (readonly [string, (visitor: Visitor) => Promise<void>])[] = [
  ['who would you like to be', async ({ page }) => page.locator('.person').first().waitFor()],
  [
    'the inbox',
    async (visitor) => {
      await visitor.page.getByRole('link', { name: /Ann Archer/ }).click();
      await visitor.row('Colour consultation').waitFor();
    },
  ],
  [
    'the notifications',
    async ({ page }) => {
      await page.getByRole('button', { name: /^Notifications/ }).click();
      await page.getByText('Booking confirmed').first().waitFor();
    },
  ],
  [
    'a conversation',
    async (visitor) => {
      await visitor.page.keyboard.press('Escape');
      await visitor.open('Haircut and beard trim');
    },
  ],
  [
    'what can be done with a message',
    async ({ page }) => {
      await page
        .getByRole('button', { name: /^Options/ })
        .last()
        .press('Enter');
      await page.getByRole('group', { name: 'Message' }).waitFor();
    },
  ],
  [
    'the connection lost, and a message that waits',
    async (visitor) => {
      await visitor.page.keyboard.press('Escape');
      await visitor.context.setOffline(true);
      await visitor.sees(/Connection lost/);
      await visitor.say('Are you there?');
      await visitor.page.getByText('Sending').waitFor({ state: 'attached' });
    },
  ],
  [
    'the drawer',
    async (visitor) => {
      await visitor.context.setOffline(false);
      const back = visitor.page.getByRole('button', { name: 'Back to the inbox' });
      if (await back.isVisible()) await back.click();
      await visitor.page.getByRole('button', { name: 'Developer drawer' }).click();
      await visitor.page.getByRole('heading', { name: 'On the wire' }).waitFor();
    },
  ],
];

describeInBrowser('everybody can use the demo', () => {
  const { visit } = demoScene();

  /** What axe finds wrong on the page as it is: of the dark one, what its colours can change. */
  async function violations({ page }: Visitor): Promise<readonly string[]> {
    const found: string[] = [];
    await page.evaluate(AXE);
    for (const [colorScheme, options] of [
      ['light', '{}'],
      ['dark', OF_COLOURS],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = (await page.evaluate(`axe.run(${options})`)) as AxeResults;
      for (const { id, nodes } of violations)
        found.push(...nodes.map(({ target }) => `${colorScheme}: ${id} at ${target.join(' ')}`));
    }
    return found;
  }

  test.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('axe finds nothing wrong on %s, in light and in dark', async (_, options) => {
    const visitor = await visit('', options);
    for (const [view, reach] of VIEWS) {
      await reach(visitor);
      expect(await violations(visitor), view).toEqual([]);
    }
  });
});
