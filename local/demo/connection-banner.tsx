import { useEffect, useState } from 'react';
import { useConnection, useParley } from '../../client/react/index.ts';
import type { ConnectionState } from '../../client/sdk/types.ts';
import { Icon, type IconName } from './ui/icon.tsx';

type Word = {
  readonly kind: 'lost' | 'back';
  readonly icon: IconName;
  readonly text: string;
  /** Before it is worth saying, in ms. */
  readonly after?: number;
  /** For how long it is, in ms; without it, for as long as it is true. */
  readonly during?: number;
};

const SLOW: Word = { kind: 'lost', icon: 'cloudOff', text: 'Connecting…', after: 3_000 };
const LOST: Word = {
  kind: 'lost',
  icon: 'cloudOff',
  text: 'Connection lost. What you write is kept, and sent when it is back.',
};
const BACK: Word = { kind: 'back', icon: 'check', text: 'Connected again', during: 2_500 };

/** Says that the connection is lost, for as long as it is, and then that it is back, for a moment. */
export function ConnectionBanner() {
  const connection = useConnection();
  const client = useParley();
  const [wasLost, setLost] = useState(false);
  if (connection.status === 'offline' && !wasLost) setLost(true);
  const word = wordFor(connection, wasLost);
  const isDue = useIsDue(word);
  return (
    <div className="banner" role="status">
      {word && isDue && (
        <p className={`banner-line ${word.kind}`}>
          <Icon name={word.icon} />
          {word.text}
          {connection.status === 'closed' && (
            <button type="button" className="link-button" onClick={() => client.connect()}>
              Try again
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function wordFor({ status, error }: ConnectionState, wasLost: boolean): Word | undefined {
  switch (status) {
    case 'connecting':
      return SLOW;
    case 'offline':
      return LOST;
    case 'online':
      return wasLost ? BACK : undefined;
    case 'closed':
      return error && { kind: 'lost', icon: 'warning', text: error.message };
  }
}

/** Whether a word's time has come, and has not passed. */
function useIsDue(word: Word | undefined): boolean {
  const { after = 0, during, text = '' } = word ?? {};
  const [due, setDue] = useState<string>();
  useEffect(() => {
    const begin = setTimeout(() => setDue(text), after);
    const end = during === undefined ? undefined : setTimeout(() => setDue(undefined), after + during);
    return () => {
      clearTimeout(begin);
      clearTimeout(end);
    };
  }, [text, after, during]);
  return due === text;
}
