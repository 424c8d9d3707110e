import { useEffect, useRef, useState } from 'react';
import { useConversations } from '../../../client/react/index.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { DIALECT_NAMES, type DialectName, type Named } from './dialects.ts';
import type { FrameLog } from './frame-log.ts';
import { Lane } from './lane.tsx';
import { observeShim } from './observe-shim.ts';
import { observeStock } from './observe-stock.ts';
import { useObserver } from './use-observer.ts';

type Props = {
  readonly conversationId: string | undefined;
  /** What goes by on the page's own connection. */
  readonly frames: FrameLog;
  readonly close: () => void;
};

/** What goes over the wires: three clients of the same person side by side, two of them in a dialect to choose. */
export function Drawer({ conversationId, frames, close }: Props) {
  const [dialect, setDialect] = useState<DialectName>('booking');
  const named = useNamed(conversationId);
  const shim = useObserver(observeShim, dialect, named);
  const stock = useObserver(observeStock, dialect, named);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="drawer" id="drawer" aria-labelledby="drawer-title">
      <header className="drawer-header">
        <h2 id="drawer-title" ref={heading} tabIndex={-1}>
          On the wire
        </h2>
        <label className="dialect">
          Dialect
          <select value={dialect} onChange={({ target }) => setDialect(target.value as DialectName)}>
            {DIALECT_NAMES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <IconButton icon="close" label="Close the drawer" onClick={close} />
      </header>
      <div className="lanes">
        <Lane title="This page" module="parley/client" dialect="conversation" log={frames} />
        <Lane title="Shim" module="parley/socket.io" dialect={dialect} {...shim} />
        <Lane title="Stock client" module="socket.io-client" dialect={dialect} {...stock} />
      </div>
    </section>
  );
}

function useNamed(conversationId: string | undefined): Named | undefined {
  const { conversations } = useConversations();
  const summary = conversations.find((one) => one.conversationId === conversationId);
  return summary && { conversationId: summary.conversationId, bookingId: summary.bookingId };
}
