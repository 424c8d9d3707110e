import type { BrowserContext, Locator, Page, WebSocketRoute } from 'playwright-core';
import { expect } from 'vitest';

/** How long something may take on a busy machine before it counts as not happening. */
export const PATIENCE = { timeout: 30_000, interval: 50 } as const;

/** What the browser itself says of a connection that is refused, or cannot be made while there is no network. */
const OF_THE_NETWORK = /WebSocket connection to|net::ERR_|Failed to load resource/;

/** Somebody in front of the demo's page. */
export class Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console complained of. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.context = page.context();
    page.setDefaultTimeout(PATIENCE.timeout);
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' || message.type() === 'warning';
      if (isComplaint && !OF_THE_NETWORK.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  row(title: string): Locator {
    return this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: title });
  }

  /** Opens a conversation from the inbox, and waits for what was said in it. */
  async open(title: string): Promise<void> {
    await this.row(title).click();
    await this.page.locator('.row[aria-current]', { hasText: title }).waitFor({ state: 'attached' });
    await this.page.locator('.bubble').first().waitFor();
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: 'Write a message' });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  message(text: string): Locator {
    return this.page.locator('.message', { has: this.page.locator('.text', { hasText: text }) });
  }

  /** What is in the list, in its order, of the texts that begin so. */
  async said(beginning: string): Promise<readonly string[]> {
    const texts = await this.page.locator('.message .text').allTextContents();
    return texts.filter((text) => text.startsWith(beginning));
  }

  /** Does something with a message that stands behind its button. */
  async choose(text: string, option: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text)
      .getByRole('button', { name: /^Options/ })
      .click();
    await this.page.getByRole('group', { name: 'Message' }).getByRole('button', { name: option }).click();
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** How much of a conversation is unread, as the inbox says. */
  async unread(title: string): Promise<number> {
    const badge = this.row(title).locator('.badge');
    return (await badge.count()) === 0 ? 0 : Number.parseInt((await badge.textContent()) ?? '', 10);
  }

  async expectUnread(title: string, count: number): Promise<void> {
    await expect.poll(() => this.unread(title), PATIENCE).toBe(count);
  }

  /**
   * Loads the page again behind a network whose WebSockets alone can be cut: unlike a browser that is offline, it can be
   * reloaded meanwhile.
   */
  async ownNetwork(): Promise<{ readonly cut: () => void; readonly mend: () => void }> {
    const sockets = new Set<WebSocketRoute>();
    let isCut = false;
    await this.page.routeWebSocket(/.*/, (socket) => {
      if (isCut) return void socket.close();
      sockets.add(socket);
      socket.connectToServer();
    });
    await this.page.reload();
    // What was said comes over the connection.
    await this.page.locator('.bubble').first().waitFor();
    const cut = () => {
      isCut = true;
      for (const socket of sockets) void socket.close();
    };
    const mend = () => {
      isCut = false;
    };
    return { cut, mend };
  }
}
