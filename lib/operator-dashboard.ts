import { Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from './metrics.ts';

export interface OperatorDashboardProps {
  readonly metrics: Readonly<Record<MetricName, IMetric>>;
}

type Panel = {
  readonly title: string;
  readonly left: readonly MetricName[];
  readonly right?: readonly MetricName[];
};

/** Row by row: the traffic, how it fares, what lies below it. */
const ROWS: readonly (readonly Panel[])[] = [
  [
    { title: 'Connections', left: ['connects'] },
    { title: 'Messages', left: ['frames'], right: ['refusedFrames'] },
    { title: 'Requests', left: ['requests'], right: ['refusedRequests'] },
  ],
  [
    { title: 'Errors', left: ['faults', 'socketErrors', 'httpErrors', 'taskErrors', 'sweepErrors'] },
    { title: 'Latency', left: ['socketLatency', 'httpLatency'] },
    { title: 'Lambdas', left: ['concurrency'], right: ['throttles'] },
  ],
  [
    { title: 'DynamoDB', left: ['readUnits', 'writeUnits'], right: ['tableThrottles'] },
    { title: 'Tasks', left: ['taskDelay'] },
    { title: 'Dead letters', left: ['deadLetters'] },
  ],
];

/** One page that answers “is the chat well?”. */
export class OperatorDashboard extends Construct {
  constructor(scope: Construct, id: string, { metrics }: OperatorDashboardProps) {
    super(scope, id);
    const pick = (names: readonly MetricName[] = []) => names.map((name) => metrics[name]);
    new Dashboard(this, 'Dashboard', {
      dashboardName: Stack.of(this).stackName,
      widgets: ROWS.map((row) =>
        row.map(
          ({ title, left, right }) =>
            new GraphWidget({ title, left: pick(left), right: pick(right), width: 8 }),
        ),
      ),
    });
  }
}
