import { describe, expect, it } from 'vitest';
import { chooseOrigin } from './choose-origin.ts';
import { functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const VIEWER = '192.0.2.1';
const OWN = { domainName: 'chat.example.com', certificateArn: CERTIFICATE };

const template = synthesize({ singleHost: true });

function distributionOf(from = template) {
  const [distribution] = Object.values(from.findResources('AWS::CloudFront::Distribution'));
  return distribution?.Properties.DistributionConfig;
}

/** What the deployed function makes of a request: its path, and the origin that it is sent to. */
function choose(uri: string, query: Readonly<Record<string, string>>, behavior = defaultBehavior()) {
  const [first, ...code] = edgeCode().split('\n');
  expect(first).toBe("import cf from 'cloudfront';");
  const { originId = behavior.TargetOriginId, ...chosen } = chooseOrigin(uri, query, VIEWER, code.join('\n'));
  expect(chosen.headers['x-parley-viewer-address']).toEqual({ value: VIEWER });
  return { uri: chosen.uri, origin: originOf(originId) };
}

function edgeCode(): string {
  const [edge] = Object.values(template.findResources('AWS::CloudFront::Function'));
  return edge?.Properties.FunctionCode;
}

function defaultBehavior() {
  return distributionOf().DefaultCacheBehavior;
}

/** The protocol of the API that an origin leads to, and its path. */
function originOf(id: string) {
  const origin = distributionOf().Origins.find(({ Id }: { Id: string }) => Id === id);
  const [api] = origin.DomainName['Fn::Select'][1]['Fn::Split'][1]['Fn::GetAtt'];
  const { ProtocolType } = template.findResources('AWS::ApiGatewayV2::Api')[api]?.Properties ?? {};
  return `${ProtocolType} ${origin.OriginPath ?? ''}/`;
}

describe('the single host', () => {
  it('is had only by who asks for it', () => {
    synthesize().resourceCountIs('AWS::CloudFront::Distribution', 0);
  });

  it.each(['/socket.io/', '/socket.io', '/', '/chat/', '/a/b/c/'])(
    'leads a WebSocket of Socket.IO to the stage, whatever path its client was given: %s',
    (path) => {
      const query = { EIO: '4', transport: 'websocket', sid: '1' };
      expect(choose(path, query)).toEqual({ uri: '/', origin: 'WEBSOCKET /live/' });
    },
  );

  it('leads long-polling and REST to the HTTP API, as they are', () => {
    const polled = choose('/socket.io/', { EIO: '4', transport: 'polling', t: '1' });
    expect(polled).toEqual({ uri: '/socket.io/', origin: 'HTTP /' });
    const read = choose('/api/messages/booking/b1', { page: '2' });
    expect(read).toEqual({ uri: '/api/messages/booking/b1', origin: 'HTTP /' });
  });

  it('leads native WebSockets to the stage from the path that they have locally', () => {
    const [native] = distributionOf().CacheBehaviors;
    expect(native.PathPattern).toBe('/ws');
    expect(choose('/ws', { token: 't' }, native)).toEqual({ uri: '/', origin: 'WEBSOCKET /live/' });
  });

  it('follows the stage by its name', () => {
    const [, webSocket] = distributionOf(synthesize({ singleHost: true, stageName: 'staging' })).Origins;
    expect(webSocket.OriginPath).toBe('/staging');
  });

  it('runs the function on every request, in the runtime that can choose origins', () => {
    template.hasResourceProperties('AWS::CloudFront::Function', {
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
      AutoPublish: true,
    });
    const [edge] = Object.keys(template.findResources('AWS::CloudFront::Function'));
    const run = [{ EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': [edge, 'FunctionARN'] } }];
    for (const behavior of [defaultBehavior(), ...distributionOf().CacheBehaviors]) {
      expect(behavior.FunctionAssociations).toEqual(run);
    }
  });

  it('keeps nothing, collapses nothing, and hides nothing but its own name from the APIs', () => {
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
    const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
    for (const behavior of [defaultBehavior(), ...distributionOf().CacheBehaviors]) {
      expect(behavior).toMatchObject({
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
        ViewerProtocolPolicy: 'https-only',
        AllowedMethods: expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
      });
    }
    const kept = distributionOf().CustomErrorResponses;
    expect(kept.map(({ ErrorCode }: { ErrorCode: number }) => ErrorCode)).toEqual(
      expect.arrayContaining([400, 403, 404, 500, 502, 503, 504]),
    );
    for (const error of kept) expect(error).toEqual({ ErrorCode: error.ErrorCode, ErrorCachingMinTTL: 0 });
  });

  it('speaks TLS to the APIs, and waits for a poll to end', () => {
    for (const { CustomOriginConfig } of distributionOf().Origins) {
      expect(CustomOriginConfig).toMatchObject({
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      });
    }
    expect(distributionOf().Origins[0].CustomOriginConfig.OriginReadTimeout).toBeGreaterThan(25);
  });

  it('shows both APIs that it may be believed whose requests it brings', () => {
    const guid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const shown = distributionOf().Origins.map(
      ({ OriginCustomHeaders }: { OriginCustomHeaders: unknown }) => OriginCustomHeaders,
    );
    const key = [{ HeaderName: 'x-parley-edge-key', HeaderValue: guid }];
    expect(shown).toEqual([key, key]);
    const believing = functionsIn(template).filter(({ variables }) => 'EDGE_KEY' in variables);
    expect(believing.map(({ entry }) => entry)).toEqual(['connect', 'polling']);
    for (const { variables } of believing) expect(variables.EDGE_KEY).toEqual(guid);
    const alone = functionsIn(synthesize());
    expect(alone.filter(({ variables }) => 'EDGE_KEY' in variables)).toEqual([]);
  });

  it('says where it is', () => {
    const outputs = template.findOutputs('*');
    const [distribution] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
    const host = { 'Fn::GetAtt': [distribution, 'DomainName'] };
    expect(outputs).toMatchObject({ SocketIoUrl: { Value: { 'Fn::Join': ['', ['https://', host]] } } });
    expect(outputs).not.toHaveProperty('DnsTarget');
  });

  it("may have the platform's own name, whose DNS entry leads to it", () => {
    const named = synthesize({ singleHost: true, ...OWN });
    const config = distributionOf(named);
    expect(config).toMatchObject({
      Aliases: ['chat.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: CERTIFICATE,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    const [distribution] = Object.keys(named.findResources('AWS::CloudFront::Distribution'));
    expect(named.findOutputs('*')).toMatchObject({
      SocketIoUrl: { Value: 'https://chat.example.com' },
      DnsTarget: { Value: { 'Fn::GetAtt': [distribution, 'DomainName'] } },
    });
  });
});

describe("the platform's own name for the WebSocket API alone", () => {
  const named = synthesize(OWN);

  it('is where Socket.IO looks by default', () => {
    named.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'chat.example.com',
      DomainNameConfigurations: [
        { CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    const webSocket = { Properties: { ProtocolType: 'WEBSOCKET' } };
    const [api] = Object.keys(named.findResources('AWS::ApiGatewayV2::Api', webSocket));
    named.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      ApiMappingKey: 'socket.io',
      ApiId: { Ref: api },
      Stage: 'live',
    });
    named.resourceCountIs('AWS::CloudFront::Distribution', 0);
  });

  it('leaves the functions posting to the URL of the stage, which knows its connections', () => {
    const urls = Object.values(named.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.Environment.Variables.CALLBACK_URL ?? [],
    );
    expect(JSON.stringify(urls)).not.toContain('chat.example.com');
  });

  it('is announced with what its DNS entry has to lead to', () => {
    const [domain] = Object.keys(named.findResources('AWS::ApiGatewayV2::DomainName'));
    expect(named.findOutputs('*')).toMatchObject({
      SocketIoUrl: { Value: 'https://chat.example.com' },
      DnsTarget: { Value: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] } },
    });
  });
});
