import { readFileSync } from 'node:fs';

type Values = Record<string, { readonly value: string }>;
type Request = { uri: string; readonly querystring: Readonly<Values>; readonly headers: Values };
type Handler = (event: { readonly request: Request; readonly viewer: { readonly ip: string } }) => Request;

/** The source of CloudFront's function, without the import of what is given to it here. */
const SOURCE = readFileSync(new URL('../../lib/edge/choose-origin.js', import.meta.url), 'utf8');

type Chosen = {
  readonly uri: string;
  /** undefined: the behavior's own */
  readonly originId: string | undefined;
  readonly headers: Values;
};

/** What the function does to a request of the viewer with this address. */
export function chooseOrigin(
  uri: string,
  query: Readonly<Record<string, string>>,
  viewer: string,
  code = SOURCE,
): Chosen {
  const chosen: string[] = [];
  const cf = { selectRequestOriginById: (id: string) => chosen.push(id) };
  const handler = new Function('cf', `${code}; return handler;`)(cf) as Handler;
  const querystring = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, { value }]));
  const headers = { 'x-parley-viewer-address': { value: 'what the viewer says' } };
  const request = handler({ request: { uri, querystring, headers }, viewer: { ip: viewer } });
  return { uri: request.uri, originId: chosen.at(-1), headers: request.headers };
}
