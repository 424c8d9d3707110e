/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles (lib/bundling.ts). The SDK looks for credentials in
 * every place a developer may keep them, which is a quarter of a bundle; a Lambda function has its role's in the
 * environment, for as long as it lives.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider() {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error('The environment holds no AWS credentials, as it does in a Lambda function.');
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
