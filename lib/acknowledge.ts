import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts findings of the security rules on one construct, each with its reason. A finding that is not accepted
 * fails the synthesis.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}

/** Accepts a wildcard in these resources of a policy, and in no others. */
export function acknowledgeWildcards(construct: IConstruct, arns: readonly string[], reason: string): void {
  for (const arn of arns) {
    acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${findingName(construct, arn)}]`]: reason });
  }
}

/** A finding names a resource by its ARN, with `<LogicalId>` for what CloudFormation fills in. */
function findingName(construct: IConstruct, arn: string): string {
  const resolved = Stack.of(construct).resolve(arn) as Joined | string;
  if (typeof resolved === 'string') return resolved;
  const { 'Fn::Join': joined } = resolved;
  return joined[1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}

type Joined = { readonly 'Fn::Join': readonly [string, readonly (string | { readonly Ref: string })[]] };
