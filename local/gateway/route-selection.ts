/** Routes that only the gateway itself invokes; a frame that names one selects `$default` like any unknown action. */
const LIFECYCLE_ROUTES: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

/**
 * Evaluates `$request.body.<key>` on a frame: the route it names, else `$default`, else nothing. What is not a JSON
 * object has no such key. Routes are looked up by own keys alone, so that no frame reaches a prototype.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function selectRoute(
  body: string,
  key: string,
  routes: Readonly<Record<string, unknown>>,
): string | undefined {
  const action = ownString(parseJson(body), key);
  if (action !== undefined && Object.hasOwn(routes, action) && !LIFECYCLE_ROUTES.has(action)) return action;
  return Object.hasOwn(routes, '$default') ? '$default' : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ownString(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : undefined;
}
