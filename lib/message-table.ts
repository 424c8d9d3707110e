import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { TABLE } from '../lambdas/aws/table.ts';
import type { TableAction } from './handlers.ts';

export interface MessageTableProps {
  /** @default true */
  readonly deletionProtection?: boolean;
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** The one table: paid per request, restorable to any second of the last 35 days, expired rows removed by DynamoDB. */
export class MessageTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: MessageTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TABLE.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.addActivityIndex();
  }

  /** Allows the named item-level actions on the table alone: no index, no scan, no change of the table. */
  grantItems(grantee: IGrantable, actions: readonly TableAction[]): Grant {
    return this.grant(grantee, actions, this.table.tableArn);
  }

  /** Allows queries of the activity index, and nothing else of it. */
  grantActivityQuery(grantee: IGrantable): Grant {
    return this.grant(grantee, ['Query'], `${this.table.tableArn}/index/${TABLE.activityIndex.name}`);
  }

  private grant(grantee: IGrantable, actions: readonly TableAction[], resource: string): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: [...new Set(actions)].map((action) => `dynamodb:${action}`),
      resourceArns: [resource],
    });
  }

  private addActivityIndex(): void {
    const { name, partitionKey, sortKey, nonKeyAttributes } = TABLE.activityIndex;
    this.table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...nonKeyAttributes],
    });
  }
}
