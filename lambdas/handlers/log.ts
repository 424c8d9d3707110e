/** What goes to the log: one JSON line an event, to standard output, which Lambda hands to CloudWatch. */
export interface Log {
  info(event: string, fields: object): void;
  /** `cause` is logged with its stack; it is never shown to a client. */
  error(event: string, cause: unknown, fields?: object): void;
}

export const jsonLog: Log = {
  info: (event, fields) => console.log(JSON.stringify({ level: 'INFO', event, ...fields })),
  error: (event, cause, fields) =>
    console.error(JSON.stringify({ level: 'ERROR', event, ...fields, cause: describe(cause) })),
};

function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack } = cause;
  return { name, message, stack, ...(cause.cause !== undefined && { cause: describe(cause.cause) }) };
}
