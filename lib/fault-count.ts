import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface FaultCountProps {
  readonly logGroups: readonly ILogGroup[];
}

/**
 * Counts what the handlers log as errors. They answer 200 whatever happens, since a failed invocation makes API Gateway
 * send the client a frame of its own, so the metrics of Lambda and API Gateway do not show a failed verb: this does.
 */
export class FaultCount extends Construct {
  readonly metric: Metric;

  constructor(scope: Construct, id: string, props: FaultCountProps) {
    super(scope, id);
    const name = { metricNamespace: `Parley/${Stack.of(this).stackName}`, metricName: 'Faults' };
    for (const [index, logGroup] of props.logGroups.entries()) {
      const filterPattern = FilterPattern.stringValue('$.level', '=', 'ERROR');
      new MetricFilter(this, `Filter${index}`, { ...name, logGroup, filterPattern });
    }
    const { metricNamespace: namespace, metricName } = name;
    const period = Duration.minutes(5);
    this.metric = new Metric({ namespace, metricName, statistic: Stats.SUM, period, label: 'Faults' });
  }
}
