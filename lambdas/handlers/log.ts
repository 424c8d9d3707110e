/** What goes to the log: one object an event. */
export interface Log {
  info(event: string, fields: object): void;
  /** `cause` is logged with its stack; it is never shown to a client. */
  error(event: string, cause: unknown, fields?: object): void;
}

/**
 * Hands objects to the console, as they are. Lambda makes a JSON line of each, with its time, request and level, and the
 * object as its `message`; a text would stand there as a text, with its quotes escaped, and no query could look into it.
 * A terminal shows the object.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const jsonLog: Log = {
  info: (event, fields) => console.log({ event, ...fields }),
  error: (event, cause, fields) => console.error({ event, ...fields, cause: describe(cause) }),
};

/** An error keeps its message and stack in places that JSON leaves out. */
function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack } = cause;
  return { name, message, stack, ...(cause.cause !== undefined && { cause: describe(cause.cause) }) };
}
