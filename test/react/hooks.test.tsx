// @vitest-environment jsdom

import { act, cleanup, fireEvent, render, renderHook, screen } from '@testing-library/react';
import { type ReactNode, startTransition, useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ParleyProvider,
  useConnection,
  useConversation,
  useConversations,
  useNotifications,
  useParley,
  usePresence,
  useTyping,
} from '../../client/react/index.ts';
import { FakeClient, message } from './fake-client.ts';

const NAME = { conversationId: 'c1' } as const;

let client: FakeClient;

beforeEach(() => {
  client = new FakeClient();
  lookAway(false);
});

afterEach(cleanup);

function Provided({ children }: { readonly children?: ReactNode }) {
  return <ParleyProvider client={client}>{children}</ParleyProvider>;
}

const provided = { wrapper: Provided };

/** Another window takes the keyboard, or gives it back. */
function lookAway(isAway: boolean): void {
  vi.spyOn(document, 'hasFocus').mockReturnValue(!isAway);
  window.dispatchEvent(new Event(isAway ? 'blur' : 'focus'));
}

describe('the provider', () => {
  test('gives its client', () => {
    expect(renderHook(useParley, provided).result.current).toBe(client);
  });

  test('is asked for in words where it is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(useConnection)).toThrow('<ParleyProvider client={…}>');
  });

  test('with another client shows what that one knows', () => {
    const { result, rerender } = renderHook(useConnection, provided);
    client = new FakeClient();
    client.connection.set({ status: 'offline' });
    rerender();
    expect(result.current.status).toBe('offline');
  });
});

