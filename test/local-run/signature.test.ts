import { Credentials } from '../../local/emulator/emulator';
import { Scope, SignedRequest, verifySignature } from '../../local/managed/signature';

// From AWS's test suite of signature version 4.
const KEY: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const NOW = new Date('2015-08-30T12:36:00Z');
const SCOPE: Scope = { region: 'us-east-1', service: 'service', signedHeaders: [] };
const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

function request(signature: string, change: Partial<SignedRequest> = {}): SignedRequest {
  return {
    method: 'GET',
    target: '/',
    body: Buffer.alloc(0),
    ...change,
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      ...change.headers,
    },
  };
}

const verify = (signed: SignedRequest, scope = SCOPE, key: Credentials | undefined = KEY, now = NOW) =>
  verifySignature(signed, scope, (id) => (id === key?.accessKeyId ? key : undefined), now);

test.each([
  ['get-vanilla', '/', VANILLA],
  [
    'get-vanilla-query-order-key-case',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
])('%s is accepted', (_name, target, signature) => {
  expect(verify(request(signature, { target }))).toBe(KEY);
});

test.each<[string, () => unknown, string]>([
  [
    'no signature',
    () => verify(request(VANILLA, { headers: { authorization: undefined } })),
    'the request has no signature of version 4',
  ],
  [
    'another kind of sign-in',
    () => verify(request(VANILLA, { headers: { authorization: 'Basic YTpi' } })),
    'the request has no signature of version 4',
  ],
  ['another path', () => verify(request(VANILLA, { target: '/other' })), 'the signature does not match'],
  ['another query', () => verify(request(VANILLA, { target: '/?a=b' })), 'the signature does not match'],
  ['another method', () => verify(request(VANILLA, { method: 'POST' })), 'the signature does not match'],
  ['another body', () => verify(request(VANILLA, { body: Buffer.from('x') })), 'the signature does not match'],
  [
    'a body that is not the one of its hash',
    () => verify(request(VANILLA, { headers: { 'x-amz-content-sha256': '0'.repeat(64) } })),
    'the body is not the one that was signed',
  ],
  [
    'another host',
    () => verify(request(VANILLA, { headers: { host: 'other.example.com' } })),
    'the signature does not match',
  ],
  [
    'another secret key',
    () => verify(request(VANILLA), SCOPE, { ...KEY, secretAccessKey: 'x' }),
    'the signature does not match',
  ],
  [
    'an unknown access key',
    () => verify(request(VANILLA), SCOPE, { ...KEY, accessKeyId: 'OTHER' }),
    'the access key AKIDEXAMPLE is not known',
  ],
  [
    'a session without its token',
    () => verify(request(VANILLA), SCOPE, { ...KEY, sessionToken: 'token' }),
    'the session token is another',
  ],
  [
    'another service',
    () => verify(request(VANILLA), { ...SCOPE, service: 'sagemaker' }),
    'signed for service in us-east-1, not for sagemaker in us-east-1',
  ],
  [
    'another region',
    () => verify(request(VANILLA), { ...SCOPE, region: 'eu-west-1' }),
    'signed for service in us-east-1, not for service in eu-west-1',
  ],
  [
    'a header that is not signed',
    () => verify(request(VANILLA), { ...SCOPE, signedHeaders: ['x-arn'] }),
    'not signed: x-arn',
  ],
  [
    'six minutes later',
    () => verify(request(VANILLA), SCOPE, KEY, new Date('2015-08-30T12:42:00Z')),
    'signed at 20150830T123600Z',
  ],
  [
    'another date than that of the key',
    () => verify(request(VANILLA, { headers: { 'x-amz-date': '20150831T123600Z' } })),
    'signed at 20150831T123600Z',
  ],
])('%s is refused', (_name, action, message) => {
  expect(action).toThrow(message);
});
