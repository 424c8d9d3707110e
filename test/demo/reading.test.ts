import { expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { demoScene, PHONE } from './scene.ts';
import { PATIENCE, type Visitor } from './visitor.ts';

const HAIRCUT = 'Haircut and beard trim';
const STYLING = 'Wedding styling';

describeInBrowser('what is read and written in the demo', () => {
  const { visit } = demoScene();

  async function annAndBen(): Promise<readonly [Visitor, Visitor]> {
    const [ann, ben] = await Promise.all([visit('ann'), visit('ben')]);
    await Promise.all([ann.open(HAIRCUT), ben.open(HAIRCUT)]);
    return [ann, ben];
  }

  const story = (name: string) => `${name}${'\n'.repeat(40)}The end.`;

  test('more unread than can be seen opens where it begins, and is read when its end was seen', async () => {
    const [ann, ben] = await annAndBen();
    await ben.open(STYLING);
    await ann.say(story('The first chapter'));
    await ann.say(story('The second chapter'));
    await ben.expectUnread(HAIRCUT, 2);
    await ben.open(HAIRCUT);
    await expect.poll(() => isInSight(ben, '.unread-line'), PATIENCE).toBe(true);
    const receipt = ann.message('The second chapter').locator('.receipt');
    expect(await receipt.getAttribute('data-read')).toBe('false');
    await ben.page.getByRole('button', { name: '2 new messages' }).click();
    await expect.poll(() => receipt.getAttribute('data-read'), PATIENCE).toBe('true');
  });

  test('who writes while they read further up sees what they have written', async () => {
    const [ann, ben] = await annAndBen();
    await ben.say(story('Once upon a time'));
    await ann.message('Once upon a time').waitFor();
    await ann.page.locator('.scroller').evaluate((list) => list.scrollTo(0, 0));
    await ann.page.locator('.pill').waitFor();
    await ann.say('And then?');
    await ann.message('And then?').getByText('Sent').waitFor({ state: 'attached' });
    await expect.poll(() => isInSight(ann, '.message:last-child .meta'), PATIENCE).toBe(true);
  });

  test('what is being written waits for one who looks elsewhere, and comes through an edit', async () => {
    const ben = await visit('ben');
    await ben.open(HAIRCUT);
    await ben.say('To be corected');
    await ben.message('To be corected').getByText('Sent').waitFor({ state: 'attached' });
    await ben.field.fill('Half a sent');
    await ben.open(STYLING);
    expect(await ben.field.inputValue()).toBe('');
    await ben.open(HAIRCUT);
    expect(await ben.field.inputValue()).toBe('Half a sent');
    await ben.choose('To be corected', 'Edit');
    await ben.say('To be corrected');
    await ben.message('To be corrected').getByText('Edited').waitFor();
    await ben.choose('To be corrected', 'Edit');
    expect(await ben.field.inputValue()).toBe('To be corrected');
    await ben.field.press('Escape');
    expect(await ben.field.inputValue()).toBe('Half a sent');
  });

  test('what the server refuses says why, and can be discarded', async () => {
    const ann = await visit('ann');
    await ann.open(HAIRCUT);
    await ann.say('A bell: \u0007');
    await ann.sees(/Not sent: .*control characters/);
    await ann.page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => ann.said('A bell'), PATIENCE).toEqual([]);
  });

  test('an address of no conversation says so, and has nothing to write in', async () => {
    const { page } = await visit('ann/nonsense');
    await page.getByRole('heading', { name: 'There is no such conversation' }).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });

  test('on a phone the inbox says too that the connection is lost', async () => {
    const ann = await visit('ann', PHONE);
    await ann.row(HAIRCUT).waitFor();
    await ann.context.setOffline(true);
    await ann.sees(/Connection lost|Connecting/);
  });

  test('nothing in a notification is wider than its panel', async () => {
    const ann = await visit('ann');
    await ann.row(HAIRCUT).waitFor();
    await ann.page.route(/api\/notifications/, (route) =>
      route.fulfill({ json: { success: true, data: { notifications: [WIDE], unreadCount: 1 } } }),
    );
    await ann.page.reload();
    await ann.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
    const list = ann.page.locator('.notifications');
    expect(await list.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
});

const WIDE = {
  ...{ id: 'wide', type: 'news', title: 'W'.repeat(80), message: 'w'.repeat(200) },
  ...{ isRead: false, createdAt: '2026-02-09T10:30:00.000Z' },
};

/** Whether an element is within the list's window. */
function isInSight({ page }: Visitor, selector: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const element = [...document.querySelectorAll(wanted)].at(-1)?.getBoundingClientRect();
    const list = document.querySelector('.scroller')?.getBoundingClientRect();
    return !!element && !!list && element.top >= list.top && element.bottom <= list.bottom;
  }, selector);
}
