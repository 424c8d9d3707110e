import { Stack } from 'aws-cdk-lib';
import { Effect, Grant, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { HandlerFunction } from './handler-function.ts';
import type { TaskQueue } from './task-queue.ts';

export interface SchedulesProps {
  readonly tasks: TaskQueue;
}

const SCHEDULER = 'scheduler.amazonaws.com';

/**
 * Tasks whose time is known: EventBridge Scheduler puts each on the task queue, or else among its dead letters, where the
 * same alarm tells of it.
 */
export class Schedules extends Construct {
  private readonly group: ScheduleGroup;
  private readonly role: Role;
  private readonly tasks: TaskQueue;

  constructor(scope: Construct, id: string, { tasks }: SchedulesProps) {
    super(scope, id);
    this.tasks = tasks;
    this.group = new ScheduleGroup(this, 'Group');
    this.role = new Role(this, 'Role', { assumedBy: this.schedulerOfThisGroup() });
    for (const queue of [tasks.queue, tasks.deadLetters]) queue.grant(this.role, 'sqs:SendMessage');
  }

  /** Lets a function schedule tasks and call them off, by this group and in this role's name alone. */
  grantSchedule(fn: HandlerFunction): void {
    fn.addEnvironment({
      SCHEDULE_GROUP: this.group.scheduleGroupName,
      SCHEDULE_ROLE_ARN: this.role.roleArn,
      TASK_QUEUE_ARN: this.tasks.queue.queueArn,
      DEAD_LETTERS_ARN: this.tasks.deadLetters.queueArn,
    });
    const schedules = this.arnOf('schedule', `${this.group.scheduleGroupName}/*`);
    const actions = ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'];
    Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [schedules] });
    acknowledgeWildcards(
      fn,
      [schedules],
      'A schedule is named when its task is known; its group is the limit.',
    );
    fn.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': SCHEDULER } },
      }),
    );
  }

  /** https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  private schedulerOfThisGroup(): ServicePrincipal {
    const { account } = Stack.of(this);
    const group = this.arnOf('schedule-group', this.group.scheduleGroupName);
    const conditions = { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } };
    return new ServicePrincipal(SCHEDULER, { conditions });
  }

  private arnOf(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'scheduler', resource, resourceName });
  }
}
