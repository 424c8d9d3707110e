/** What a command of the SDK is to this: something with a stack of middleware, whose types do not matter here. */
type Stacked = {
  readonly middlewareStack: {
    add(
      middleware: <Args, Answer>(next: (args: Args) => Promise<Answer>) => (args: Args) => Promise<Answer>,
      options: {
        readonly step: 'finalizeRequest';
        readonly priority: 'normal';
        readonly name: string;
        readonly override: true;
      },
    ): void;
  };
};

/**
 * Keeps the SDK from repeating what must not be done twice. Only what was certainly not done, because DynamoDB had no
 * capacity for it, is tried again; else the first failure is the last, and it may have been done.
 */
export function once<Command extends Stacked>(command: Command): Command {
  command.middlewareStack.add(
    (next) => {
      let failure: unknown;
      return async (args) => {
        if (failure !== undefined) throw failure;
        return next(args).catch((thrown: unknown) => {
          if (!wasThrottled(thrown)) failure = thrown;
          throw thrown;
        });
      };
    },
    // lib-dynamodb resolves the stack of a command twice, and would refuse the second of this name.
    { step: 'finalizeRequest', priority: 'normal', name: 'once', override: true },
  );
  return command;
}

function wasThrottled(thrown: unknown): boolean {
  const { name } = thrown as { readonly name?: string };
  return name === 'ProvisionedThroughputExceededException' || name === 'ThrottlingException';
}
