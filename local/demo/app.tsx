import { useCallback, useEffect, useState } from 'react';
import type { DemoConfig } from '../demo-config.ts';
import { usePlace } from './place.ts';
import { loadConfig } from './session/load-config.ts';
import { SignIn } from './session/sign-in.tsx';
import { SignedIn } from './session/signed-in.tsx';
import { Empty } from './ui/empty.tsx';

/** The page: whoever is named in its address, signed in. */
export function App() {
  const config = useConfig();
  const [{ userId, conversationId }, go] = usePlace();
  const signOut = useCallback(() => go({}), [go]);
  if (config === undefined) {
    return (
      <p className="boot" role="status">
        Loading…
      </p>
    );
  }
  if (config === 'unreachable') {
    return (
      <main className="boot">
        <Empty icon="cloudOff" title="The local stack does not answer">
          Start it with npm start: this page goes on by itself.
        </Empty>
      </main>
    );
  }
  const me = config.people.find((person) => person.userId === userId);
  if (!me) return <SignIn people={config.people} />;
  return (
    <SignedIn key={me.userId} session={{ me, config, signOut }} conversationId={conversationId} go={go} />
  );
}

const TRY_AGAIN_MS = 2_000;

function useConfig(): DemoConfig | 'unreachable' | undefined {
  const [config, setConfig] = useState<DemoConfig | 'unreachable'>();
  const isThere = typeof config === 'object';
  useEffect(() => {
    if (isThere) return;
    const load = () => loadConfig().then(setConfig, () => setConfig('unreachable'));
    void load();
    const timer = setInterval(load, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isThere]);
  return config;
}