describe('a hook', () => {
  test('shows what its store holds, and follows it', () => {
    const { result } = renderHook(() => [useConnection(), useConversations(), useNotifications()], provided);
    act(() => {
      client.connection.set({ status: 'offline' });
      client.conversations.set({ unreadCount: 3 });
      client.notifications.set({ unreadCount: 2 });
    });
    expect(result.current).toMatchObject([{ status: 'offline' }, { unreadCount: 3 }, { unreadCount: 2 }]);
  });

  test('renders once for a change, and not at all where there is none', () => {
    let renders = 0;
    renderHook(() => {
      renders += 1;
      return useConversation(NAME);
    }, provided);
    act(() => client.conversation(NAME).set({ messages: [message(1)] }));
    expect(renders).toBe(2);
    act(() => client.conversation(NAME).tell());
    expect(renders).toBe(2);
  });

  test('is subscribed while mounted alone, StrictMode’s second mounting included', () => {
    const all = () => {
      useConversation(NAME);
      useTyping(NAME);
      usePresence(['ben']);
      useConnection();
      useConversations();
      useNotifications();
    };
    const { unmount } = renderHook(all, { ...provided, reactStrictMode: true });
    const { connection, conversations, notifications } = client;
    const stores = [connection, conversations, notifications, client.watching(['ben'])];
    expect(stores.map(({ subscribers }) => subscribers)).toEqual([1, 1, 1, 1]);
    expect(client.conversation(NAME).subscribers).toBe(2);
    // Said by the first mounting’s end.
    expect(client.conversation(NAME).setTyping).toHaveBeenCalledExactlyOnceWith(false);
    unmount();
    expect([...stores, client.conversation(NAME)].map(({ subscribers }) => subscribers)).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  test('shows no two states of one store at once, though a rendering is interrupted', () => {
    const shown: string[] = [];
    const Status = ({ label }: { readonly label: string }) => {
      const { status } = useConnection();
      shown.push(`${label} ${status}`);
      return <p>{`${label} ${status}`}</p>;
    };
    const Page = () => {
      const [count, setCount] = useState(1);
      return (
        <>
          <button type="button" onClick={() => startTransition(() => setCount(3))}>
            more
          </button>
          {Array.from({ length: count }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: They are told apart by their places alone.
            <Status key={index} label={`${index}`} />
          ))}
        </>
      );
    };
    render(<Page />, provided);
    act(() => {
      fireEvent.click(screen.getByText('more'));
      client.connection.set({ status: 'offline' });
    });
    expect(screen.getAllByText(/offline/).map(({ textContent }) => textContent)).toEqual([
      '0 offline',
      '1 offline',
      '2 offline',
    ]);
    expect(screen.queryByText(/online/)).toBeNull();
  });
});

describe('useConversation', () => {
  test('shows messages as they are sent, stored and refused, and does what it is told to', async () => {
    const { result } = renderHook(() => useConversation(NAME), provided);
    const store = client.conversation(NAME);
    await result.current.send({ content: 'Hello' });
    expect(store.send).toHaveBeenCalledWith({ content: 'Hello' });
    const own = { sender: { userId: 'ann', name: 'Ann' }, clientMessageId: 'x' };
    for (const status of ['sending', 'failed'] as const) {
      act(() => store.set({ messages: [message(1, { ...own, status })] }));
      expect(result.current.messages).toMatchObject([{ status }]);
    }
    await result.current.retry('x');
    result.current.discard('x');
    await result.current.loadOlder();
    result.current.setTyping(true);
    await result.current.edit('c1.1', 'Hi');
    await result.current.remove('c1.1');
    await result.current.react('c1.1', '👍', false);
    expect(store.retry).toHaveBeenCalledWith('x');
    expect(store.discard).toHaveBeenCalledWith('x');
    expect(store.loadOlder).toHaveBeenCalledOnce();
    expect(store.setTyping).toHaveBeenCalledWith(true);
    expect(store.edit).toHaveBeenCalledWith('c1.1', 'Hi');
    expect(store.remove).toHaveBeenCalledWith('c1.1');
    expect(store.react).toHaveBeenCalledWith('c1.1', '👍', false);
  });

  test('keeps its functions and its conversation while the name says the same', () => {
    const { result, rerender } = renderHook(
      ({ id }: { readonly id: string }) => useConversation({ conversationId: id }),
      { ...provided, initialProps: { id: 'c1' } },
    );
    const { send } = result.current;
    rerender({ id: 'c1' });
    expect(result.current.send).toBe(send);
    expect(client.opened.size).toBe(1);
    rerender({ id: 'c2' });
    expect(result.current.send).not.toBe(send);
    expect(client.conversation(NAME).subscribers).toBe(0);
    expect(client.conversation({ conversationId: 'c2' }).subscribers).toBe(1);
  });

  test('marks as read what is looked at, once for each that comes', () => {
    renderHook(() => useConversation(NAME), provided);
    const { markRead } = client.conversation(NAME);
    expect(markRead).not.toHaveBeenCalled();
    act(() => client.conversation(NAME).set({ messages: [message(1)] }));
    expect(markRead).toHaveBeenCalledTimes(1);
    act(() => client.conversation(NAME).set({ typing: ['ben'] }));
    expect(markRead).toHaveBeenCalledTimes(1);
    act(() => client.conversation(NAME).set({ messages: [message(1), message(2)] }));
    expect(markRead).toHaveBeenCalledTimes(2);
  });

  test('marks nothing as read while nobody looks, and all of it when somebody does again', () => {
    lookAway(true);
    renderHook(() => useConversation(NAME), provided);
    const { markRead } = client.conversation(NAME);
    act(() => client.conversation(NAME).set({ messages: [message(1)] }));
    expect(markRead).not.toHaveBeenCalled();
    act(() => lookAway(false));
    expect(markRead).toHaveBeenCalledOnce();
  });

  test('marks nothing as read that is not in view', () => {
    const { rerender } = renderHook(
      ({ isInView }: { readonly isInView: boolean }) => useConversation(NAME, { isInView }),
      { ...provided, initialProps: { isInView: false } },
    );
    const { markRead } = client.conversation(NAME);
    act(() => client.conversation(NAME).set({ messages: [message(1)] }));
    expect(markRead).not.toHaveBeenCalled();
    rerender({ isInView: true });
    expect(markRead).toHaveBeenCalledOnce();
  });
});

describe('useTyping', () => {
  test('says who types, and renders for nothing else', () => {
    let renders = 0;
    const { result } = renderHook(() => {
      renders += 1;
      return useTyping(NAME);
    }, provided);
    act(() => client.conversation(NAME).set({ typing: ['ben'] }));
    expect([result.current.typing, renders]).toEqual([['ben'], 2]);
    act(() => client.conversation(NAME).set({ typing: ['ben'], messages: [message(1)] }));
    expect(renders).toBe(2);
  });

  test('stops one’s own typing when the page is left', () => {
    const { result, unmount } = renderHook(() => useTyping(NAME), provided);
    const { setTyping } = client.conversation(NAME);
    result.current.setTyping(true);
    expect(setTyping).toHaveBeenLastCalledWith(true);
    unmount();
    expect(setTyping).toHaveBeenLastCalledWith(false);
  });
});

describe('usePresence', () => {
  test('watches the same people, in whatever order and list they are named', () => {
    const { result, rerender } = renderHook(({ ids }: { readonly ids: string[] }) => usePresence(ids), {
      ...provided,
      initialProps: { ids: ['ben', 'ann'] },
    });
    act(() => client.watching(['ann', 'ben']).set({ ben: 'online' }));
    expect(result.current).toEqual({ ben: 'online' });
    rerender({ ids: ['ann', 'ben', 'ann'] });
    expect([...client.watched.keys()]).toEqual(['ann,ben']);
    rerender({ ids: ['cleo'] });
    expect(client.watching(['ann', 'ben']).subscribers).toBe(0);
  });
});

describe('useNotifications', () => {
  test('marks one, or all, as read', async () => {
    const { result } = renderHook(useNotifications, provided);
    await result.current.markRead('n1');
    await result.current.markAllRead();
    expect(client.notifications.markRead).toHaveBeenCalledWith('n1');
    expect(client.notifications.markAllRead).toHaveBeenCalledOnce();
  });
});
