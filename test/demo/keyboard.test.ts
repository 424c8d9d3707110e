import { expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { demoScene, PHONE } from './scene.ts';
import { PATIENCE, type Visitor } from './visitor.ts';

const HAIRCUT = 'Haircut and beard trim';

/** Who uses the keyboard, or a screen reader, is never put back to the top of the page. */
describeInBrowser('the keyboard goes on where one is', () => {
  const { visit } = demoScene();

  async function ann(options = {}): Promise<Visitor> {
    const visitor = await visit('ann', options);
    await visitor.open(HAIRCUT);
    return visitor;
  }

  const options = ({ page }: Visitor) => page.getByRole('button', { name: /^Options/ }).last();
  const button = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true });

  test('when somebody signs in, and out', async () => {
    const { page } = await visit('');
    await page.getByRole('link', { name: /Ann Archer/ }).press('Enter');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page), PATIENCE).toBe('Skip to the conversation');
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await expect.poll(() => focused(page), PATIENCE).toBe('Who would you like to be?');
  });

  test('in what a button opens, and back at the button; leaving it closes it', async () => {
    const visitor = await ann();
    const { page } = visitor;
    await button(visitor, 'Attach a link').press('Enter');
    await page.getByRole('textbox', { name: 'Address' }).press('Escape');
    expect(await focused(page)).toBe('Attach a link');
    await options(visitor).press('Enter');
    await expect.poll(() => focused(page), PATIENCE).toBe('Thumbs up');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await page.getByRole('group', { name: 'Message' }).count()).toBe(0);
    await page.getByRole('button', { name: /^Notifications/ }).press('Enter');
    await page.getByRole('button', { name: 'Mark all as read' }).press('Enter');
    expect(await focused(page)).toBe('Notifications');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toMatch(/^Notifications/);
  });

  test('in the field, when something is attached to a message or taken off again', async () => {
    const visitor = await ann();
    const { page } = visitor;
    await button(visitor, 'Attach a link').press('Enter');
    await page.getByRole('textbox', { name: 'Address' }).fill('https://example.com/plan.pdf');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toMatch(/^Write a message/);
    await button(visitor, 'Remove plan.pdf').press('Enter');
    expect(await focused(page)).toMatch(/^Write a message/);
  });

  test('at a message that is deleted, which is asked once more', async () => {
    const visitor = await ann();
    const { page } = visitor;
    await visitor.say('To be taken back');
    await visitor.message('To be taken back').getByText('Sent').waitFor({ state: 'attached' });
    await options(visitor).press('Enter');
    await button(visitor, 'Delete').press('Enter');
    expect(await focused(page)).toBe('Delete for everyone?');
    await page.keyboard.press('Enter');
    await page.locator('.bubble.gone').waitFor();
    expect(await page.locator('.message:focus .bubble.gone').count()).toBe(1);
  });

  test.each([
    ['a desktop', {}],
    ['a phone', PHONE],
  ])('in the developer drawer, from within a conversation on %s', async (_, device) => {
    const visitor = await ann(device);
    const { page } = visitor;
    await button(visitor, 'Developer drawer').press('Enter');
    await expect.poll(() => focused(page), PATIENCE).toBe('On the wire');
    await page.getByRole('region', { name: 'Shim' }).getByText('joinBooking').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page), PATIENCE).toBe('Developer drawer');
    expect(await page.locator('.drawer').count()).toBe(0);
  });
});

/** What has the focus, by its label or its text. */
function focused(page: Visitor['page']): Promise<string | undefined> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? undefined;
  });
}
