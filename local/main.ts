import { LOCAL_AWS } from './dynamodb-client.ts';
import { readSettings, type Settings } from './settings.ts';
import type { Stack } from './stack.ts';
import { StartupError } from './startup-error.ts';
import { welcome } from './welcome.ts';

/** `npm start`: the local stack, until Ctrl-C. */

/** Handlers log to the terminal only what went wrong; `LOG=info` shows all. */
function localLog(env: NodeJS.ProcessEnv) {
  const isVerbose = env.LOG === 'info';
  return {
    info: (event: string, fields: object) => {
      if (isVerbose) console.log(event, JSON.stringify(fields));
    },
    error: (event: string, cause: unknown, fields: object = {}) => console.error(event, fields, cause),
  };
}

async function start(settings: Settings): Promise<Stack> {
  for (const [name, value] of Object.entries(LOCAL_AWS)) process.env[name] ??= value;
  // Loaded late: the settings are checked first, and the AWS SDK reads the environment when it loads.
  const { startStack } = await import('./stack.ts');
  return startStack(settings, { log: localLog(process.env), hasSamples: true });
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const starting = start(settings).catch((thrown: unknown) => {
    throw explained(thrown, settings);
  });
  const end = (exitCode: number) => {
    process.exitCode ??= exitCode;
    void starting.then((stack) => stack.stop()).finally(() => process.exit());
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(0));
  const stack = await starting;
  console.log(await welcome(stack, settings));
  void stack.engineExited.then((exit) => {
    if (exit.kind !== 'died') return;
    console.error(`The DynamoDB-compatible engine has ended unexpectedly: it ${exit.reason}.`);
    end(1);
  });
}

/** The errors that a person can put right, as one sentence. */
function explained(thrown: unknown, { host, port }: Settings): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartupError(`Port ${port} is taken: stop what listens there, or set PORT to another one.`);
  }
  if (code === 'EACCES') return new StartupError(`Port ${port} may not be used: set PORT to one above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError(`HOST "${host}" is not an address of this machine.`);
  }
  return thrown;
}

main().catch((thrown: unknown) => {
  console.error(thrown instanceof StartupError ? thrown.message : thrown);
  process.exit(1);
});
