import type { Task } from '../../lambdas/core/ports.ts';
import { schedulesContract } from '../contracts/schedules.contract.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { takeDue } from '../fakes/memory-schedules.ts';

schedulesContract(async () => {
  const { ports, clock, armed } = memoryPorts();
  const done: Task[] = [];
  const pass = async (ms: number) => {
    clock.pass(ms);
    done.push(...takeDue(armed, clock.now()).map(({ task }) => task));
  };
  return { schedules: ports.schedules, now: () => clock.now(), pass, done };
});
