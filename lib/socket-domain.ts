import { ApiMapping, DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import type { OwnDomain } from './own-domain.ts';
import type { SocketApi } from './socket-api.ts';

export interface SocketDomainProps {
  readonly sockets: SocketApi;
  /** With a certificate of the stack's region. */
  readonly domain: OwnDomain;
}

/**
 * Where clients of Socket.IO look unless they are told otherwise. No stage can be called so, but a mapping can:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
const MAPPING_KEY = 'socket.io';

/**
 * The platform's own name for the WebSocket API. A name that leads to a WebSocket API cannot lead to an HTTP API as
 * well, so Socket.IO's clients have to leave long-polling out.
 */
export class SocketDomain extends Construct {
  readonly domainName: DomainName;

  constructor(scope: Construct, id: string, { sockets, domain }: SocketDomainProps) {
    super(scope, id);
    this.domainName = new DomainName(this, 'Name', {
      domainName: domain.name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', {
      api: sockets.api,
      stage: sockets.stage,
      domainName: this.domainName,
      apiMappingKey: MAPPING_KEY,
    });
  }
}
