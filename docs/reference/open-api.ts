import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { QUERIES, ROUTES, type RouteFact } from './routes.ts';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Something is wrong with the input.',
  401: 'Authentication required.',
  403: 'Not permitted.',
  404: 'There is no such thing.',
  409: 'In conflict with what stands; or busy, try again.',
  429: 'Too many messages, slow down.',
  500: 'Server error.',
};

const ENVELOPE: JsonSchema = {
  type: 'object',
  properties: {
    success: { type: 'boolean' },
    message: { type: 'string' },
    data: { type: ['object', 'null'] },
    error: { type: 'string', description: 'The code of a refusal.' },
  },
  required: ['success', 'message', 'data'],
};

/** The OpenAPI 3.1 document of the HTTP API. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const fact of ROUTES) {
    const [method = '', path = ''] = fact.route.split(' ');
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(fact, path) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley: the HTTP API',
      version,
      description: 'Every answer has the envelope of support.md.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Envelope: ENVELOPE },
    },
  };
}

function operationOf(
  { summary, body, query = [], status = 200, refusals = [] }: RouteFact,
  path: string,
): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  }));
  const inQuery = query.map((name) => ({ name, in: 'query', schema: QUERIES[name] }));
  const parameters = [...inPath, ...inQuery];
  const statuses = [status, 400, 401, ...refusals, 500];
  return {
    summary,
    ...(path.startsWith('/api/server/') && { description: 'For tokens whose `role` is `service`.' }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(body) } } },
    }),
    responses: Object.fromEntries(statuses.map((one) => [one, responseOf(one)])),
  };
}

function responseOf(status: number): object {
  return {
    description: REFUSALS[status] ?? 'Done.',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Envelope' } } },
  };
}
