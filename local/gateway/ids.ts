import { randomBytes } from 'node:crypto';

/**
 * A connection, request or message id in API Gateway's form, such as `L0SM9cOFvHcCIhw=`: base64 of 11 bytes, so it
 * ends with `=` and must be escaped in a URL.
 */
export function newId(): string {
  return `${randomBytes(11).toString('base64url')}=`;
}

/** Whether a string has the form of a connection id; @connections answers 400 to any other, not 410. */
export function isId(text: string): boolean {
  return /^[\w-]{15}=$/.test(text);
}

/** An API id in AWS's form: ten lower-case letters and digits. */
export function newApiId(): string {
  return Array.from(randomBytes(10), (byte) => (byte % 36).toString(36)).join('');
}
