import { readFileSync } from 'node:fs';
import { Duration, Fn } from 'aws-cdk-lib';
import type { IApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { HttpsApi } from './https-api.ts';
import type { OwnDomain } from './own-domain.ts';
import type { SocketApi } from './socket-api.ts';

export interface SingleHostProps {
  readonly https: HttpsApi;
  readonly sockets: SocketApi;
  /** Shows the functions that a request comes from here. */
  readonly edgeKey: string;
  /** With a certificate of us-east-1. @default a name that CloudFront gives */
  readonly domain?: OwnDomain;
}

/** CloudFront wants this import in the first line. */
const CHOOSE_ORIGIN = `import cf from 'cloudfront';
${readFileSync(new URL('edge/choose-origin.js', import.meta.url), 'utf8')}`;
/** `choose-origin.js` knows it by this name. */
const WEBSOCKET_ORIGIN = 'websocket';
/** Native WebSockets come here, as they do locally. */
const NATIVE_PATH = '/ws';

/**
 * With this header CloudFront shows who it is, in place of any that the viewer sends. A name must not begin with `x-edge-`:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
 */
const EDGE_KEY = 'x-parley-edge-key';

/** Polls are held for 20 s; an HTTP API ends what takes 30 s. */
const READ_TIMEOUT = Duration.seconds(30);

/**
 * CloudFront keeps these for 10 s unless told otherwise, whatever they say of themselves, and knows them by their path
 * alone: somebody else's refusal would be shown to whoever asks next.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

const ACCEPTED = {
  'AwsSolutions-CFR1': 'A chat is for whoever the platform gives a token, wherever they are.',
  'AwsSolutions-CFR2': 'A web ACL costs more than the chat; the platform adds its own where it has one.',
  'AwsSolutions-CFR3':
    'Access logs would hold the query, and with it the tokens of native clients; both APIs log each request without it.',
};
const NO_OWN_CERTIFICATE = {
  'AwsSolutions-CFR4':
    'CloudFront chooses the protocols of its own certificate; a domain of one’s own gets TLS 1.2 or newer.',
};

/** One host for Socket.IO's two transports and the REST routes: CloudFront before the two APIs. */
export class SingleHost extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { https, sockets, edgeKey, domain }: SingleHostProps) {
    super(scope, id);
    const customHeaders = { [EDGE_KEY]: edgeKey };
    const http = new HttpOrigin(hostOf(https.api), {
      originId: 'http',
      customHeaders,
      readTimeout: READ_TIMEOUT,
    });
    const webSocket = new HttpOrigin(hostOf(sockets.api), {
      originId: WEBSOCKET_ORIGIN,
      customHeaders,
      originPath: `/${sockets.stage.stageName}`,
    });
    const chooseOrigin = new EdgeFunction(this, 'ChooseOrigin', {
      code: FunctionCode.fromInline(CHOOSE_ORIGIN),
      runtime: FunctionRuntime.JS_2_0,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      defaultBehavior: behavior(http, chooseOrigin),
      additionalBehaviors: { [NATIVE_PATH]: behavior(webSocket, chooseOrigin) },
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    acknowledge(this.distribution, domain ? ACCEPTED : { ...ACCEPTED, ...NO_OWN_CERTIFICATE });
  }
}

function behavior(origin: IOrigin, chooseOrigin: EdgeFunction): BehaviorOptions {
  return {
    origin,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    // With any other policy, all polls would wait for the first one's end, and share its answer:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-traffic-spikes
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // API Gateway knows itself by its own name alone.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    functionAssociations: [{ function: chooseOrigin, eventType: FunctionEventType.VIEWER_REQUEST }],
  };
}

/** `https://host` or `wss://host`, of which the host is known when the stack is deployed. */
function hostOf({ apiEndpoint }: IApi): string {
  return Fn.select(2, Fn.split('/', apiEndpoint));
}
