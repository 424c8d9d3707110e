import { afterAll, vi } from 'vitest';

/** The files of a worker share its globals: what one has put in their place goes with it. */
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
