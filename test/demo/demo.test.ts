import { expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { demoScene, PHONE } from './scene.ts';
import { PATIENCE, type Visitor } from './visitor.ts';

const HAIRCUT = 'Haircut and beard trim';
const STYLING = 'Wedding styling';

describeInBrowser('the demo in a browser', () => {
  const { visit, clock } = demoScene();

  /** The client and the business owner, both in the conversation of the booking. */
  async function annAndBen(): Promise<readonly [Visitor, Visitor]> {
    const [ann, ben] = await Promise.all([visit('ann'), visit('ben')]);
    await Promise.all([ann.open(HAIRCUT), ben.open(HAIRCUT)]);
    return [ann, ben];
  }

  test('one signs in as one of the sample people, and finds their inbox', async () => {
    const visitor = await visit();
    await visitor.page.getByRole('link', { name: /Ben Barber/ }).click();
    for (const title of [HAIRCUT, STYLING, 'Colour consultation']) await visitor.row(title).waitFor();
    await visitor.expectUnread(STYLING, 1);
    await visitor.page.getByRole('button', { name: 'Sign out' }).click();
    await visitor.page.getByRole('heading', { name: 'Who would you like to be?' }).waitFor();
  });

  test('two people chat: they see each other there, typing, and what was read', async () => {
    const [ann, ben] = await annAndBen();
    await ann.page.locator('.conversation-header').getByText('Online').first().waitFor();
    await ann.field.pressSequentially('Is the door');
    await ben.sees('Ann Archer is typing');
    await ann.say('Is the door open already?');
    await ben.message('Is the door open already?').waitFor();
    await expect.poll(() => ben.page.getByText('is typing').count(), PATIENCE).toBe(0);
    await ann.message('Is the door open already?').getByText(/^Read/).waitFor({ state: 'attached' });
    await ben.say('From eight on.');
    await ann.message('From eight on.').waitFor();
  });

  test('what comes while one is elsewhere counts as unread, until it is looked at', async () => {
    const [ann, ben] = await annAndBen();
    await ben.open(STYLING);
    await ann.say('Unseen, one');
    await ann.say('Unseen, two');
    await ben.expectUnread(HAIRCUT, 2);
    const receipt = ann.message('Unseen, two').locator('.receipt');
    expect(await receipt.getAttribute('data-read')).toBe('false');
    await ben.open(HAIRCUT);
    await ben.page.locator('.unread-line').waitFor();
    await expect.poll(() => receipt.getAttribute('data-read'), PATIENCE).toBe('true');
    await ben.open(STYLING);
    await ben.expectUnread(HAIRCUT, 0);
  });

  test('messages are answered, reacted to, edited and taken back, on both sides', async () => {
    const [ann, ben] = await annAndBen();
    await ann.say('Shall I wash it before?');
    await ben.message('Shall I wash').waitFor();
    await ben.choose('Shall I wash', 'Thumbs up');
    await ann.message('Shall I wash').getByRole('button', { name: /👍/ }).waitFor();
    await ben.choose('Shall I wash', 'Reply');
    await ben.say('We do that here.');
    await ann
      .message('We do that here.')
      .getByRole('button', { name: /Shall I wash/ })
      .waitFor();
    await ann.choose('Shall I wash', 'Edit');
    await ann.page.getByRole('textbox', { name: 'Write a message' }).fill('Shall I comb it before?');
    await ann.page.getByRole('button', { name: 'Save' }).click();
    await ben.message('Shall I comb it before?').getByText('Edited').waitFor();
    await ben.choose('We do that here.', 'Delete');
    await ben.page.getByRole('button', { name: 'Delete for everyone?' }).click();
    await ann.page.locator('.bubble.gone').waitFor();
    expect(await ann.said('We do that')).toEqual([]);
  });

  test('a link goes along as an attachment', async () => {
    const [ann, ben] = await annAndBen();
    await ann.page.getByRole('button', { name: 'Attach a link' }).click();
    await ann.page.getByRole('textbox', { name: 'Address' }).fill('https://example.com/plan.pdf');
    await ann.page.getByRole('textbox', { name: 'Address' }).press('Enter');
    await ann.page.getByRole('button', { name: 'Send' }).click();
    const link = ben.page.getByRole('link', { name: /plan\.pdf/ });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('https://example.com/plan.pdf');
  });

  test('who was offline misses nothing and loses nothing, and nothing comes twice', async () => {
    const [ann, ben] = await annAndBen();
    await ann.context.setOffline(true);
    await ann.sees(/Connection lost/);
    for (const n of [1, 2, 3]) {
      await ann.say(`Storm, Ann ${n}`);
      await ben.say(`Storm, Ben ${n}`);
    }
    await ann.message('Storm, Ann 3').getByText('Sending').waitFor({ state: 'attached' });
    await expect.poll(() => ben.said('Storm'), PATIENCE).toHaveLength(3);
    await ann.context.setOffline(false);
    await expect.poll(() => ben.said('Storm'), PATIENCE).toHaveLength(6);
    await expect.poll(() => ann.said('Storm'), PATIENCE).toEqual(await ben.said('Storm'));
    for (const name of ['Ann', 'Ben'])
      expect(await ann.said(`Storm, ${name}`)).toEqual([1, 2, 3].map((n) => `Storm, ${name} ${n}`));
    await ann.message('Storm, Ann 3').getByText(/^Read/).waitFor({ state: 'attached' });
    await ben.message('Storm, Ben 3').getByText(/^Read/).waitFor({ state: 'attached' });
  });

  test('what could not be sent survives a reload, and is sent once', async () => {
    const [ann, ben] = await annAndBen();
    const network = await ann.ownNetwork();
    network.cut();
    await ann.sees(/Connection lost/);
    await ann.say('Kept, one');
    await ann.say('Kept, two');
    await ann.message('Kept, two').getByText('Sending').waitFor({ state: 'attached' });
    await ann.page.reload();
    await ann.message('Kept, two').getByText('Sending').waitFor({ state: 'attached' });
    expect(await ben.said('Kept')).toEqual([]);
    network.mend();
    await expect.poll(() => ben.said('Kept'), PATIENCE).toEqual(['Kept, one', 'Kept, two']);
    await ann.message('Kept, two').getByText(/^Read/).waitFor({ state: 'attached' });
    expect(await ann.said('Kept')).toEqual(['Kept, one', 'Kept, two']);
  });

  test('who reads further up is not dragged along, and is told of what is new', async () => {
    const [ann, ben] = await annAndBen();
    await ben.say(`A long story${'\n'.repeat(40)}which takes its time`);
    await ann.message('A long story').waitFor();
    const list = ann.page.locator('.scroller');
    await list.evaluate((element) => element.scrollTo(0, 0));
    await ann.page.locator('.pill').waitFor();
    await ben.say('And the end of it.');
    await ann.sees('1 new message');
    expect(await list.evaluate(({ scrollTop }) => scrollTop)).toBeLessThan(200);
    await ann.page.getByRole('button', { name: '1 new message' }).click();
    await expect.poll(() => ann.page.locator('.pill').count(), PATIENCE).toBe(0);
    await ben.message('And the end of it.').getByText(/^Read/).waitFor({ state: 'attached' });
  });

  test('on a phone one goes from the inbox to a conversation and back, with the keyboard as well', async () => {
    const ann = await visit('ann', PHONE);
    await ann.row(HAIRCUT).focus();
    await ann.page.keyboard.press('Enter');
    const heading = ann.page.getByRole('heading', { name: 'Ben Barber', level: 1 });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await ann.row(HAIRCUT).isVisible()).toBe(false);
    await ann.page.getByRole('button', { name: 'Back to the inbox' }).press('Enter');
    await expect
      .poll(() => ann.row(HAIRCUT).evaluate((element) => element === document.activeElement))
      .toBe(true);
  });

  test('the drawer shows the same conversation over three clients, in the dialect and on the wire that were chosen', async () => {
    const [ann, ben] = await annAndBen();
    await ann.page.getByRole('button', { name: 'Developer drawer' }).click();
    const lane = (name: string) => ann.page.getByRole('region', { name, exact: true });
    const clients = ['SDK', 'Shim', 'Stock client'];
    for (const name of clients) await lane(name).getByText('joinBooking').first().waitFor();
    expect(await lane('Shim').getByText('joinBooking', { exact: true }).count()).toBe(1);
    await ben.say('On the wire, one');
    for (const name of clients) await lane(name).getByText('newMessage').first().waitFor();
    await lane('This page').getByText('message:new').first().waitFor();
    await ann.page.getByRole('combobox', { name: 'Dialect' }).selectOption('support');
    await ann.page.getByRole('combobox', { name: 'Stock client over' }).selectOption('long-polling');
    for (const name of clients) {
      await lane(name).getByText('join_conversation').first().waitFor();
      await lane(name)
        .getByRole('button', { name: /Say hello/ })
        .click();
    }
    await expect.poll(() => ben.said('Hello!'), PATIENCE).toHaveLength(3);
    expect(await ann.page.locator('.drawer').textContent()).not.toMatch(/eyJ/);
  });

  test('the reminder of an appointment comes while one looks, and is read on every device', async () => {
    const [ann, elsewhere] = await Promise.all([visit('ann'), visit('ann')]);
    const bell = (visitor: Visitor, unread: number) =>
      visitor.page.getByRole('button', { name: `Notifications, ${unread} unread` });
    await Promise.all([bell(ann, 1).waitFor(), bell(elsewhere, 1).waitFor()]);
    clock.leap(45_000);
    await ann.page
      .locator('.toast')
      .getByText(/Moreno Physiotherapy/)
      .waitFor();
    await bell(elsewhere, 2).click();
    await elsewhere.page.getByRole('button', { name: 'Mark all as read' }).click();
    await ann.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  });
});
