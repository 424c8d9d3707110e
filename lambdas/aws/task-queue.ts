import type { Ports, Tasks } from '../core/ports.ts';
import { callService } from './json-service.ts';

/** The task queue on SQS: a standard queue, so a task may come twice and in any order. */
export function taskQueue(
  queueUrl: string,
  region: string,
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
): Tasks {
  return {
    enqueue: async (task, delaySeconds = 0) => {
      const { origin } = new URL(queueUrl);
      const service = { name: 'sqs', origin, region, version: '1.0', clock, random } as const;
      const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(task), DelaySeconds: delaySeconds };
      await callService(service, 'AmazonSQS.SendMessage', message);
    },
  };
}
