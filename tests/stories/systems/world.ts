import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { authorizationHeader } from '../../../src/idp/okta/authorization.ts';
import { type ConnectOptions, connectOkta } from '../../../src/idp/okta/connect.ts';
import type { AuthMode } from '../../../src/idp/okta/flavour.ts';
import type { Okta } from '../../../src/idp/okta/okta.ts';
import {
  type CommandResult,
  type DatabaseName,
  openDatabase,
  runCommand,
  startServerProcess,
  temporaryDatabase,
} from '../../harness/index.ts';
import type { Story } from './story.ts';

/** What the vendor's administrator hands over: shown once. */
export interface Key {
  readonly token: string;
  readonly baseUrl: string;
}

export interface OktaOptions extends Pick<ConnectOptions, 'flavour' | 'mappings'> {
  readonly auth?: AuthMode;
  /** Where the key says another base URL. */
  readonly baseUrl?: string;
}

/** A vendor's instance with the configuration of its example: a server that runs, and the command line beside it. */
export interface World {
  /** `joinery <words…>`, which must go through; what it printed. */
  joinery(...words: readonly string[]): Promise<string>;
  /** `joinery <words…>`, which must be refused; what it said. */
  refused(...words: readonly string[]): Promise<string>;
  /** Whether `joinery users verify-password <words…>` says that it is the password. */
  verifies(password: string, ...words: readonly string[]): Promise<boolean>;
  /** `token create --organization <slug> …`. */
  key(organization: string, ...words: readonly string[]): Promise<Key>;
  /** The customer's Okta, connected with that key. It finds the key's host where the server listens. */
  okta(key: Key, options?: OktaOptions): Okta;
  /** A file for a command to read. */
  file(name: string, text: string): string;
  /** All that the database keeps, as bytes. */
  kept(): Promise<Buffer>;
  /** All that the server has logged. */
  logged(): string;
  close(): Promise<void>;
}

export async function openWorld(
  { example, publicUrl }: Pick<Story, 'example' | 'publicUrl'>,
  name: DatabaseName,
): Promise<World> {
  const database = await openDatabase(name);
  const { folder, remove } = temporaryDatabase();
  const config = fileURLToPath(new URL(`../../../examples/${example}/joinery.config.ts`, import.meta.url));
  // Behind https stands a proxy in real life, which is what DRAIN_SECONDS waits for.
  const env = { ...database.env, JOINERY_CONFIG: config, PUBLIC_URL: publicUrl, DRAIN_SECONDS: '0' };
  const leave = async (): Promise<void> => {
    await database.remove();
    remove();
  };
  const server = await startServerProcess(env).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  const port = /"port":(\d+)/.exec(server.output())?.[1];
  const oktas: Okta[] = [];

  const run = (words: readonly string[]): Promise<CommandResult> => runCommand(words, env);
  const joinery: World['joinery'] = async (...words) => {
    const { code, stdout, stderr } = await run(words);
    assert.equal(code, 0, `joinery ${words.join(' ')} exited with ${code}: ${stderr}${stdout}`);
    return stdout;
  };
  return {
    joinery,
    async refused(...words) {
      const { code, stdout, stderr } = await run(words);
      assert.equal(code, 1, `joinery ${words.join(' ')} exited with ${code}, not 1: ${stderr}${stdout}`);
      assert.equal(stdout, '', `joinery ${words.join(' ')} was refused and printed a result`);
      return stderr;
    },
    async verifies(password, ...words) {
      const { code, stdout, stderr } = await runCommand(['users', 'verify-password', ...words], env, `${password}\n`);
      assert.ok(code === 0 || stderr.startsWith('joinery: No: '), `verify-password exited with ${code}: ${stderr}`);
      assert.ok(!`${stdout}${stderr}`.includes(password), 'verify-password prints the password');
      return code === 0;
    },
    async key(organization, ...words) {
      const name = words.includes('--name') ? [] : ['--name', 'okta'];
      return JSON.parse(await joinery('token', 'create', '--organization', organization, ...name, ...words, '--json'));
    },
    okta(key, { auth = 'bearer', ...options } = {}) {
      const authorization = authorizationHeader(key.token, auth);
      const okta = connectOkta({ baseUrl: key.baseUrl, ...options, authorization, at: `http://127.0.0.1:${port}` });
      oktas.push(okta);
      return okta;
    },
    file(name, text) {
      const path = join(folder, `${randomUUID()}-${name}`);
      writeFileSync(path, text);
      return path;
    },
    kept: async () => Buffer.concat([...(await database.kept()).values()]),
    logged: () => server.output(),
    async close() {
      for (const { client } of oktas) client.close();
      await server.stop();
      await leave();
    },
  };
}
