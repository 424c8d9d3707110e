import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { Caller, DialectName } from '../core/connection.ts';
import { Fault } from '../core/fault.ts';
import { type Claims, identifyUser } from '../core/identify-user.ts';
import type { Page } from '../core/ports.ts';
import { complaint } from '../dialects/dialect.ts';
import { id } from '../dialects/payload.ts';
import type { HttpParts } from './app.ts';

const LIMIT_MAX = 100;
const PAGE_MAX = 1_000_000;
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * The user a request speaks for.
 *
 * @throws Fault `token-missing`, `token-invalid`, `token-expired`, `user-unknown`.
 */
export async function callerOf(
  c: Context,
  { ports, tokens }: HttpParts,
  dialect: DialectName = 'booking',
): Promise<Caller> {
  const claims = await claimsOf(c, tokens);
  const { userId, name, username, email, role } = await identifyUser(ports, claims);
  const granted = claims.role ?? role;
  return {
    userId,
    name,
    dialect,
    expiresAt: claims.expiresAt,
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(granted !== undefined && { role: granted }),
  };
}

/**
 * Lets only the platform's own backend pass: a token whose `role` is `service`.
 *
 * @throws Fault as `callerOf`, and `not-a-service`.
 */
export async function requireService(c: Context, { tokens }: HttpParts): Promise<void> {
  const { role } = await claimsOf(c, tokens);
  if (role !== 'service') throw new Fault('not-a-service');
}

async function claimsOf(c: Context, tokens: HttpParts['tokens']): Promise<Claims> {
  const token = c.req.header('authorization');
  if (!token) throw new Fault('token-missing');
  return tokens.verify(token);
}

/** A path parameter that is an id. @throws Fault `payload-invalid` */
export function idParam(c: Context, name: string): string {
  return checked(id, c.req.param(name), name);
}

/** `?page=&limit=`: from 1; at most 100 a page. @throws Fault `payload-invalid` */
export function pageQuery(c: Context, defaultLimit: number): Page {
  return {
    number: wholeNumber(c, 'page', 1, PAGE_MAX),
    limit: wholeNumber(c, 'limit', defaultLimit, LIMIT_MAX),
  };
}

/** A query parameter that counts from 1. @throws Fault `payload-invalid` */
function wholeNumber(c: Context, name: string, preset: number, most: number): number {
  const text = c.req.query(name);
  if (text === undefined) return preset;
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new Fault('payload-invalid', `${name}: must be 1 to ${most}`);
  return number;
}

/** A query parameter that says yes or no; left out it is no. @throws Fault `payload-invalid` */
export function flagQuery(c: Context, name: string): boolean {
  const flag = FLAGS.get(c.req.query(name) ?? 'false');
  if (flag === undefined) throw new Fault('payload-invalid', `${name}: must be true or false`);
  return flag;
}

/** The JSON body, if it has this shape. @throws Fault `payload-invalid` */
export async function jsonBody<Schema extends z.ZodMiniType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  return checked(schema, parse(text), undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('payload-invalid', 'the body must be JSON');
  }
}

/** A value, if it has this shape. @throws Fault `payload-invalid` */
export function checked<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  name: string | undefined,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const what = complaint(parsed.error);
  throw new Fault('payload-invalid', name === undefined ? what : `${name}: ${what}`);
}
