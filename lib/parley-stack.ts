import { CfnOutput, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { FaultCount } from './fault-count.ts';
import { Functions } from './functions.ts';
import { Heartbeat } from './heartbeat.ts';
import { HttpsApi } from './https-api.ts';
import { MessageTable } from './message-table.ts';
import { metricsOf } from './metrics.ts';
import { OperatorDashboard } from './operator-dashboard.ts';
import { Schedules } from './schedules.ts';
import { SingleHost } from './single-host.ts';
import { SocketApi } from './socket-api.ts';
import { SocketDomain } from './socket-domain.ts';
import { TaskQueue } from './task-queue.ts';
import { TokenKeys } from './token-keys.ts';

export interface ParleyStackProps extends StackProps {
  /** Last part of the WebSocket URL. @default 'live' */
  readonly stageName?: string;
  /**
   * Name of an existing secret in Secrets Manager whose value signs the access tokens (HS256).
   * @default a new secret with a random value, unless there is a `jwksUrl`
   */
  readonly jwtSecretName?: string;
  /** Where the public keys of access tokens are. @default no asymmetric keys are accepted */
  readonly jwksUrl?: string;
  /** The `iss` that tokens must have. @default not checked */
  readonly issuer?: string;
  /** The `aud` that tokens must have. @default not checked */
  readonly audience?: string;
  /** The dialect of devices that do not name one. @default 'booking' */
  readonly dialect?: string;
  /** Origins whose browsers may call the REST routes and Socket.IO's long-polling, separated by commas. @default http://localhost:5173 */
  readonly clientUrl?: string;
  /** One host before both APIs, by CloudFront. @default false: each has its own */
  readonly singleHost?: boolean;
  /** A name of one's own, for the single host or else for the WebSocket API. @default the names that AWS gives */
  readonly domainName?: string;
  /** The certificate of `domainName`: of us-east-1 for the single host, else of the stack's region. */
  readonly certificateArn?: string;
  /** How long a lost Socket.IO client may be recovered; 0: never. @default 7200, two hours */
  readonly recoverySeconds?: number;
  /** Connections of one address that have not said yet who they are; 0: any number. @default 50 */
  readonly strangersPerAddress?: number;
  /** Whom a user sees come and go. @default each dialect's own choice */
  readonly presenceScope?: 'contacts' | 'everyone';
  /** How long somebody whose connection is lost counts as there, 900 at most. @default 10 */
  readonly presenceGraceSeconds?: number;
  /** Routes below `/test`, for who develops. @default false */
  readonly testRoutes?: boolean;
  /** How many minutes before an appointment people are reminded of it, separated by commas. @default '1440,60,15' */
  readonly reminderMinutes?: string;
  /** Requests of HTTP long-polling served at once, each held poll being one. @default what the account has left */
  readonly pollingConcurrency?: number;
  /** @default true */
  readonly deletionProtection?: boolean;
  /** What becomes of table and own secret when the stack is deleted. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** WebSocket frames, and REST requests, a second. @default 2000 */
  readonly throttleRate?: number;
  /** @default 1000 */
  readonly throttleBurst?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** Per-route metrics of the WebSocket API, at CloudWatch's price of custom metrics. @default false */
  readonly detailedMetrics?: boolean;
  /** Needs the account's CloudWatch role for API Gateway (docs/deploy.md). @default false */
  readonly socketAccessLog?: boolean;
  /** ARN of the SNS topic that is told of alarms. @default alarms show in CloudWatch alone */
  readonly alarmTopicArn?: string;
}

const DEFAULTS = {
  stageName: 'live',
  dialect: 'booking',
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  throttleRate: 2000,
  throttleBurst: 1000,
  logRetention: RetentionDays.ONE_MONTH,
  detailedMetrics: false,
  socketAccessLog: false,
};

/** One Parley: a chat backend with its own table, in one account and region. */
export class ParleyStack extends Stack {
  constructor(scope: Construct, id: string, props: ParleyStackProps = {}) {
    super(scope, id, { description: 'Parley: real-time messaging', ...props });
    const settings = { ...DEFAULTS, ...props, ...(props.singleHost && { edgeKey: this.stackGuid() }) };
    const table = new MessageTable(this, 'Messages', settings);
    const tasks = new TaskQueue(this, 'Tasks');
    const schedules = new Schedules(this, 'Schedules', { tasks });
    const keys = new TokenKeys(this, 'TokenKeys', settings);
    const sockets = new SocketApi(this, 'Sockets', settings);
    const parts = { table, tasks, schedules, keys, sockets };
    const functions = new Functions(this, 'Functions', { ...settings, ...parts });
    for (const [routeKey, fn] of Object.entries(functions.routes)) sockets.addRoute(routeKey, fn);
    new Heartbeat(this, 'Heartbeat', { sweep: functions.sweep });
    const https = new HttpsApi(this, 'Https', {
      ...settings,
      rest: functions.http,
      polling: functions.polling,
    });

    this.addHost(settings, https, sockets);

    const faults = new FaultCount(this, 'FaultCount', { logGroups: functions.all.map((fn) => fn.logGroup) });
    const metrics = metricsOf({
      sockets: sockets.stage,
      https: https.stage,
      functions,
      table,
      tasks,
      faults,
    });
    new Alarms(this, 'Alarms', { ...settings, metrics });
    new OperatorDashboard(this, 'Dashboard', { metrics });

    new CfnOutput(this, 'WebSocketUrl', { value: sockets.stage.url });
    new CfnOutput(this, 'HttpUrl', { value: https.stage.url });
    new CfnOutput(this, 'TableName', { value: table.table.tableName });
    if (keys.secret) new CfnOutput(this, 'JwtSecretName', { value: keys.secret.secretName });
  }

  private addHost(
    { edgeKey, domainName: name, certificateArn }: ParleyStackProps & { readonly edgeKey?: string },
    https: HttpsApi,
    sockets: SocketApi,
  ): void {
    const domain = name !== undefined && certificateArn !== undefined ? { name, certificateArn } : undefined;
    if (edgeKey !== undefined) {
      const apis = { https, sockets, edgeKey };
      const { distribution } = new SingleHost(this, 'Host', { ...apis, ...(domain && { domain }) });
      this.announce(name ?? distribution.domainName, distribution.domainName);
    } else if (domain) {
      const { domainName } = new SocketDomain(this, 'SocketDomain', { sockets, domain });
      this.announce(domain.name, domainName.regionalDomainName);
    }
  }

  /**
   * The last part of the stack's ARN, which nobody knows who may not read the account. Whoever guessed it would gain more
   * connections that have not said who they are, and nothing else.
   */
  private stackGuid(): string {
    return Fn.select(2, Fn.split('/', this.stackId));
  }

  /** @param target what the host's name has to lead to in the DNS */
  private announce(host: string, target: string): void {
    new CfnOutput(this, 'SocketIoUrl', { value: `https://${host}` });
    if (host !== target) new CfnOutput(this, 'DnsTarget', { value: target });
  }
}
