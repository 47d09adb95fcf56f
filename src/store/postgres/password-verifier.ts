import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own (`scram_iterations`); the password has 192 bits, so that more would add nothing. */
const ITERATIONS = 4_096;

/**
 * What PostgreSQL keeps of a password (RFC 5802 §3), so that the password itself is in no statement, and in no log of them:
 *
 *     SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>
 */
export function passwordVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(keyed(salted, 'Client Key')).digest('base64');
  const serverKey = keyed(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function keyed(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
