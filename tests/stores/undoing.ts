import { randomUUIDv7 } from 'node:crypto';
import {
  type Actor,
  type By,
  createPerform,
  DEFAULT_POLICY,
  type Outcome,
  type Policy,
  type Undo,
  type UndoReport,
  type UndoSelection,
} from '../../src/directory/index.ts';
import { type Resource, type ResourceType, resourceTypes, type ScimWrite, TOLERANT } from '../../src/scim/index.ts';
import type { Temporary } from './temporary.ts';

const OKTA: By = { kind: 'credential', id: 'okta', name: 'Okta production' };
export const ENTRA: By = { kind: 'credential', id: 'entra', name: 'Entra' };
const OPERATOR: By = { kind: 'operator', id: 'operator', name: 'operator' };

const [USER, GROUP] = resourceTypes(TOLERANT) as [ResourceType, ResourceType];

interface Undoing {
  readonly report: UndoReport;
  readonly requestId: string;
  readonly ended: boolean;
  readonly upTo: number | undefined;
}

/** A directory of its own, in which each operation is made a second after the one before. */
export interface Place {
  readonly directory: string;
  /** The moment of the latest operation. */
  now(): string;
  create(type: 'User' | 'Group', attributes: Resource, members?: readonly string[]): Promise<string>;
  /** Lets time pass. */
  wait(milliseconds: number): void;
  /** `u0`, `u1` …, at once. */
  createUsers(count: number): Promise<string[]>;
  /** PUT. */
  replace(type: 'User' | 'Group', id: string, attributes: Resource, members?: readonly string[]): Promise<Outcome>;
  remove(type: 'User' | 'Group', id: string): Promise<Outcome>;
  undo(selection: UndoSelection, given?: Partial<Undo>): Promise<Undoing>;
  /** As `undo`, after a dry run that must have said the same, and altered nothing. */
  undoAsForetold(selection: UndoSelection): Promise<Undoing>;
  /** What there is, but for versions and times. */
  state(): Promise<unknown>;
  /** Who acts from now on. */
  by(by: By): void;
}

/** `other`: the same directory under other rules. */
export function placeIn({ store, database }: Temporary, policy: Partial<Policy> = {}, other?: Place): Place {
  const directory = other?.directory ?? randomUUIDv7();
  let time = Date.parse('2026-11-22T08:00:00.000Z') + (other === undefined ? 0 : 3_600_000);
  let actor: By = OKTA;
  const clock = (): Date => new Date(time);
  const perform = createPerform({ store, clock, newId: () => randomUUIDv7() });
  const context = { id: directory, tolerances: TOLERANT, types: [USER, GROUP], base: 'http://127.0.0.1/scim/v2' };
  const as = (by: By, requestId = randomUUIDv7()): Actor => ({
    directory: { ...context, policy: { ...DEFAULT_POLICY, ...policy } },
    by,
    requestId,
  });
  const typeOf = (name: string): ResourceType => (name === 'User' ? USER : GROUP);
  const draft = (attributes: Resource, members?: readonly string[]) => ({
    attributes,
    cleared: [],
    ...(members === undefined ? {} : { members: members.map((value) => ({ value })) }),
  });
  const write = (request: ScimWrite): Promise<Outcome> => {
    time += 1000;
    return perform(as(actor), request);
  };
  const undo: Place['undo'] = async (selection, given = {}) => {
    time += 1000;
    const requestId = randomUUIDv7();
    const undone = await perform(as(OPERATOR, requestId), { kind: 'undo', selection, dryRun: false, ...given });
    if (undone.kind !== 'undone') throw new Error(undone.detail);
    const { report, ended, upTo } = undone;
    return { report, ended, upTo, requestId };
  };
  const state: Place['state'] = async () => {
    const records = await database.rows(
      'SELECT type, id, text, active, member_count, owned, external_id, name_key FROM resources WHERE directory = ? ORDER BY id',
      directory,
    );
    const memberships = await database.rows(
      'SELECT group_id, member_id, type FROM memberships WHERE directory = ? ORDER BY group_id, member_id',
      directory,
    );
    const keys = await database.rows(
      'SELECT attribute, value, subject FROM keys WHERE directory = ? ORDER BY attribute, value, subject',
      directory,
    );
    return { records, memberships, keys, counts: await store.userCounts(directory) };
  };
  const create: Place['create'] = async (type, attributes, members) => {
    const outcome = await write({ kind: 'create', type: typeOf(type), draft: draft(attributes, members), view: {} });
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
    return outcome.shown.record.id;
  };
  return {
    directory,
    now: () => clock().toISOString(),
    create,
    wait(milliseconds) {
      time += milliseconds;
    },
    createUsers: (count) =>
      Promise.all(Array.from({ length: count }, (_, n) => create('User', { userName: `u${n}`, active: true }))),
    replace: (type, id, attributes, members) =>
      write({ kind: 'replace', type: typeOf(type), id, draft: draft(attributes, members), view: {} }),
    remove: (type, id) => write({ kind: 'remove', type: typeOf(type), id }),
    undo,
    async undoAsForetold(selection) {
      const before = JSON.stringify(await state());
      const foretold = await undo(selection, { dryRun: true });
      if (JSON.stringify(await state()) !== before) throw new Error('a dry run altered something');
      const done = await undo(selection);
      if (JSON.stringify(done.report) !== JSON.stringify(foretold.report)) {
        throw new Error(`foretold ${JSON.stringify(foretold.report)}\ndone ${JSON.stringify(done.report)}`);
      }
      return done;
    },
    state,
    by(by) {
      actor = by;
    },
  };
}
