import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface AccessLogProps {
  /** Last part of the log group's name. */
  readonly name: string;
  readonly retention: RetentionDays;
  /** `$context` variables to log: never the query string, which may hold a token. */
  readonly fields: readonly string[];
}

/** One JSON line for each request to a stage. */
export class AccessLog extends Construct {
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, props: AccessLogProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      // Log groups named so share one entry of the account's log resource policy, which holds 5,120 characters:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/${props.name}`,
      retention: props.retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const format = Object.fromEntries(props.fields.map((field) => [field, `$context.${field}`]));
    this.settings = {
      destination: new LogGroupLogDestination(logGroup),
      format: AccessLogFormat.custom(JSON.stringify(format)),
    };
  }
}
