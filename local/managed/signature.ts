import { createHash, createHmac, timingSafeEqual } from 'crypto';
import { Credentials } from '../emulator/emulator';

export interface SignedRequest {
  readonly method: string;
  /** The path and the query, as they were sent. */
  readonly target: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Scope {
  readonly region: string;
  readonly service: string;
  /** What must be among the signed headers. */
  readonly signedHeaders: readonly string[];
}

/** Why a request is refused. */
export class Refusal extends Error {}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$`,
);
const CLOCK_TOLERANCE_MILLISECONDS = 5 * 60 * 1000;

/**
 * Verifies a signature of version 4, as AWS documents it, and says whose it is.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @throws Refusal
 */
export function verifySignature(
  request: SignedRequest,
  scope: Scope,
  secretOf: (accessKeyId: string) => Credentials | undefined,
  now = new Date(),
): Credentials {
  const { headers, body } = request;
  const match = AUTHORIZATION.exec(headers.authorization ?? '');
  if (!match) throw new Refusal('the request has no signature of version 4');
  const [, accessKeyId, date, region, service, names, signature] = match;
  const signedHeaders = names.split(';');

  if (region !== scope.region || service !== scope.service) {
    throw new Refusal(`signed for ${service} in ${region}, not for ${scope.service} in ${scope.region}`);
  }
  const unsigned = ['host', 'x-amz-date', ...scope.signedHeaders].filter((name) => !signedHeaders.includes(name));
  if (unsigned.length) throw new Refusal(`not signed: ${unsigned.join(', ')}`);
  const timestamp = headers['x-amz-date'] ?? '';
  if (
    !timestamp.startsWith(date) ||
    Math.abs(millisecondsOf(timestamp) - now.getTime()) > CLOCK_TOLERANCE_MILLISECONDS
  ) {
    throw new Refusal(`signed at ${timestamp}`);
  }
  const payload = sha256(body);
  if ((headers['x-amz-content-sha256'] ?? payload) !== payload) {
    throw new Refusal('the body is not the one that was signed');
  }
  const credentials = secretOf(accessKeyId);
  if (!credentials) throw new Refusal(`the access key ${accessKeyId} is not known`);
  if (headers['x-amz-security-token'] !== credentials.sessionToken) throw new Refusal('the session token is another');

  const credentialScope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [
    ALGORITHM,
    timestamp,
    credentialScope,
    sha256(canonicalRequest(request, signedHeaders, payload)),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) {
    throw new Refusal('the signature does not match');
  }
  return credentials;
}

function canonicalRequest(
  { method, target, headers }: SignedRequest,
  signedHeaders: string[],
  payload: string,
): string {
  const [path, query = ''] = target.split(/\?(.*)/s);
  return [
    method,
    path.split('/').map(encoded).join('/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payload,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const canonical = pairs.map((pair) => {
    const [name, value = ''] = pair.split(/=(.*)/s);
    return [name, value].map((part) => encoded(decodeURIComponent(part))).join('=');
  });
  return canonical.sort().join('&');
}

/** As RFC 3986 has it: letters, digits and `-._~` stay. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
