import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Fault } from '../core/fault.ts';

/** The answer of every route (support.md “API Response Format”). */
export function success(c: Context, message: string, data: object): Response {
  return c.json({ success: true, message, data });
}

/** The same for something that was made. */
export function created(c: Context, message: string, data: object): Response {
  return c.json({ success: true, message, data }, 201);
}

/** The same for a refusal; `error` is its code. */
export function refusal(c: Context, { message, code, status }: Fault): Response {
  return c.json({ success: false, message, data: null, error: code }, status as ContentfulStatusCode);
}
