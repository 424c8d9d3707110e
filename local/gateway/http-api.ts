import { type Exchange, gatewayReply, send } from './exchange.ts';
import { httpEvent } from './http-event.ts';
import { INTERNAL, replyOf, TOO_LARGE } from './http-reply.ts';
import { newId } from './ids.ts';
import { invokeLambda, type LambdaFunction } from './lambda.ts';
import { readBody } from './request-body.ts';
import type { Stage } from './stage.ts';

/** A route of the HTTP API: `$default`, or one of the form `ANY /path/{proxy+}`. */
export type HttpRoute = { readonly routeKey: string; readonly lambda: LambdaFunction };

/** Answers a request by the function of its route (payload format 2.0). */
export async function serveHttpApi(
  stage: Stage,
  { routeKey, lambda }: HttpRoute,
  exchange: Exchange,
): Promise<void> {
  const requestId = newId();
  exchange.response.setHeader('apigw-requestid', requestId);
  if (!stage.admitRequest()) return send(exchange, gatewayReply(429, 'Too Many Requests'));
  const { request } = exchange;
  const body = await readBody(request, stage.limits.httpPayloadBytes);
  if (body.kind === 'aborted') return;
  if (body.kind === 'too-large') return send(exchange, TOO_LARGE);
  const event = httpEvent(stage, { request, requestId, routeKey, body: body.bytes });
  if (!event) return send(exchange, gatewayReply(400, 'Bad Request'));
  const outcome = await invokeLambda(lambda, event, {
    functionName: 'http',
    timeoutMs: stage.limits.httpIntegrationTimeoutMs,
    payloadBytes: stage.limits.lambdaPayloadBytes,
    clock: stage.clock,
  });
  const reply = replyOf(outcome);
  if (outcome.kind !== 'returned') stage.log(`HTTP API: the integration ${outcome.kind}`, outcome);
  else if (!reply) stage.log('HTTP API: the answer is no reply', outcome);
  return send(exchange, reply ?? INTERNAL);
}
