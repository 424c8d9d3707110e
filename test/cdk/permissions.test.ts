import { describe, expect, it } from 'vitest';
import { entriesThatMay, functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const functions = functionsIn(template);
const statements = functions.flatMap((fn) => fn.statements);

const [groupName] = Object.values(template.findResources('AWS::Scheduler::ScheduleGroup')).map(
  ({ Properties }) => Properties.Name as string,
);

const ALL = [
  'authenticate',
  'connect',
  'default',
  'disconnect',
  'http',
  'join-booking',
  'leave-booking',
  'mark-as-read',
  'polling',
  'send-message',
  'sweep',
  'task',
  'typing',
];

const ITEM_ACTIONS = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

describe('what the functions may do', () => {
  it('is written down for each of them', () => {
    expect(functions.map(({ entry }) => entry).sort()).toEqual(ALL);
    for (const { entry, statements } of functions) expect(statements.length, entry).toBeGreaterThan(1);
  });

  it('never includes a wildcard among the actions', () => {
    const actions = statements.flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('has no wildcard resource but the connections of the one stage, and the schedules of the one group', () => {
    const wild = statements.flatMap((statement) => statement.resources.filter((arn) => arn.includes('*')));
    const paths = new Set(wild.map((arn) => arn.split(/>[:/]/).at(-1)));
    expect([...paths].sort()).toEqual([
      'live/DELETE/@connections/*',
      'live/POST/@connections/*',
      `schedule/${groupName}/*`,
    ]);
  });

  it('comes from no policy that AWS manages', () => {
    for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  it('lets a function write no log but its own', () => {
    for (const { entry, statements, properties } of functions) {
      const logs = statements.filter(({ actions }) => actions.includes('logs:PutLogEvents'));
      expect(
        logs.map(({ resources }) => resources),
        entry,
      ).toEqual([[`<${properties.LoggingConfig.LogGroup.Ref}>`]]);
    }
  });
});

describe('the table', () => {
  const [table] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
  const onTable = statements.filter(({ actions }) =>
    actions.some((action) => action.startsWith('dynamodb:')),
  );

  it('is never scanned, and never changed but item by item', () => {
    expect(entriesThatMay(template, 'dynamodb:Scan')).toEqual([]);
    const actions = new Set(onTable.flatMap((statement) => statement.actions));
    expect(ITEM_ACTIONS).toEqual(expect.arrayContaining([...actions]));
  });

  it('is the only one they reach, with its one index for those that list conversations', () => {
    const resources = new Set(onTable.flatMap((statement) => statement.resources));
    expect([...resources].sort()).toEqual([`<${table}>`, `<${table}>/index/activity`]);
    const listing = functions.filter(({ statements }) =>
      statements.some(({ actions, resources }) => {
        const onIndex = resources.some((arn) => arn.endsWith('/index/activity'));
        if (onIndex) expect(actions).toEqual(['dynamodb:Query']);
        return onIndex;
      }),
    );
    expect(listing.map(({ entry }) => entry).sort()).toEqual(['default', 'http', 'polling', 'task']);
  });
});

describe('pushing', () => {
  it('is for every function but $connect, before whose return nothing can be posted', () => {
    const all = ALL.filter((entry) => entry !== 'connect');
    expect(entriesThatMay(template, 'execute-api:ManageConnections')).toEqual(all);
    for (const { entry, variables } of functions) {
      expect('CALLBACK_URL' in variables, entry).toBe(entry !== 'connect');
    }
  });
});

describe('the token secret', () => {
  it('is read by those that verify tokens, and by nobody else', () => {
    const verifying = ['authenticate', 'connect', 'default', 'http', 'polling'];
    expect(entriesThatMay(template, 'secretsmanager:GetSecretValue')).toEqual(verifying);
    for (const { entry, variables } of functions) {
      expect('JWT_SECRET_ARN' in variables, entry).toBe(verifying.includes(entry));
    }
  });

  it('is not readable at all where tokens are verified by public keys', () => {
    const byKeys = synthesize({ jwksUrl: 'https://id.example.com/keys' });
    expect(entriesThatMay(byKeys, 'secretsmanager:GetSecretValue')).toEqual([]);
  });
});

describe('the task queue', () => {
  it('is written by all and emptied by its consumer', () => {
    expect(entriesThatMay(template, 'sqs:SendMessage')).toEqual(ALL);
    expect(entriesThatMay(template, 'sqs:DeleteMessage')).toEqual(['task']);
  });
});

describe('the schedules', () => {
  const [[roleId, role] = ['', { Properties: {} }]] = Object.entries(
    template.findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'scheduler.amazonaws.com' } }] },
      },
    }),
  );

  it('are kept by the function that is told of bookings, and by nobody else', () => {
    for (const action of ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'iam:PassRole']) {
      expect(entriesThatMay(template, action), action).toEqual(['http']);
    }
    expect(entriesThatMay(template, 'scheduler:UpdateSchedule')).toEqual([]);
    for (const { entry, variables } of functions) {
      expect('SCHEDULE_GROUP' in variables, entry).toBe(entry === 'http');
    }
  });

  it('are of a role that Scheduler alone may take, for this group, and that goes to nobody else', () => {
    const [{ Condition }] = role.Properties.AssumeRolePolicyDocument.Statement;
    expect(Condition.StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(Condition.StringEquals['aws:SourceArn'])).toContain(
      `:schedule-group/${groupName}"`,
    );
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const passing = policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing).toEqual([
      {
        Action: 'iam:PassRole',
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [roleId, 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ]);
  });

  it('may do nothing but put tasks on the queue, or among the dead letters', () => {
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    const policies = Object.values(
      template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: roleId }] } }),
    );
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(new Set(statements.map(({ Action }) => Action))).toEqual(new Set(['sqs:SendMessage']));
    const resources = statements.flatMap(({ Resource }) => Resource).map((arn) => arn['Fn::GetAtt'][0]);
    expect(new Set(resources)).toEqual(new Set(queues));
  });
});
