import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPerform } from '../../../src/directory/index.ts';
import { type Call, createCursors, createServe, rulesOf } from '../../../src/provisioning/index.ts';
import { ScimError } from '../../../src/scim/index.ts';
import { openStore } from '../../../src/store/index.ts';
import { watchTurns } from './turns.ts';

/** A request, as JSON keeps it in the corpus. */
export interface Asked {
  /** Of the directory: `tolerant`, or `strict` (the pure standard). */
  readonly application: 'tolerant' | 'strict';
  readonly method: string;
  /** `Users/1` */
  readonly path: string;
  readonly query?: string;
  readonly body?: string;
  readonly headers?: Call['headers'];
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** What only the operator would read. */
  readonly logged: unknown;
  /** The longest turn of the event loop that it took, in milliseconds. */
  readonly turn: number;
}

export interface Place {
  ask(asked: Asked): Promise<Told>;
  /** What is there in each directory. */
  readonly known: Readonly<Record<Asked['application'], Known>>;
  close(): Promise<void>;
}

export interface Known {
  /** Ids. */
  readonly user: string;
  readonly group: string;
  /** One that was given out, and stays good. */
  readonly cursor: string;
}

const BASE = 'https://joinery.example.com/scim/v2';
const DECLARED = {
  extensions: [
    {
      urn: 'urn:example:scim:schemas:extension:app:2.0:User',
      of: 'User',
      attributes: {
        costCenter: { indexed: true },
        seats: { type: 'integer' },
        share: { type: 'decimal' },
        starts: { type: 'dateTime' },
        desks: { type: 'complex', multiValued: true, attributes: { value: {}, tags: { multiValued: true } } },
      },
    },
  ],
  entitlements: [{ name: 'Role', kind: 'role', endpoint: '/Roles', values: [{ id: 'admin', displayName: 'Admin' }] }],
} as const;

/** Everything behind the door: from the decoded call to the database and back, in one directory each. */
export async function openPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-fuzz-'));
  const store = await openStore({ url: `sqlite:${join(folder, 'joinery.db')}` });
  const rules = new Map([
    ['tolerant', rulesOf({ strict: false, ...DECLARED })],
    ['strict', rulesOf({ strict: true, ...DECLARED })],
  ]);
  await store.declare(Array.from(rules, ([application, { types }]) => ({ application, types })));
  const turns = watchTurns();
  let made = 0;
  const newId = (): string => `019f0000-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
  const serve = createServe({
    perform: createPerform({ store, clock: () => new Date(), newId }),
    identify: async (token) => ({
      kind: 'identified',
      credential: { id: 'c1', name: 'fuzz', scope: 'provision' },
      directory: `directory-${token}`,
      application: token,
      organization: { id: 'o1', slug: 'fuzz' },
    }),
    rules,
    cursors: createCursors(new Uint8Array(32), () => 0),
  });

  async function ask({ application, method, path, query = '', body = '', headers = {} }: Asked): Promise<Told> {
    turns.begin();
    const reply = await serve({
      method,
      segments: path.split('/').filter((segment) => segment !== ''),
      query,
      headers: { contentType: 'application/scim+json', ...headers, authorization: `Bearer ${application}` },
      body: async (limit) => {
        if (Buffer.byteLength(body) > limit) throw ScimError.tooLarge('The body is too long.');
        return body;
      },
      base: BASE,
      application,
      requestId: 'r1',
    });
    let text = '';
    if (typeof reply.body === 'string') text = reply.body;
    else for await (const piece of reply.body ?? []) text += piece;
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      logged: reply.note.logged,
      turn: turns.longest(),
    };
  }

  return {
    ask,
    known: { tolerant: await fill(ask, 'tolerant'), strict: await fill(ask, 'strict') },
    async close() {
      turns.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const USER = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  emails: [{ value: 'a@x.com', type: 'work' }],
  title: 'x',
};

async function fill(ask: Place['ask'], application: Asked['application']): Promise<Known> {
  const post = async (path: string, body: object): Promise<string> =>
    JSON.parse((await ask({ application, method: 'POST', path, body: JSON.stringify(body) })).text).id;
  const people: string[] = [];
  for (let number = 0; number < 20; number += 1)
    people.push(await post('Users', { ...USER, userName: `user${number}` }));
  const group = await post('Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Tour',
    members: people.map((value) => ({ value })),
  });
  const first = await ask({ application, method: 'GET', path: 'Users', query: 'cursor=&count=2' });
  return { user: people[0] ?? '', group, cursor: JSON.parse(first.text).nextCursor };
}
