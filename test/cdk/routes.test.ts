import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { awaitMail } from '../../lambdas/wire/socket-io/await-mail.ts';
import type { ServerParts } from '../../lambdas/wire/socket-io/server.ts';
import type { Session } from '../../lambdas/wire/socket-io/session.ts';
import { REST_ROUTES } from '../../lib/handlers.ts';
import { selectRoute } from '../../local/gateway/route-selection.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const functions = functionsIn(template);

const ROUTES = {
  $connect: 'connect',
  $disconnect: 'disconnect',
  $default: 'default',
  sendMessage: 'send-message',
  joinBooking: 'join-booking',
  leaveBooking: 'leave-booking',
  markAsRead: 'mark-as-read',
  typing: 'typing',
  authenticate: 'authenticate',
};

/** How long a poll is held for which nothing comes, in ms. */
async function longestPoll(): Promise<number> {
  const clock = new VirtualClock(0);
  const parts = {
    clock: { now: () => clock.now(), sleep: async (ms: number) => clock.pass(ms) },
    mailboxes: { enter: async () => 'free', peek: async () => 'empty', leave: async () => {} },
  };
  await awaitMail(parts as unknown as ServerParts, { key: 'polling-1', openedAt: 0 } as Session);
  return clock.now();
}

/** Route key → entry of the function behind it, for the API of this protocol. */
function routesOf(protocol: 'WEBSOCKET' | 'HTTP'): Readonly<Record<string, string | undefined>> {
  const [api] = Object.keys(
    template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: protocol } }),
  );
  const routes = template.findResources('AWS::ApiGatewayV2::Route', { Properties: { ApiId: { Ref: api } } });
  const integrations = template.findResources('AWS::ApiGatewayV2::Integration');
  return Object.fromEntries(
    Object.values(routes).map(({ Properties }) => {
      const integration = integrations[Properties.Target['Fn::Join'][1][1].Ref];
      const uri = JSON.stringify(integration?.Properties.IntegrationUri);
      return [Properties.RouteKey, functions.find(({ logicalId }) => uri.includes(`"${logicalId}"`))?.entry];
    }),
  );
}

describe('the WebSocket API', () => {
  it('has a function for every route key', () => {
    expect(routesOf('WEBSOCKET')).toEqual(ROUTES);
  });

  it('chooses the route by the action of the frame', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
  });

  it('answers nothing by itself: no route has a response', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::RouteResponse', 0);
  });

  it('lets a function finish before API Gateway gives up on it', () => {
    const behindGateway = functions.filter(({ entry }) => !['task', 'sweep'].includes(entry));
    for (const { entry, properties } of behindGateway) expect(properties.Timeout, entry).toBeLessThan(29);
  });

  it.each(['0', '2', '2probe', '3', '40', '40{"token":"t"}', '421["sendMessage",{}]', '5', 'b64', ''])(
    'leads the Engine.IO packet “%s” to $default',
    (packet) => {
      expect(selectRoute(packet, 'action', ROUTES)).toBe('$default');
    },
  );

  it('is throttled, by default and as told', () => {
    const throttled = (rate: number, burst: number) => ({
      StageName: 'live',
      DefaultRouteSettings: { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', throttled(2000, 1000));
    const other = synthesize({ throttleRate: 50, throttleBurst: 20 });
    other.hasResourceProperties('AWS::ApiGatewayV2::Stage', throttled(50, 20));
  });

  it('logs accesses only where the account is prepared for it', () => {
    const logged = { StageName: 'live', AccessLogSettings: Match.anyValue() };
    template.resourcePropertiesCountIs('AWS::ApiGatewayV2::Stage', logged, 0);
    synthesize({ socketAccessLog: true }).hasResourceProperties('AWS::ApiGatewayV2::Stage', logged);
  });

  it('is called back at the URL of its stage', () => {
    const [api] = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Api', { Properties: { ProtocolType: 'WEBSOCKET' } }),
    );
    const url = functions.find(({ entry }) => entry === 'task')?.variables.CALLBACK_URL;
    expect(url).toEqual({
      'Fn::Join': [
        '',
        [
          'https://',
          { Ref: api },
          '.execute-api.',
          { Ref: 'AWS::Region' },
          '.',
          { Ref: 'AWS::URLSuffix' },
          '/live',
        ],
      ],
    });
  });
});

describe('the HTTP API', () => {
  it('leaves the REST routes to one function, long-polling on any path to another, and CORS to both', () => {
    const rest = REST_ROUTES.map((key) => [key, 'http']);
    expect(routesOf('HTTP')).toEqual({ ...Object.fromEntries(rest), $default: 'polling' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
  });

  it('lets a poll be held to its end, and the function still answer', async () => {
    const http = functions.find(({ entry }) => entry === 'polling');
    const answered = (await longestPoll()) / 1000 + 2;
    expect(http?.properties.Timeout).toBeGreaterThanOrEqual(answered);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    expect(http?.properties.Timeout).toBeLessThan(30);
  });

  it('may be kept from taking every Lambda that the account has', () => {
    const http = functions.find(({ entry }) => entry === 'polling');
    expect(http?.properties).not.toHaveProperty('ReservedConcurrentExecutions');
    const limited = functionsIn(synthesize({ pollingConcurrency: 200 }));
    const shares = limited.flatMap(({ entry, properties }) =>
      properties.ReservedConcurrentExecutions === undefined
        ? []
        : [[entry, properties.ReservedConcurrentExecutions]],
    );
    expect(shares).toEqual([['polling', 200]]);
  });

  it('is throttled, and logs each request without its query string', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: { Format: Match.not(Match.stringLikeRegexp('query|header|authorization')) },
    });
  });
});
