import * as z from 'zod/mini';
import { Fault } from '../core/fault.ts';
import { CONTENT_LENGTH, clientMessageId, defined, id, line, OBJECT, optionalContent } from './payload.ts';

/** What a message is besides where it goes, in the dialects and routes whose messages may be more than text. */

const ATTACHMENTS_MAX = 10;
const URL_MAX = 2_048;
const FILE_NAME_MAX = 256;

/** A file that a message refers to: where it lies, and what it is. Only web addresses, which no viewer runs. */
const attachment = z.object(
  {
    url: line(URL_MAX).check(z.refine(isWebAddress, { error: 'must be an http(s) address' })),
    filename: z.optional(line(FILE_NAME_MAX)),
    mimetype: z.optional(line(FILE_NAME_MAX)),
    size: z.optional(
      z
        .number({ error: 'must be a number of bytes' })
        .check(
          z.refine((size) => Number.isSafeInteger(size) && size >= 0, { error: 'must be a number of bytes' }),
        ),
    ),
  },
  { error: OBJECT },
);

const attachments = z
  .array(attachment, { error: 'must be a list of attachments' })
  .check(
    z.refine((list) => list.length <= ATTACHMENTS_MAX, { error: `must hold at most ${ATTACHMENTS_MAX}` }),
  );

/** What a message is besides where it goes; `content` may be missing where there are attachments. */
export const messageFields = {
  content: optionalContent,
  messageType: z.optional(z.enum(['text', 'image', 'file'], { error: "must be 'text', 'image' or 'file'" })),
  attachments: z.optional(attachments),
  replyTo: z.optional(z.nullable(id)),
  clientMessageId: z.optional(clientMessageId),
} as const;

const message = z.object(messageFields);

/**
 * The fields of a message as a command has them.
 *
 * @throws Fault `payload-invalid` where there is neither text nor an attachment.
 */
export function messageForm(fields: z.output<typeof message>) {
  const { content: text, messageType, attachments: files, replyTo, clientMessageId: own } = fields;
  if (text === '' && (files ?? []).length === 0) {
    throw new Fault('payload-invalid', `content: ${CONTENT_LENGTH}`);
  }
  return {
    content: text,
    ...(messageType !== undefined && { type: messageType }),
    ...(files !== undefined && { attachments: files.map(defined) }),
    ...(replyTo !== undefined && replyTo !== null && { replyTo }),
    ...(own !== undefined && { clientMessageId: own }),
  };
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
}
