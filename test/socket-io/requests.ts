import type { Table } from '../../lambdas/aws/table-client.ts';

/** A request to DynamoDB: which, and of what partition where it is a Query. */
export type Request = { readonly command: string; readonly partition?: string };

/** Writes down every request of a table's client from now on, an SDK's repetitions not counted. */
export function recordRequests({ client }: Table): Request[] {
  const requests: Request[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const values = (
          args.input as { readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> }
        ).ExpressionAttributeValues;
        const partition = values?.[':pk'];
        const command = String(commandName).replace(/Command$/, '');
        requests.push({ command, ...(typeof partition === 'string' && { partition }) });
        return next(args);
      },
    { step: 'initialize', priority: 'high' },
  );
  return requests;
}
