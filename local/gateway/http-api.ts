import { type Exchange, gatewayReply, type HttpReply, send } from './exchange.ts';
import { httpEvent } from './http-event.ts';
import { replyOf } from './http-reply.ts';
import { newId } from './ids.ts';
import { invokeLambda, type LambdaFunction } from './lambda.ts';
import { readBody } from './request-body.ts';
import type { Stage } from './stage.ts';

/** An HTTP API with one route, `$default`, and one function behind it (payload format 2.0). */
export async function serveHttpApi(stage: Stage, lambda: LambdaFunction, exchange: Exchange): Promise<void> {
  const requestId = newId();
  const reply = await answer(stage, lambda, exchange, requestId);
  if (!reply) return;
  exchange.response.setHeader('apigw-requestid', requestId);
  send(exchange, reply);
}

/** Undefined when the client has gone before its request was whole. */
async function answer(
  stage: Stage,
  lambda: LambdaFunction,
  { request }: Exchange,
  requestId: string,
): Promise<HttpReply | undefined> {
  if (!stage.admitRequest()) return gatewayReply(429, 'Too Many Requests');
  const body = await readBody(request, stage.limits.httpPayloadBytes);
  if (body.kind === 'aborted') return undefined;
  if (body.kind === 'too-large') return gatewayReply(413, 'Request Entity Too Large');
  const event = httpEvent(stage, { request, requestId, body: body.bytes });
  if (!event) return gatewayReply(400, 'Bad Request');
  const outcome = await invokeLambda(lambda, event, {
    functionName: 'http',
    timeoutMs: stage.limits.httpIntegrationTimeoutMs,
    payloadBytes: stage.limits.lambdaPayloadBytes,
    clock: stage.clock,
  });
  if (outcome.kind !== 'returned') stage.log(`HTTP API: the integration ${outcome.kind}`, outcome);
  return replyOf(outcome);
}
