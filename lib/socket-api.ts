import { type IAccessLogSettings, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import { acknowledge, acknowledgeWildcards } from './acknowledge.ts';
import type { HandlerFunction } from './handler-function.ts';

export interface SocketApiProps {
  readonly stageName: string;
  /** Connects and frames a second. */
  readonly throttleRate: number;
  readonly throttleBurst: number;
  readonly detailedMetrics: boolean;
  readonly socketAccessLog: boolean;
  readonly logRetention: RetentionDays;
}

const LOGGED = [
  'requestId',
  'requestTime',
  'eventType',
  'routeKey',
  'status',
  'connectionId',
  'error.responseType',
];

const NO_ACCESS_LOG = {
  'AwsSolutions-APIG1':
    'Access logs of a WebSocket API need a role set for the whole account and region, which is not for one stack to change; the handlers log each failure.',
};

/** The WebSocket API. Its routes are one-way: only a push reaches a client. */
export class SocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, props: SocketApiProps) {
    super(scope, id);
    // A frame without an action, JSON or not, goes to $default; so do Engine.IO's packets, of which some are numbers:
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
    this.api = new WebSocketApi(this, 'Api', { routeSelectionExpression: '$request.body.action' });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: props.stageName,
      autoDeploy: true,
      // Without its own throttle a stage may answer connects with 429:
      // https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/8
      throttle: { rateLimit: props.throttleRate, burstLimit: props.throttleBurst },
      detailedMetricsEnabled: props.detailedMetrics,
      ...(props.socketAccessLog && { accessLogSettings: this.accessLog(props.logRetention) }),
    });
    if (!props.socketAccessLog) acknowledge(this.stage, NO_ACCESS_LOG);
  }

  addRoute(routeKey: string, fn: HandlerFunction): void {
    const integration = new WebSocketLambdaIntegration('Integration', fn.lambda);
    acknowledge(this.api.addRoute(routeKey, { integration }), {
      'AwsSolutions-APIG4':
        'API Gateway authorizes at $connect alone, and browsers may send the token later: the handlers verify it.',
    });
  }

  /** Lets a function post to connections of this stage and close them. */
  grantPush(fn: HandlerFunction): void {
    const resourceArns = ['POST', 'DELETE'].map((method) =>
      this.api.arnForExecuteApiV2(`${method}/@connections/*`, this.stage.stageName),
    );
    Grant.addToPrincipal({ grantee: fn, actions: ['execute-api:ManageConnections'], resourceArns });
    acknowledgeWildcards(
      fn,
      resourceArns,
      'A connection gets its id when it opens; the stage is the narrowest limit.',
    );
  }

  private accessLog(retention: RetentionDays): IAccessLogSettings {
    return new AccessLog(this, 'AccessLog', { name: 'websocket', retention, fields: LOGGED }).settings;
  }
}
