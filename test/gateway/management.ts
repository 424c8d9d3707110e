import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { onTestFinished } from 'vitest';
import type { Gateway } from '../../local/gateway/gateway.ts';
import type { Deployment } from './deployment.ts';

/** An id of the right form that no connection has. */
export const NEVER_CONNECTED = 'L0SM9cOFvHcCIhw=';

/** The id of the connection that was opened first. */
export function firstId(gateway: Pick<Gateway, 'connections'>): string {
  return gateway.connections()[0] ?? '';
}

/** The real SDK's client, pointed at a gateway; it tries once, so that a test sees each answer. */
export function managementClient({
  callbackUrl,
}: Pick<Gateway, 'callbackUrl'>): ApiGatewayManagementApiClient {
  const client = new ApiGatewayManagementApiClient({
    endpoint: callbackUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** The three operations of the SDK on one connection. */
export function operations(gateway: Deployment, ConnectionId: string) {
  const client = managementClient(gateway);
  return {
    post: (Data: string | Uint8Array) => client.send(new PostToConnectionCommand({ ConnectionId, Data })),
    get: () => client.send(new GetConnectionCommand({ ConnectionId })),
    remove: () => client.send(new DeleteConnectionCommand({ ConnectionId })),
  };
}
