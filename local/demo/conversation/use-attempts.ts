import { useCallback, useState } from 'react';

/** Tells of what was attempted and has failed, until something else is attempted. */
export function useAttempts(): readonly [
  failure: string | undefined,
  attempt: (done: Promise<unknown>) => void,
] {
  const [failure, setFailure] = useState<string>();
  const attempt = useCallback((done: Promise<unknown>) => {
    setFailure(undefined);
    done.catch((cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)));
  }, []);
  return [failure, attempt];
}
