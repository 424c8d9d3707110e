/** An event as a frontend knows it: a name and its arguments. */
export type OutboundEvent = { readonly name: string; readonly args: readonly unknown[] };
