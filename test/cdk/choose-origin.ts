import { readFileSync } from 'node:fs';

type Request = { uri: string; readonly querystring: Readonly<Record<string, { readonly value: string }>> };
type Handler = (event: { readonly request: Request }) => Request;

/** The source of CloudFront's function, without the import of what is given to it here. */
const SOURCE = readFileSync(new URL('../../lib/edge/choose-origin.js', import.meta.url), 'utf8');

/** What CloudFront's function makes of a request: its path, and the origin it is sent to where not to the behavior's. */
export function chooseOrigin(
  uri: string,
  query: Readonly<Record<string, string>>,
  code = SOURCE,
): { readonly uri: string; readonly originId: string | undefined } {
  const chosen: string[] = [];
  const cf = { selectRequestOriginById: (id: string) => chosen.push(id) };
  const handler = new Function('cf', `${code}; return handler;`)(cf) as Handler;
  const querystring = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, { value }]));
  return { uri: handler({ request: { uri, querystring } }).uri, originId: chosen.at(-1) };
}
