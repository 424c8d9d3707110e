import type { Template } from 'aws-cdk-lib/assertions';

export type Statement = { readonly actions: readonly string[]; readonly resources: readonly string[] };

/** A Lambda as the template makes it: found by its log group, which is named after its entry file. */
export type DeployedFunction = {
  readonly entry: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly statements: readonly Statement[];
};

// biome-ignore lint/suspicious/noExplicitAny: a template is untyped JSON.
type Properties = Readonly<Record<string, any>>;

export function functionsIn(template: Template): readonly DeployedFunction[] {
  return Object.entries(template.findResources('AWS::Lambda::Function')).map(
    ([logicalId, { Properties }]) => ({
      entry: logGroupName(template, Properties).split('/').at(-1) ?? '',
      logicalId,
      properties: Properties,
      variables: Properties.Environment.Variables,
      statements: statementsOf(template, Properties.Role['Fn::GetAtt'][0]),
    }),
  );
}

/** The entries of the functions that may do this, in order. */
export function entriesThatMay(template: Template, action: string): readonly string[] {
  const allowed = functionsIn(template).filter(({ statements }) =>
    statements.some((statement) => statement.actions.includes(action)),
  );
  return allowed.map(({ entry }) => entry).sort();
}

function logGroupName(template: Template, properties: Properties): string {
  const groups = template.findResources('AWS::Logs::LogGroup');
  return groups[properties.LoggingConfig.LogGroup.Ref]?.Properties.LogGroupName;
}

function statementsOf(template: Template, role: string): readonly Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((attached: Properties) => attached.Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat().map(arnText) }));
}

/** An ARN with `<LogicalId>` for what CloudFormation fills in. */
function arnText(arn: unknown): string {
  if (typeof arn === 'string') return arn;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = arn as Properties;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute[0]}>`;
  return join[1].map(arnText).join(join[0]);
}
