import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import { acknowledge } from './acknowledge.ts';
import type { HandlerFunction } from './handler-function.ts';
import { REST_ROUTES } from './handlers.ts';

export interface HttpsApiProps {
  readonly rest: HandlerFunction;
  readonly polling: HandlerFunction;
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
 * The REST routes, and Socket.IO's long-polling on any other path. The Lambdas answer CORS themselves: a `corsPreflight` here would replace its headers.
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
    const polling = new HttpLambdaIntegration('Integration', props.polling.lambda);
    this.addRoute('Route', HttpRouteKey.DEFAULT, polling);
    const rest = new HttpLambdaIntegration('RestIntegration', props.rest.lambda);
    for (const key of REST_ROUTES) {
      const path = key.slice(key.indexOf('/'));
      this.addRoute(`Rest${path.split('/')[1]}`, HttpRouteKey.with(path, HttpMethod.ANY), rest);
    }
  }

  private addRoute(id: string, routeKey: HttpRouteKey, integration: HttpLambdaIntegration): void {
    const route = new HttpRoute(this, id, { httpApi: this.api, routeKey, integration });
    acknowledge(route, {
      'AwsSolutions-APIG4':
        'The Lambda verifies the token of every request, with the same code as the WebSocket; API Gateway cannot verify HS256.',
    });
  }
}
