import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, ChangeSet, StoredRecord } from '../../../src/directory/index.ts';
import { differences, GROUP, type Resource, type ResourceType, type Selection, USER } from '../../../src/scim/index.ts';
import { openStore, type Store, type StoreEvent, type StoreOptions } from '../../../src/store/index.ts';

export const AT = '2026-11-21T23:16:53.120Z';
export const LATER = '2026-11-21T23:17:00.000Z';
export const DIRECTORY = '019f0000-0000-7000-8000-00000000000a';
export const OTHER = '019f0000-0000-7000-8000-00000000000b';
export const CONTEXT = { base: 'https://joinery.example.com/scim/v2', walker: 'okta' };

export interface Temporary {
  readonly store: Store;
  readonly url: string;
  readonly file: string;
  readonly events: StoreEvent[];
  end(): Promise<void>;
}

/** A store on a real file in a folder of its own. */
export async function openTemporary(
  options: Pick<StoreOptions, 'scanMilliseconds' | 'snapshotMilliseconds'> = {},
): Promise<Temporary> {
  const folder = mkdtempSync(join(tmpdir(), 'joinery-store-'));
  const file = join(folder, 'joinery.db');
  const url = `sqlite:${file}`;
  const events: StoreEvent[] = [];
  const store = await openStore({ url, log: (event) => events.push(event), ...options });
  return {
    store,
    url,
    file,
    events,
    async end() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What is asked of each of these types: everything, or what `given` says. */
export function of(
  types: ResourceType | readonly ResourceType[],
  given: Partial<Selection> = {},
): readonly Selection[] {
  return [types].flat().map((type) => ({ view: {}, ...given, type }));
}

let made = 0;

/** Ids in order, as UUIDv7s are. */
export function newId(): string {
  made += 1;
  return `019f0000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`;
}

export interface Made {
  readonly id: string;
  readonly change: Extract<Change, { kind: 'created' }>;
  readonly record: StoredRecord;
}

export function make(type: ResourceType, attributes: Resource, { id = newId(), at = AT } = {}): Made {
  const resource: Resource = { schemas: [type.schema.id], id, ...attributes };
  const text = JSON.stringify(resource);
  const moment = { version: 1, created: at, modified: at };
  return {
    id,
    change: { kind: 'created', after: { type, id, ...moment, resource, text } },
    record: { type: type.name, id, ...moment, active: resource.active !== false, memberCount: 0, text },
  };
}

export function user(userName: string, attributes: Resource = {}, id = newId()): Made {
  return make(USER, { userName, ...attributes }, { id });
}

export function group(displayName: string, attributes: Resource = {}): Made {
  return make(GROUP, { displayName, ...attributes });
}

export function updated(type: ResourceType, before: StoredRecord, attributes: Resource, at = LATER): Change {
  const was = JSON.parse(before.text) as Resource;
  const resource = { ...was, ...attributes };
  const after = {
    type,
    id: before.id,
    version: before.version + 1,
    created: before.created,
    modified: at,
    resource,
    text: JSON.stringify(resource),
  };
  return { kind: 'updated', before, after, difference: differences(was, resource) };
}

export function edited(
  of: StoredRecord,
  { added = [], removed = [] }: { added?: readonly string[]; removed?: readonly string[] },
): Change {
  const members = added.map((value) => ({ value, type: 'User' }));
  return { kind: 'members', group: of, added: members, removed, version: of.version + 1 };
}

export function set(...changes: readonly Change[]): ChangeSet {
  return { by: { kind: 'credential', id: 'c1', name: 'Okta production' }, requestId: 'r1', at: LATER, changes };
}

export async function put(store: Store, directory: string, ...all: readonly Made[]): Promise<void> {
  await store.write(directory, (transaction) => transaction.commit(set(...all.map(({ change }) => change))));
}
