/** What a SigV4 header must name to be let in; what is left out may be anything. */
export type ExpectedCredentials = { readonly accessKeyId?: string; readonly region?: string };

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=(?<accessKeyId>[^/,\s]+)\/\d{8}\/(?<region>[^/,\s]+)\/execute-api\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

/**
 * Whether a request carries a SigV4 signature for API Gateway. The signature itself is not computed anew: a missing
 * one, another service's, or (where asked for) another key's or region's is what a wrong configuration looks like.
 */
export function isSigned(authorization: string | undefined, expected: ExpectedCredentials): boolean {
  const scope = SIGV4.exec(authorization ?? '')?.groups;
  if (!scope) return false;
  return (
    (expected.accessKeyId ?? scope.accessKeyId) === scope.accessKeyId &&
    (expected.region ?? scope.region) === scope.region
  );
}
