import { Alarm, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { MetricName } from './metrics.ts';

export interface AlarmsProps {
  readonly metrics: Readonly<Record<MetricName, IMetric>>;
  /** @default nobody is told */
  readonly alarmTopicArn?: string;
}

type Rule = { readonly metric: MetricName; readonly atLeast: number; readonly means: string };

/** Eleven metrics in all, one more than CloudWatch's free tier covers. `atLeast` counts within five minutes. */
const RULES: Readonly<Record<string, Rule>> = {
  Faults: { metric: 'faults', atLeast: 5, means: 'Handlers log unexpected errors: clients get INTERNAL.' },
  SocketErrors: {
    metric: 'socketErrors',
    atLeast: 5,
    means: 'WebSocket routes crash, time out or are throttled.',
  },
  HttpErrors: { metric: 'httpErrors', atLeast: 5, means: 'REST requests are answered with 5xx.' },
  TaskErrors: { metric: 'taskErrors', atLeast: 5, means: 'The task consumer crashes or times out.' },
  // It runs once a minute, and is tried twice more.
  SweepErrors: {
    metric: 'sweepErrors',
    atLeast: 3,
    means: 'Heartbeats fail: idle Socket.IO clients lose their connections.',
  },
  // Seconds. A task may be meant to wait 15 minutes, the longest delay SQS knows.
  TaskDelay: { metric: 'taskDelay', atLeast: 1200, means: 'Tasks come later than they are worked off.' },
  DeadLetters: { metric: 'deadLetters', atLeast: 1, means: 'A task failed every time and was set aside.' },
  Throttles: { metric: 'throttles', atLeast: 1, means: 'The account has no Lambda concurrency left.' },
  TableThrottles: {
    metric: 'tableThrottles',
    atLeast: 5,
    means: 'DynamoDB throttles: a partition is too hot.',
  },
};

/** Wakes somebody when messages are at risk. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { metrics, alarmTopicArn }: AlarmsProps) {
    super(scope, id);
    const action = alarmTopicArn && new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
    for (const [name, { metric, atLeast, means }] of Object.entries(RULES)) {
      const alarm = new Alarm(this, name, {
        metric: metrics[metric],
        alarmDescription: means,
        threshold: atLeast,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (action) alarm.addAlarmAction(action);
    }
  }
}
