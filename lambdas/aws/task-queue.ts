import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Tasks } from '../core/ports.ts';

/** The task queue on SQS: a standard queue, so a task may come twice and in any order. */
export function taskQueue(queueUrl: string): Tasks {
  const client = new SQSClient({});
  return {
    enqueue: async (task, delaySeconds = 0) => {
      const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(task), DelaySeconds: delaySeconds };
      await client.send(new SendMessageCommand(message));
    },
  };
}
