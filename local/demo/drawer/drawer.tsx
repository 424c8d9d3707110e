import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useConversations } from '../../../client/react/index.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { DIALECT_NAMES, type DialectName, type Named } from './dialects.ts';
import type { FrameLog } from './frame-log.ts';
import { Lane } from './lane.tsx';
import type { Wire } from './observe.ts';
import { observeSdk } from './observe-sdk.ts';
import { observeShim } from './observe-shim.ts';
import { observeStock } from './observe-stock.ts';
import { useObserver } from './use-observer.ts';

type Props = {
  readonly conversationId: string | undefined;
  /** What goes by on the page's own connection. */
  readonly frames: FrameLog;
  readonly close: () => void;
};

const WIRE_NAMES: Readonly<Record<Wire, string>> = {
  both: 'long-polling, then WebSocket',
  websocket: 'WebSocket',
  polling: 'long-polling',
};

/** What goes over the wires: the page's own client, and three of the same person side by side in a dialect to choose. */
export function Drawer({ conversationId, frames, close }: Props) {
  const [dialect, setDialect] = useState<DialectName>('booking');
  const [wire, setWire] = useState<Wire>('both');
  const aim = { dialect, wire, named: useNamed(conversationId) };
  const sdk = useObserver(observeSdk, aim);
  const shim = useObserver(observeShim, aim);
  const stock = useObserver(observeStock, aim);
  const heading = useGoingInto();
  const closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') close();
  };
  return (
    <section className="drawer" id="drawer" aria-labelledby="drawer-title" onKeyDown={closeOnEscape}>
      <header className="drawer-header">
        <h2 id="drawer-title" ref={heading} tabIndex={-1}>
          On the wire
        </h2>
        <div className="choices">
          <Choice label="Dialect" value={dialect} choose={setDialect} options={DIALECT_NAMES} />
          <Choice label="Stock client over" value={wire} choose={setWire} options={WIRE_NAMES} />
        </div>
        <IconButton icon="close" label="Close the drawer" onClick={close} />
      </header>
      {aim.named === undefined && (
        <p className="drawer-hint">Open a conversation: these clients join it, and say something there.</p>
      )}
      <div className="lanes">
        <Lane title="This page" module="parley/client" dialect="conversation" log={frames} />
        <Lane title="SDK" module="parley/client" dialect={dialect} {...sdk} />
        <Lane title="Shim" module="parley/socket.io" dialect={dialect} {...shim} />
        <Lane title="Stock client" module="socket.io-client" dialect={dialect} {...stock} />
      </div>
    </section>
  );
}

type ChoiceProps<Value extends string> = {
  readonly label: string;
  readonly value: Value;
  readonly choose: (value: Value) => void;
  readonly options: Readonly<Record<Value, string>>;
};

function Choice<Value extends string>({ label, value, choose, options }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <span className="choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => choose(target.value as Value)}>
        {Object.entries<string>(options).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Who opens the drawer goes on at its heading, and who closes it where they were before. */
function useGoingInto() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return heading;
}

function useNamed(conversationId: string | undefined): Named | undefined {
  const { conversations } = useConversations();
  const summary = conversations.find((one) => one.conversationId === conversationId);
  return summary && { conversationId: summary.conversationId, bookingId: summary.bookingId };
}
