import { type Headers, headerOf } from './header-of.ts';

type Reached = { readonly headers?: Headers; readonly requestContext: object };

/** Where a request says that it comes from: an HTTP API's event in `http`, a WebSocket API's in `identity`. */
type Places = { readonly http?: object; readonly identity?: object };

/** What CloudFront adds to a request where it stands before both APIs (lib/single-host.ts, lib/edge/choose-origin.js). */
const EDGE_KEY = 'x-parley-edge-key';
const VIEWER_ADDRESS = 'x-parley-viewer-address';

/**
 * Lets a function see its clients' addresses in place of CloudFront's, of which a whole city shares a few. Who calls an
 * API directly may send the same headers, so they count only with the key that CloudFront alone was given.
 *
 * @param key undefined, or empty: nothing stands before the APIs
 */
export function behindEdge<Event extends Reached, Answer>(
  serve: (event: Event) => Promise<Answer>,
  key: string | undefined,
): (event: Event) => Promise<Answer> {
  return key ? (event) => serve(asViewed(event, key)) : serve;
}

function asViewed<Event extends Reached>(event: Event, key: string): Event {
  const { headers, requestContext } = event;
  const sourceIp = headerOf(headers, VIEWER_ADDRESS);
  if (sourceIp === undefined || headerOf(headers, EDGE_KEY) !== key) return event;
  const { http, identity } = requestContext as Places;
  const viewed = {
    ...requestContext,
    ...(http && { http: { ...http, sourceIp } }),
    ...(identity && { identity: { ...identity, sourceIp } }),
  };
  return { ...event, requestContext: viewed };
}
