import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { HandlerFunction } from './handler-function.ts';

export interface HeartbeatProps {
  readonly sweep: HandlerFunction;
}

/** Invokes the sweep once a minute. A client waits two minutes for a late ping, so a later sweep is of no use. */
export class Heartbeat extends Construct {
  constructor(scope: Construct, id: string, { sweep }: HeartbeatProps) {
    super(scope, id);
    const useful = { maxEventAge: Duration.minutes(2), retryAttempts: 2 };
    sweep.lambda.configureAsyncInvoke(useful);
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweep.lambda, useful)],
    });
  }
}
