import { parseArgs } from 'node:util';
import { mintToken } from './mint-token.ts';
import { readSettings, signing } from './settings.ts';

/** `npm run token -- --sub u1 --name Ann --role client`: prints a token for the local secret. */

const USAGE =
  'Usage: npm run token -- --sub <user id> [--name <name>] [--email <address>] [--username <name>] [--role <role>] [--dialect <dialect>] [--hours <1…8760>]';
const DEFAULT_HOURS = 24;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sub: { type: 'string' },
      name: { type: 'string' },
      email: { type: 'string' },
      username: { type: 'string' },
      role: { type: 'string' },
      dialect: { type: 'string' },
      hours: { type: 'string' },
    },
  });
  const { sub, hours: hoursText, ...claims } = values;
  const hours = hoursText === undefined ? DEFAULT_HOURS : Number(hoursText);
  if (!sub || !(hours > 0 && hours <= 8760))
    throw new TypeError('--sub is needed, and --hours must be 1 to 8760');
  console.log(await mintToken({ sub, ...claims }, signing(readSettings(process.env)), hours));
}

main().catch((thrown: unknown) => {
  console.error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${USAGE}`);
  process.exitCode = 1;
});
