import type { JsonSchema } from './json-schema.ts';

/**
 * The schema of what is sent, from what the dialects' tests hold it to: a field that each example has is required, and
 * one that is of several types may be of each.
 */
export function schemaOfExamples(examples: readonly unknown[]): JsonSchema {
  const kinds = new Map<string, unknown[]>();
  for (const example of examples) {
    const kind = kindOf(example);
    kinds.set(kind, [...(kinds.get(kind) ?? []), example]);
  }
  const schemas = [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, some]) => schemaOfKind(kind, some));
  const [only, ...more] = schemas;
  if (!only) return {};
  return more.length === 0 ? only : { anyOf: schemas };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function schemaOfKind(kind: string, examples: readonly unknown[]): JsonSchema {
  if (kind === 'object') return schemaOfObjects(examples as readonly Readonly<Record<string, unknown>>[]);
  if (kind === 'array') {
    const items = (examples as readonly (readonly unknown[])[]).flat();
    return items.length === 0 ? { type: 'array' } : { type: 'array', items: schemaOfExamples(items) };
  }
  const isTime = kind === 'string' && examples.every((text) => TIME.test(String(text)));
  return isTime ? { type: 'string', format: 'date-time' } : { type: kind };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function schemaOfObjects(examples: readonly Readonly<Record<string, unknown>>[]): JsonSchema {
  const names = [...new Set(examples.flatMap((example) => Object.keys(example)))];
  const required = names.filter((name) => examples.every((example) => name in example));
  const having = (name: string) =>
    examples.filter((example) => name in example).map((example) => example[name]);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, schemaOfExamples(having(name))])),
    ...(required.length > 0 && { required }),
  };
}
