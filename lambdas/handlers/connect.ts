import type { APIGatewayProxyWebsocketEventV2, APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { openConnection } from '../core/authenticate-connection.ts';
import { toFault } from '../core/fault.ts';
import type { Claims, Tokens } from '../core/identify-user.ts';
import type { Ports } from '../core/ports.ts';
import { chooseDialect } from '../dialects/registry.ts';
import { jsonLog, type Log } from './log.ts';
import { createPorts, createTokens } from './runtime.ts';

/** Only this event has headers and a query; what later frames need of them is stored here (AWS-FACTS A3). */
type ConnectEvent = Pick<APIGatewayProxyWebsocketEventV2, 'requestContext'> & {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
};
type Answer = { readonly statusCode: number; readonly body?: string };

export type Opening = {
  readonly ports: Ports;
  readonly tokens: Tokens;
  readonly log: Log;
  readonly defaultDialect: string | undefined;
};

/** The route `$connect`: a native connection, with its token in `Authorization` or `?token=`, or without one yet. */
export function connect({ ports, tokens, log, defaultDialect }: Opening) {
  return async ({ requestContext, headers, queryStringParameters: query }: ConnectEvent): Promise<Answer> => {
    const dialectOf = (claims: Claims | undefined) =>
      chooseDialect(query?.dialect, claims?.dialect, defaultDialect);
    try {
      const token = headerOf(headers, 'authorization') ?? query?.token;
      const { connectionId } = requestContext;
      await openConnection(ports, tokens, { connectionId, wire: 'native', dialectOf, token });
      return { statusCode: 200 };
    } catch (thrown) {
      const fault = toFault(thrown);
      if (fault.code === 'INTERNAL') log.error('connect', fault.cause);
      const { code, message, status } = fault;
      return { statusCode: status, body: JSON.stringify({ message, code }) };
    }
  };
}

/** Names come in lower case through some API mappings, and as the client wrote them through others. */
function headerOf(headers: ConnectEvent['headers'], name: string): string | undefined {
  const found = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

export const handler: APIGatewayProxyWebsocketHandlerV2 = connect({
  ports: createPorts(process.env),
  tokens: createTokens(process.env),
  log: jsonLog,
  defaultDialect: process.env.DIALECT || undefined,
});
