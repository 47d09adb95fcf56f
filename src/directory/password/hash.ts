import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** What OWASP asks for at least (Password Storage Cheat Sheet, Argon2id): 19 MiB, two passes, one lane. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/**
 * A hash in the PHC string format, off the main thread:
 *
 *     $argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$vKc1…
 */
export async function hashPassword(prepared: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(prepared, { salt, cost: COST, bytes: TAG_BYTES });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether the hash is one of this password; as long as it takes, whatever the answer. */
export async function matchesHash(prepared: string, hash: string): Promise<boolean> {
  const { salt, tag, ...cost } = readHash(hash);
  return timingSafeEqual(await tagOf(prepared, { salt, cost, bytes: tag.length }), tag);
}

function tagOf(prepared: string, { salt, cost, bytes }: { salt: Buffer; cost: Cost; bytes: number }): Promise<Buffer> {
  return derive('argon2id', { message: prepared, nonce: salt, ...cost, tagLength: bytes });
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

function readHash(hash: string): Cost & { readonly salt: Buffer; readonly tag: Buffer } {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? [];
  if (memory === undefined) throw new Error('the hash of a password is in a format that this version does not know');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** The PHC string format leaves the padding out. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
