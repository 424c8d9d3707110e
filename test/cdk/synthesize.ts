import { readFileSync } from 'node:fs';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ParleyStack, type ParleyStackProps } from '../../lib/parley-stack.ts';

/** The app as the CLI makes it, but for the bundles: they take most of the time, and no test reads them here. */
export function newApp(props: AppProps = {}): App {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, ...props });
}

/** The template, not checked by CDK's own rules: they take seconds, and findings.test.ts applies them. */
export function synthesize(props: ParleyStackProps = {}): Template {
  const app = newApp({ builtinCloudFormationValidation: false });
  return Template.fromStack(new ParleyStack(app, 'parley-live', { stageName: 'live', ...props }));
}
