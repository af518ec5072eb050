import { Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';

/** Amazon S3 and every other service refuse what was signed for another region; the emulator may not. */
export function checkSignatures(emulator: Emulator, accessKeyIds: readonly string[]): string {
  const { region } = emulator;
  const signatures = emulator.signatures(accessKeyIds);
  const [wrong] = signatures.filter((signature) => signature.region !== region);
  if (wrong) {
    const what = wrong.presigned ? 'an address' : 'a request';
    throw new LocalRunFailure(
      `the server signed ${what} of ${wrong.service} for ${wrong.region}, it runs in ${region}`,
    );
  }
  const presigned = signatures.filter((signature) => signature.presigned).length;
  if (signatures.length === presigned) throw new LocalRunFailure('the emulator noted no request of the server');
  return `${signatures.length - presigned} requests and ${presigned} addresses that the server signed are for ${region}`;
}
