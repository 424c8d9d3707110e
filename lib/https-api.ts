import { HttpApi, HttpRoute, HttpRouteKey, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import { acknowledge } from './acknowledge.ts';
import type { HandlerFunction } from './handler-function.ts';

export interface HttpsApiProps {
  readonly handler: HandlerFunction;
  /** Requests a second. */
  readonly throttleRate: number;
  readonly throttleBurst: number;
  readonly logRetention: RetentionDays;
}

const LOGGED = [
  'requestId',
  'requestTime',
  'httpMethod',
  'path',
  'status',
  'responseLatency',
  'error.responseType',
];

/**
 * The REST routes and Socket.IO's long-polling, all in one Lambda. It answers CORS itself: a `corsPreflight` here would replace its headers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export class HttpsApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: HttpsApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const log = new AccessLog(this, 'AccessLog', {
      name: 'http',
      retention: props.logRetention,
      fields: LOGGED,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: props.throttleRate, burstLimit: props.throttleBurst },
      accessLogSettings: log.settings,
    });
    const route = new HttpRoute(this, 'Route', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', props.handler.lambda),
    });
    acknowledge(route, {
      'AwsSolutions-APIG4':
        'The Lambda verifies the token of every request, with the same code as the WebSocket; API Gateway cannot verify HS256.',
    });
  }
}
