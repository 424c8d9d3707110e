import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../lambdas/core/ports.ts';

/** A request as the service got it. */
export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Its body, as it was sent and as it is read. */
  readonly text: string;
  readonly body: Body;
};

type Body = {
  readonly GroupName?: string;
  readonly ScheduleExpression?: string;
  readonly ActionAfterCompletion?: string;
  readonly FlexibleTimeWindow?: { readonly Mode?: string };
  readonly Target?: {
    readonly Arn?: string;
    readonly RoleArn?: string;
    readonly Input?: string;
    readonly [more: string]: unknown;
  };
};

type Schedule = { readonly at: number; readonly input: string };
type Answer = { readonly status: number; readonly body: string; readonly error?: string };

/** How it answers the next request: as it should, with this status, or not at all after it was done. */
type Mood = number | 'unanswered';

export type SchedulerService = {
  readonly origin: string;
  readonly asked: readonly Asked[];
  /** How the next requests are answered; all others as they should be. */
  readonly moods: Mood[];
  /** The inputs of those whose time has come, which are gone with that. */
  readonly fire: () => readonly string[];
};

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
/** It invokes its target within a minute of the time: here as late as that. */
const LATE_MS = 59_000;

/** What stands in for EventBridge Scheduler: https://docs.aws.amazon.com/scheduler/latest/APIReference/ */
export async function schedulerService(clock: Pick<Clock, 'now'>, group: string): Promise<SchedulerService> {
  const schedules = new Map<string, Schedule>();
  const asked: Asked[] = [];
  const moods: Mood[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const sent = await text(request);
    const body = sent === '' ? {} : (JSON.parse(sent) as Body);
    const one = { method, url, headers, text: sent, body };
    asked.push(one);
    const mood = moods.shift();
    if (typeof mood === 'number') return void response.writeHead(mood).end('{"Message":"why"}');
    const answer = serve(schedules, one, { group, now: clock.now() });
    if (mood === 'unanswered') return void response.destroy();
    const error = answer.error !== undefined && { 'x-amzn-errortype': `${answer.error}:http://internal/` };
    response.writeHead(answer.status, { ...error }).end(answer.body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, moods, fire: () => fire(schedules, clock.now()) };
}

function serve(
  schedules: Map<string, Schedule>,
  { method, url, body }: Asked,
  { group, now }: { readonly group: string; readonly now: number },
): Answer {
  const { pathname, searchParams } = new URL(url, 'http://scheduler');
  const name = pathname.replace(/^\/schedules\//, '');
  const groupName = method === 'POST' ? body.GroupName : searchParams.get('groupName');
  if (!NAME.test(name) || groupName !== group) return refusal(400, 'ValidationException');
  if (method === 'DELETE') return schedules.delete(name) ? done : refusal(404, 'ResourceNotFoundException');
  if (method !== 'POST') return refusal(405, 'UnknownOperationException');
  const [, time] = AT.exec(body.ScheduleExpression ?? '') ?? [];
  const isWhole = body.FlexibleTimeWindow?.Mode === 'OFF' && body.Target?.Arn && body.Target.RoleArn;
  const at = Date.parse(`${time}Z`);
  if (!isWhole || !(at > now)) return refusal(400, 'ValidationException');
  if (schedules.has(name)) return refusal(409, 'ConflictException');
  schedules.set(name, { at, input: body.Target?.Input ?? '{}' });
  return { status: 200, body: JSON.stringify({ ScheduleArn: `arn:aws:scheduler:::${group}/${name}` }) };
}

/** What DeleteSchedule answers is empty. */
const done: Answer = { status: 200, body: '' };

function refusal(status: number, error: string): Answer {
  return { status, error, body: JSON.stringify({ Message: 'why' }) };
}

function fire(schedules: Map<string, Schedule>, now: number): readonly string[] {
  const due = [...schedules].filter(([, { at }]) => at + LATE_MS <= now).sort(([, a], [, b]) => a.at - b.at);
  for (const [name] of due) schedules.delete(name);
  return due.map(([, { input }]) => input);
}
