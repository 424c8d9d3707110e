import { Duration } from 'aws-cdk-lib';
import type { IStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { FaultCount } from './fault-count.ts';
import type { Functions } from './functions.ts';
import type { MessageTable } from './message-table.ts';
import type { TaskQueue } from './task-queue.ts';

export interface MetricSources {
  readonly faults: FaultCount;
  readonly sockets: IStage;
  readonly https: IStage;
  readonly functions: Functions;
  readonly table: MessageTable;
  readonly tasks: TaskQueue;
}

export type MetricName =
  | 'faults'
  | 'connects'
  | 'frames'
  | 'refusedFrames'
  | 'socketErrors'
  | 'socketLatency'
  | 'requests'
  | 'refusedRequests'
  | 'httpErrors'
  | 'httpLatency'
  | 'throttles'
  | 'concurrency'
  | 'sweepErrors'
  | 'taskErrors'
  | 'taskDelay'
  | 'deadLetters'
  | 'readUnits'
  | 'writeUnits'
  | 'tableThrottles';

const PERIOD = Duration.minutes(5);
const SUM = { statistic: Stats.SUM, period: PERIOD };
const MAXIMUM = { statistic: Stats.MAXIMUM, period: PERIOD };
const P99 = { statistic: Stats.percentile(99), period: PERIOD };

/**
 * What an operator watches.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */
export function metricsOf(sources: MetricSources): Readonly<Record<MetricName, IMetric>> {
  const { sockets, https, functions, tasks } = sources;
  const table = sources.table.table;
  return {
    faults: sources.faults.metric,
    connects: sockets.metric('ConnectCount', { ...SUM, label: 'Connects' }),
    frames: sockets.metric('MessageCount', { ...SUM, label: 'Frames in and out' }),
    refusedFrames: sockets.metric('ClientError', { ...SUM, label: 'Refused' }),
    socketErrors: total(
      'Failed',
      sockets.metric('IntegrationError', SUM),
      sockets.metric('ExecutionError', SUM),
    ),
    socketLatency: sockets.metric('IntegrationLatency', { ...P99, label: 'WebSocket p99' }),
    requests: https.metric('Count', { ...SUM, label: 'Requests' }),
    refusedRequests: https.metric('4xx', { ...SUM, label: 'Refused' }),
    httpErrors: https.metric('5xx', { ...SUM, label: 'Failed' }),
    httpLatency: https.metric('Latency', { ...P99, label: 'HTTP p99' }),
    // All are throttled by what the account has left, unless HTTP has a share of its own: the account's metric is ours.
    throttles: Lambda.metricAllThrottles({ ...SUM, label: 'Throttled' }),
    concurrency: Lambda.metricAllConcurrentExecutions({ ...MAXIMUM, label: 'At once' }),
    taskErrors: functions.task.lambda.metricErrors({ ...SUM, label: 'Failed batches' }),
    sweepErrors: functions.sweep.lambda.metricErrors({ ...SUM, label: 'Failed sweeps' }),
    taskDelay: tasks.queue.metricApproximateAgeOfOldestMessage({ ...MAXIMUM, label: 'Oldest task (s)' }),
    deadLetters: tasks.deadLetters.metricApproximateNumberOfMessagesVisible({
      ...MAXIMUM,
      label: 'Set aside',
    }),
    readUnits: table.metricConsumedReadCapacityUnits({ ...SUM, label: 'Read units' }),
    writeUnits: table.metricConsumedWriteCapacityUnits({ ...SUM, label: 'Write units' }),
    tableThrottles: total(
      'Throttled',
      table.metric('ReadThrottleEvents', SUM),
      table.metric('WriteThrottleEvents', SUM),
    ),
  };
}

function total(label: string, a: Metric, b: Metric): IMetric {
  return new MathExpression({ expression: 'a + b', usingMetrics: { a, b }, label, period: PERIOD });
}
