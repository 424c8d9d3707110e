import type { Statistics } from '../../lambdas/core/statistics.ts';
import type { Partitions } from './memory-log.ts';

/** How much there is in memory: it is counted when asked for. */
export function memoryStatistics(partitions: Partitions): Statistics {
  return {
    totals: async () => {
      const places = [...partitions.values()].flatMap((one) => [...one.places.values()]);
      const messages = places.filter((place) => 'seq' in place).length;
      return { conversations: partitions.size, messages };
    },
    settle: async () => undefined,
  };
}
