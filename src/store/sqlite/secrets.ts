import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../access/index.ts';
import { type Connection, row } from './connection.ts';
import type { Writer } from './writer.ts';

const INSERT_SECRET = 'INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING';
const SELECT = 'SELECT value FROM secrets WHERE name = ?';
/** 256 bits. */
const LENGTH = 32;

/** Of several processes that ask first, one makes it and all get that one. */
export function openSecrets({ writes, writer }: { writes: Connection; writer: Writer }): SecretStore {
  return {
    secret: (name) =>
      writer.run(async () => {
        writes.statement(INSERT_SECRET).run(name, randomBytes(LENGTH).toString('base64url'));
        return Buffer.from(row(writes, SELECT, name)?.[0] as string, 'base64url');
      }),
  };
}
