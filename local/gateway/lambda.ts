import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';

/** What a function learns of its own invocation; without the callbacks that Lambda's Node runtime has retired. */
export type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

/**
 * A Lambda handler. Declared as a method so that a handler for one event's type is accepted: as on AWS, the event
 * is JSON and nothing checks that it is of the type the handler expects.
 */
export type LambdaFunction = {
  invoke(event: unknown, context: LambdaContext): Promise<unknown>;
}['invoke'];

/** How an invocation ended. A value is what JSON leaves of it. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'too-large' };

/** One synchronous invocation: whom, for how long at most, and with how many bytes of JSON each way. */
export type Invocation = {
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly payloadBytes: number;
  readonly clock: Clock;
};

/** Invokes a function as Lambda does: event and answer travel as JSON, and whoever waits gives up at the timeout. */
export async function invokeLambda(
  lambda: LambdaFunction,
  event: unknown,
  invocation: Invocation,
): Promise<Outcome> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > invocation.payloadBytes) return { kind: 'too-large' };
  return new Promise((resolve) => {
    const { clock, timeoutMs } = invocation;
    const callOff = clock.schedule(timeoutMs, () => resolve({ kind: 'timed-out' }));
    void run(lambda, payload, invocation).then((outcome) => {
      callOff();
      resolve(outcome);
    });
  });
}

async function run(lambda: LambdaFunction, payload: string, invocation: Invocation): Promise<Outcome> {
  try {
    const answer = await lambda(JSON.parse(payload), contextOf(invocation));
    // Undefined, which JSON cannot say, becomes null.
    const json = JSON.stringify(answer ?? null);
    if (Buffer.byteLength(json) > invocation.payloadBytes) throw new Error('Function.ResponseSizeTooLarge');
    return { kind: 'returned', value: JSON.parse(json) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf({ functionName, timeoutMs, clock }: Invocation): LambdaContext {
  const deadline = clock.now() + timeoutMs;
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '[$LATEST]local',
    memoryLimitInMB: '256',
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
  };
}
