import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ParleyStack, type ParleyStackProps } from '../../lib/parley-stack.ts';

/** The app as the CLI makes it, but for the bundles, which take most of the time and are none of the template's. */
export function newApp(): App {
  const settings = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return new App({ context: { ...settings.context, 'aws:cdk:bundling-stacks': [] } });
}

export function synthesize(props: ParleyStackProps = {}): Template {
  return Template.fromStack(new ParleyStack(newApp(), 'parley-live', { stageName: 'live', ...props }));
}
