import { Duration } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerFunction } from './handler-function.ts';

/** Tries before a task is set aside for the operator. */
const MAX_RECEIVES = 5;

/**
 * Batches worked on at once, so that one broadcast leaves the conversations enough of the account's callback
 * requests (10,000/s, shared by all APIs of the region).
 */
const MAX_CONCURRENCY = 20;

/** Work that outlasts its request: fan-out to many receivers, and what falls due later. */
export class TaskQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** How long the consumer may take over a batch. */
  readonly taskTimeout = Duration.seconds(60);

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // At least six times the consumer's: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * this.taskTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }

  grantEnqueue(grantee: IGrantable): Grant {
    return this.queue.grant(grantee, 'sqs:SendMessage');
  }

  /** Feeds the consumer, which answers with the tasks of a batch that failed: only these are tried again. */
  feed(consumer: HandlerFunction): void {
    const source = new SqsEventSource(this.queue, {
      batchSize: 10,
      maxConcurrency: MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    });
    consumer.lambda.addEventSource(source);
  }
}
