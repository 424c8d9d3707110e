import { expect, test } from 'vitest';
import { Sha256 } from '../../lambdas/aws/native-checksum.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** RFC 6234 (hashes) and RFC 4231 (keyed ones), test case 2. */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const KEYED = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

test('bytes and texts have the SHA-256 of the standard, piece by piece and again', async () => {
  const sha = new Sha256();
  sha.update('ab');
  sha.update(new TextEncoder().encode('c'));
  expect(hex(await sha.digest())).toBe(ABC);
  sha.reset();
  sha.update('abc');
  expect(hex(await sha.digest())).toBe(ABC);
});

test('a secret makes it keyed, in whatever form it comes', async () => {
  const bytes = new TextEncoder().encode('Jefe');
  for (const secret of ['Jefe', bytes, bytes.buffer.slice(0, 4) as ArrayBuffer]) {
    const sha = new Sha256(secret);
    sha.update('what do ya want for nothing?');
    expect(hex(await sha.digest())).toBe(KEYED);
  }
});
