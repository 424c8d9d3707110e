import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ParleyStack } from '../lib/parley-stack.ts';
import { readSettings, SettingError } from './settings.ts';

/** Settings that the local stack takes from the environment; a deployment takes them from there too. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  jwksUrl: 'JWKS_URL',
  issuer: 'JWT_ISSUER',
  audience: 'JWT_AUDIENCE',
  dialect: 'DIALECT',
  clientUrl: 'CLIENT_URL',
  recoverySeconds: 'RECOVERY_SECONDS',
  strangersPerAddress: 'STRANGERS_PER_ADDRESS',
  presenceScope: 'PRESENCE_SCOPE',
  presenceGraceSeconds: 'PRESENCE_GRACE_SECONDS',
  reminderMinutes: 'REMINDER_MINUTES',
};

const app = new App();
try {
  const { stage, stack } = readSettings((name) => contextOf(name) ?? environmentOf(name));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new ParleyStack(app, `parley-${stage}`, stack);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function contextOf(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? undefined : String(value);
}

function environmentOf(name: string): string | undefined {
  const variable = ENVIRONMENT[name];
  // As in the local stack, an empty variable counts as unset.
  return (variable && process.env[variable]) || undefined;
}
