/** The key that signs mails (DKIM): read and tried before the first mail needs it. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../../calendars/errors.ts';
import type { Config } from '../config.ts';

/** Receivers must not count a signature by a shorter key (RFC 8301), and this one holds for some years more. */
const LEAST_BITS = 1024;
export const USUAL_BITS = 2048;

/** The key with whose it is; undefined where mails are not signed. Throws `invalid`, in one line, where it cannot sign. */
export function readSigningKey(dkim: Config['dkim']): { domain: string; selector: string; key: KeyObject } | undefined {
  if (dkim === null) return undefined;
  const { domain, keyFile, selector } = dkim;
  const key = parseKey(readKeyFile(keyFile), keyFile);
  const { asymmetricKeyDetails, asymmetricKeyType } = key;
  if (asymmetricKeyType !== 'rsa') throw unfit(keyFile, `holds a key of type ${asymmetricKeyType}: it must be an RSA key`);
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) throw unfit(keyFile, `holds a key of ${bits} bits: it must have ${USUAL_BITS}, or ${LEAST_BITS} at the least`);
  const text = Buffer.from('tried');
  if (!verify('sha256', text, createPublicKey(key), sign('sha256', text, key))) throw unfit(keyFile, 'holds a key that does not sign');
  return { domain, selector, key };
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('invalid', `DKIM_KEY_FILE: ${file} cannot be read (${code})`, [], { cause: error });
  }
}

function parseKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const isLocked = text.includes('ENCRYPTED');
    const why = isLocked ? 'holds a key with a passphrase: it must have none' : 'must hold a private RSA key in PEM form';
    throw unfit(file, why, error);
  }
}

function unfit(file: string, why: string, cause?: unknown): AppError {
  return new AppError('invalid', `DKIM_KEY_FILE: ${file} ${why}`, [], { cause });
}
