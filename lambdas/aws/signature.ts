import { createHash, createHmac } from 'node:crypto';

/** A POST to the root of a host. Names of headers in lower case. */
export type Unsigned = {
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Who signs, for what. */
export type Signing = {
  readonly service: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The headers of a request, its signature (version 4) among them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(
  { host, headers, body }: Unsigned,
  { service, region, credentials }: Signing,
  now: number,
): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const signed = {
    ...headers,
    host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const { names, text } = canonical(signed, body);
  const toSign = [ALGORITHM, time, scope.join('/'), sha256(text)].join('\n');
  const key = scope.reduce<string | Buffer>((derived, part) => hmac(derived, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const credential = `${accessKeyId}/${scope.join('/')}`;
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...signed, authorization };
}

/** A request as both sides write it down before they sign it, and the names of the headers that are signed. */
function canonical(
  headers: Readonly<Record<string, string>>,
  body: string,
): { readonly names: string; readonly text: string } {
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const lines = sorted.map(([name, value]) => `${name}:${value.trim()}`);
  return { names, text: ['POST', '/', '', ...lines, '', names, sha256(body)].join('\n') };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
