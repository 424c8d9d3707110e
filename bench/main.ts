import { writeFile } from 'node:fs/promises';
import { LOCAL_AWS } from '../local/dynamodb-client.ts';
import { readOptions, USAGE } from './options.ts';

/** `npm run bench`: counts and measures, and prints what it found (docs/bench.md). */

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  Object.assign(process.env, LOCAL_AWS);
  // Loaded late: the AWS SDK reads the environment when it loads.
  const { runBench } = await import('./run-bench.ts');
  const report = await runBench(options, (text) => console.log(`${text}\n`));
  const { processor, cores, memoryGiB, system, node, load } = report.machine;
  console.log(`On ${cores} × ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}; load before: ${load}.`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

main().catch((thrown: unknown) => {
  const isUsage = thrown instanceof TypeError;
  console.error(isUsage ? `${thrown.message}\n${USAGE}` : thrown);
  process.exitCode = 1;
});
