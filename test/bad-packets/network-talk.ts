import { openPolling, openSession, type RawPolling } from '../socket-io/raw-client.ts';
import { isAnswerToMarker, MARKER, PRELUDES, type State, type Talk, verdictOf } from './verdict.ts';

/** A session on a WebSocket to a real server. */
export async function webSocketTalk(webSocketUrl: string, state: State): Promise<Talk> {
  const raw = await openSession(webSocketUrl);
  let heard = raw.frames.all.length;
  const talk: Talk = {
    tell: async (packet) => {
      raw.send(packet);
      // What it does at once is done, and what it says is said, when the next frame is read.
      await raw.flushed();
      raw.send(MARKER);
      while (raw.isOpen && !raw.frames.all.slice(heard).some(isAnswerToMarker)) {
        await Promise.race([raw.frames.next(), raw.ended]);
      }
      const frames = raw.frames.all.slice(heard);
      heard = raw.frames.all.length;
      return raw.isOpen ? verdictOf(frames) : 'closed';
    },
    end: () => raw.close(),
  };
  for (const packet of PRELUDES[state]) await talk.tell(packet);
  return talk;
}

/** The answer to a request of HTTP long-polling. */
type Reply = { readonly status: number; readonly body: string };

/** The requests of a session on HTTP long-polling. */
export type Requests = {
  readonly post: (body: string) => Promise<Reply>;
  readonly poll: () => Promise<Reply>;
};

/** A session on HTTP long-polling at a real server. */
export async function pollingTalk(url: string, state: State): Promise<Talk> {
  const polling: RawPolling = await openPolling(url);
  return talkByRequests(polling, state);
}

/** Talks by payloads: each is the packets of one. */
export async function talkByRequests(requests: Requests, state: State): Promise<Talk> {
  const talk: Talk = {
    tell: async (payload) => {
      const posted = [await requests.post(payload), await requests.post(MARKER)];
      if (posted.some(({ status }) => status === 400)) return 'closed';
      const frames: string[] = [];
      while (!frames.some(isAnswerToMarker)) {
        const { status, body } = await requests.poll();
        frames.push(...body.split('\x1e'));
        if (status === 400 || frames.includes(CLOSE)) return 'closed';
      }
      return verdictOf(frames);
    },
    end: () => requests.post(CLOSE),
  };
  for (const packet of PRELUDES[state]) await talk.tell(packet);
  return talk;
}

const CLOSE = '1';
