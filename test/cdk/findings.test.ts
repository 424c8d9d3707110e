import { Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ParleyStack, type ParleyStackProps } from '../../lib/parley-stack.ts';
import { newApp } from './synthesize.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/1';

function checked(props: ParleyStackProps) {
  const app = newApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack: new ParleyStack(app, 'parley-live', props) };
}

// CDK's own rules take some seconds to load, and more where everything runs at once.
describe('the AWS Solutions rules', { timeout: 120_000 }, () => {
  it.each<[string, ParleyStackProps]>([
    ['as it comes', {}],
    ['with public keys, behind one host', { jwksUrl: 'https://id.example.com/keys', singleHost: true }],
    [
      'behind one host with its own name',
      { singleHost: true, domainName: 'chat.example.com', certificateArn: CERTIFICATE },
    ],
    ['with a name of its own', { domainName: 'chat.example.com', certificateArn: CERTIFICATE }],
    [
      'in a named region, with an existing secret and all logs',
      {
        env: { account: '123456789012', region: 'eu-west-1' },
        jwtSecretName: 'chat/jwt',
        socketAccessLog: true,
      },
    ],
  ])('find nothing that is not accepted with its reason: %s', (_, props) => {
    expect(() => checked(props).app.synth()).not.toThrow();
  });

  it('fail the synthesis for anything else', () => {
    const { app, stack } = checked({});
    new Topic(stack, 'Unencrypted');
    expect(() => app.synth()).toThrow();
  });
});
