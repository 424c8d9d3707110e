import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, RecursiveLoop, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BUNDLING, HANDLERS } from './bundling.ts';

const LOCK_FILE = fileURLToPath(new URL('../package-lock.json', import.meta.url));

const bundling: BundlingOptions = {
  ...BUNDLING,
  format: OutputFormat.ESM,
  mainFields: [...BUNDLING.mainFields],
  externalModules: [...BUNDLING.external],
  esbuildArgs: { '--alias': Object.entries(BUNDLING.alias).map(([from, to]) => `${from}=${to}`) },
  logLevel: LogLevel.WARNING,
};

/** Memory buys CPU in proportion: here about 0.3 of a core, and a full one while the function starts. */
const MEMORY_MIB = 512;

export interface HandlerFunctionProps {
  /** File in `lambdas/handlers`, without its ending. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** At most so many at once, kept free for them. @default what the account has left */
  readonly concurrency?: number | undefined;
  /** May be invoked by what it causes itself, again and again. @default false */
  readonly recursive?: boolean;
}

/** One Lambda, with its own role, which at first may do nothing but write its own log. */
export class HandlerFunction extends Construct implements IGrantable {
  readonly lambda: NodejsFunction;
  readonly logGroup: LogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.grantPrincipal = role;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/${Stack.of(this).stackName}/${props.entry}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroup.grantWrite(role);
    this.lambda = new NodejsFunction(this, 'Function', {
      entry: `${HANDLERS}${props.entry}.ts`,
      depsLockFilePath: LOCK_FILE,
      bundling,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: MEMORY_MIB,
      role,
      logGroup: this.logGroup,
      ...(props.concurrency !== undefined && { reservedConcurrentExecutions: props.concurrency }),
      recursiveLoop: props.recursive ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      loggingFormat: LoggingFormat.JSON,
      // START and REPORT lines of every frame would cost more than the frame.
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
    });
  }

  addEnvironment(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) this.lambda.addEnvironment(name, value);
  }
}
