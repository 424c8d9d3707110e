import * as z from 'zod/mini';
import {
  clientMessageId,
  content,
  emoji,
  id,
  optionalContent,
  title,
} from '../../lambdas/dialects/payload.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** What the checks of these schemas mean, which JSON Schema cannot see. Lengths are in characters. */
const MEANT: ReadonlyMap<unknown, JsonSchema> = new Map<unknown, JsonSchema>([
  [id, { minLength: 1, maxLength: 128, description: 'An opaque id, without control characters.' }],
  [
    content,
    {
      type: 'string',
      minLength: 1,
      maxLength: 2000,
      description: 'Text; trimmed, and no control characters but tab and newline.',
    },
  ],
  [
    optionalContent,
    { type: 'string', maxLength: 2000, description: 'Text; may be left out where there are attachments.' },
  ],
  [
    clientMessageId,
    {
      minLength: 1,
      maxLength: 64,
      description: 'The sender’s own name for the message: a repeat within 30 days is the same message.',
    },
  ],
  [emoji, { minLength: 1, maxLength: 32 }],
  [title, { minLength: 1, maxLength: 256 }],
]);

/** A schema that validates, as JSON Schema 2020-12: what may be sent. */
export function jsonSchemaOf(schema: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const meant = MEANT.get(zodSchema);
      if (!meant) return;
      for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword as keyof typeof jsonSchema];
      Object.assign(jsonSchema, { type: 'string', ...meant });
    },
  });
  return rest;
}
