import { ConditionalCheckFailedException, type ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Span, sequentialDepth } from './sequential-depth.ts';

/** What was asked of DynamoDB, in requests and in the units that AWS bills. */
export type Consumption = {
  readonly requests: number;
  /** Requests that could not be sent at the same time as the one before. */
  readonly roundTrips: number;
  /** The same until the first frame is pushed; absent where none was. */
  readonly roundTripsBeforePush?: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Frames posted to connections. */
  readonly pushes: number;
};

type Request = Span & { readonly writeUnits: number; readonly readUnits: number };

const WRITES: ReadonlySet<string> = new Set([
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
  'TransactWriteItemsCommand',
]);

/**
 * AWS bills a write that its condition refused by the size of the row, but does not report it. All rows here are below
 * 1 KB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
 */
const REFUSED_WRITE_UNITS = 1;

/** Watches the table's client and the pushes, in the order in which they begin and end: no clock is involved. */
export class RequestMeter {
  #tick = 0;
  #requests: Request[] = [];
  #pushes: number[] = [];

  /** Has DynamoDB report what each request of this client consumes, and notes it. */
  watch(client: DynamoDBDocumentClient): void {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' };
          return this.#follow(commandName, () => next({ ...args, input }));
        },
      { step: 'initialize', name: 'requestMeter', priority: 'high' },
    );
  }

  /** Notes that a frame has reached the gateway. */
  notePush(): void {
    this.#pushes.push(this.#next());
  }

  /** What was consumed since the last reading. */
  read(): Consumption {
    const [requests, pushes] = [this.#requests, this.#pushes];
    this.#requests = [];
    this.#pushes = [];
    const [firstPush] = pushes;
    const before = requests.filter(({ begin }) => firstPush !== undefined && begin < firstPush);
    return {
      requests: requests.length,
      roundTrips: sequentialDepth(requests),
      ...(firstPush !== undefined && { roundTripsBeforePush: sequentialDepth(before) }),
      writeUnits: sum(requests.map(({ writeUnits }) => writeUnits)),
      readUnits: sum(requests.map(({ readUnits }) => readUnits)),
      pushes: pushes.length,
    };
  }

  async #follow<Result extends { readonly output: object }>(
    commandName: string,
    send: () => Promise<Result>,
  ): Promise<Result> {
    const begin = this.#next();
    const note = (units: number) => {
      const isWrite = WRITES.has(commandName);
      const [writeUnits, readUnits] = isWrite ? [units, 0] : [0, units];
      this.#requests.push({ begin, end: this.#next(), writeUnits, readUnits });
    };
    try {
      const result = await send();
      note(unitsIn(result.output));
      return result;
    } catch (thrown) {
      note(thrown instanceof ConditionalCheckFailedException ? REFUSED_WRITE_UNITS : 0);
      throw thrown;
    }
  }

  #next(): number {
    this.#tick += 1;
    return this.#tick;
  }
}

/** One for a request on one row, a list for those on many. */
function unitsIn({ ConsumedCapacity: consumed }: { readonly ConsumedCapacity?: unknown }): number {
  const all = [consumed].flat() as readonly (ConsumedCapacity | undefined)[];
  return sum(all.map((one) => one?.CapacityUnits ?? 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
