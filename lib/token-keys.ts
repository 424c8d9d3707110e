import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface TokenKeysProps {
  /** Name, or complete ARN. @default a new secret with a random value, unless there is a `jwksUrl` */
  readonly jwtSecretName?: string;
  /** @default no asymmetric keys are accepted */
  readonly jwksUrl?: string;
  /** @default not checked */
  readonly issuer?: string;
  /** @default not checked */
  readonly audience?: string;
  readonly removalPolicy: RemovalPolicy;
}

/** What access tokens are verified with. The secret is read at run time; the template knows only its name. */
export class TokenKeys extends Construct {
  /** Undefined when the keys of `jwksUrl` alone are accepted. */
  readonly secret: Secret | ISecret | undefined;
  /** What a function must be told to verify tokens. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: TokenKeysProps) {
    super(scope, id);
    this.secret = this.chooseSecret(props);
    this.environment = {
      // Where the complete ARN is not known, the name: a partial ARN is misread when the name ends like `-secret`.
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
      ...(this.secret && { JWT_SECRET_ARN: this.secret.secretFullArn ?? this.secret.secretName }),
      ...(props.jwksUrl && { JWKS_URL: props.jwksUrl }),
      ...(props.issuer && { JWT_ISSUER: props.issuer }),
      ...(props.audience && { JWT_AUDIENCE: props.audience }),
    };
  }

  grantRead(grantee: IGrantable): void {
    this.secret?.grantRead(grantee);
  }

  private chooseSecret({
    jwtSecretName,
    jwksUrl,
    removalPolicy,
  }: TokenKeysProps): Secret | ISecret | undefined {
    if (jwtSecretName?.startsWith('arn:')) return Secret.fromSecretCompleteArn(this, 'Secret', jwtSecretName);
    if (jwtSecretName !== undefined) return Secret.fromSecretNameV2(this, 'Secret', jwtSecretName);
    return jwksUrl === undefined ? this.newSecret(removalPolicy) : undefined;
  }

  private newSecret(removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, 'Secret', {
      description: 'Signs access tokens (HS256): the platform signs, Parley verifies.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'The platform signs with the same value: rotated here alone, it would refuse every token in use.',
    });
    return secret;
  }
}
