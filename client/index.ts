/** The client for frontends: `parley/client`. */
export type * from './dialects/vocabularies.ts';
export type { Client } from './sdk/client.ts';
export type { ClientOptions } from './sdk/client-options.ts';
export { createClient } from './sdk/create-client.ts';
export { ParleyError, type ParleyErrorCode } from './sdk/parley-error.ts';
export type * from './sdk/types.ts';
