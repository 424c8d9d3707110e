import type * as z from 'zod/mini';
import type { OutboundEvent } from '../../../lambdas/core/outbound-event.ts';
import type { Dialect, Refusal } from '../../../lambdas/dialects/dialect.ts';

/** The words of a dialect as the server's tables have them, in types alone. */

/** Every event that a device may be told, with its payload; but for those of the platform's own. */
export type Told<D extends Dialect> = {
  [Event in Outbound<D> as Event['name']]: Event['args'] extends readonly [infer Payload]
    ? Payload
    : undefined;
};

type Outbound<D extends Dialect> =
  | EventsOf<D['signals'][Exclude<keyof D['signals'], 'custom-event'>]>
  | (D extends { readonly greeting: infer Renderer } ? EventsOf<Renderer> : never)
  | EventsOf<RequestIn<D>['answer']>
  | { readonly name: 'error'; readonly args: readonly [Refusal] };

type EventsOf<Renderer> = Renderer extends (...args: never) => readonly (infer Event extends OutboundEvent)[]
  ? Event
  : never;

type RequestIn<D extends Dialect> = ReturnType<D['events'][keyof D['events']]>;

/** Every event that a device may send, with its payload and the acknowledgement. */
export type Asked<D extends Dialect> = {
  [Name in keyof D['events']]: {
    readonly payload: z.input<D['events'][Name]['schema']>;
    readonly reply: ReturnType<ReturnType<D['events'][Name]>['acknowledge']>;
  };
};

/** The names under which one has what the other has not, or something else; `never` where they are the same. */
export type Differing<One, Other> = {
  [K in keyof One | keyof Other]: K extends keyof One & keyof Other
    ? IsSame<Plain<One[K]>, Plain<Other[K]>> extends true
      ? never
      : K
    : K;
}[keyof One | keyof Other];

type IsSame<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** A type as JSON has it, in one spelling: all is read-only, and what may be missing is never `undefined`. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<Given<T, K>> }
    : T;

type Given<T, K extends keyof T> = object extends Pick<T, K> ? T[K] & Defined : T[K];

type Defined = NonNullable<unknown> | null;
