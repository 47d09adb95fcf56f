/**
 * A directory as plainly as it can be said: users are objects, groups are sets. It shares nothing with `src/`, so that
 * it cannot repeat its mistakes; it knows the rules of RFC 7643 and 7644 and the decisions, and nothing of speed.
 */

// biome-ignore lint/suspicious/noExplicitAny: SCIM resources of every shape
export type Attributes = Record<string, any>;

export interface Email {
  value: string;
  type?: string;
  primary?: boolean;
}

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export interface ModelRecord {
  readonly type: 'User' | 'Group';
  readonly id: string;
  version: number;
  /** As a reply shows them, without schemas, id, meta, groups and members. */
  attributes: Attributes;
  /** Of a group. */
  members: Set<string>;
}

/** Why a request must be refused: any of these statuses is a right answer, and nothing may have changed. */
export class Refused extends Error {
  readonly statuses: readonly number[];

  constructor(...statuses: readonly number[]) {
    super(statuses.join(' or '));
    this.statuses = statuses;
  }
}

/** One alteration, as history must have it. */
export interface Alteration {
  readonly kind: 'created' | 'updated' | 'removed' | 'members';
  readonly type: string;
  readonly subject: string;
}

export class ModelDirectory {
  /** In order of creation. */
  records: ModelRecord[] = [];

  find(type: string, id: string): ModelRecord {
    const found = this.records.find((record) => record.type === type && record.id === id);
    if (found === undefined) throw new Refused(404);
    return found;
  }

  /**
   * POST. The id of a new record is what the server says it is; a revived one must come back under its own.
   *
   * @returns what must be true of the reply's id
   */
  create(
    type: 'User' | 'Group',
    attributes: Attributes,
    { members, id }: { members?: readonly string[]; id: string },
  ): void {
    const sent: Attributes = type === 'User' ? { active: true, ...attributes } : { ...attributes };
    const named = this.named(type, nameOf(type, sent));
    const linked = this.linked(type, sent.externalId);
    const met = named ?? linked;
    if (named !== undefined && linked !== undefined && named !== linked) throw new Refused(409);
    if (met === undefined) {
      this.checkMembers(members ?? [], undefined);
      this.records.push({ type, id, version: 1, attributes: settled(sent), members: new Set(members) });
      return;
    }
    // Decision 31.
    const kept = met.attributes.externalId;
    const revives =
      type === 'User' &&
      met.attributes.active === false &&
      sent.active === true &&
      (kept === undefined || sent.externalId === undefined || kept === sent.externalId);
    if (!revives) throw new Refused(409);
    if (met.id !== id) throw new Error(`revived as ${id}, and was ${met.id}`);
    met.attributes = settled(sent);
    met.version += 1;
  }

  /** PUT. */
  replace(record: ModelRecord, attributes: Attributes, members: readonly string[]): void {
    const sent = { ...attributes };
    if (record.type === 'User') sent.active ??= record.attributes.active;
    this.change(record, { attributes: sent, members: new Set(members) });
  }

  /** PATCH: `edit` changes a copy, and may refuse. */
  patch(record: ModelRecord, edit: (copy: { attributes: Attributes; members: Set<string> }) => void): void {
    const copy = { attributes: structuredClone(record.attributes), members: new Set(record.members) };
    edit(copy);
    this.change(record, copy);
  }

  remove(record: ModelRecord): void {
    this.records = this.records.filter((one) => one !== record);
    for (const group of this.records) if (group.members.delete(record.id)) group.version += 1;
  }

  groupsOf(id: string): ModelRecord[] {
    return this.records.filter(({ members }) => members.has(id));
  }

  /** What a GET must show. */
  shown(record: ModelRecord): Attributes {
    const { type, id, attributes, version } = record;
    const schemas = [`urn:ietf:params:scim:schemas:core:2.0:${type}`];
    if (attributes[ENTERPRISE] !== undefined) schemas.push(ENTERPRISE);
    const groups =
      type === 'User'
        ? this.groupsOf(id).map((group) => ({ value: group.id, display: group.attributes.displayName }))
        : [];
    const members = [...record.members].map((member) => {
      const target = this.records.find((one) => one.id === member);
      const { displayName, userName } = target?.attributes ?? {};
      return { value: member, type: target?.type, display: displayName ?? userName };
    });
    return {
      schemas,
      id,
      ...attributes,
      ...(groups.length === 0 ? {} : { groups: byValue(groups) }),
      ...(members.length === 0 ? {} : { members: byValue(members) }),
      meta: { resourceType: type, version: `W/"${version}"` },
    };
  }

  private change(record: ModelRecord, next: { attributes: Attributes; members: Set<string> }): void {
    const attributes = settled(next.attributes);
    const statuses: number[] = [];
    const named = this.named(record.type, nameOf(record.type, attributes));
    if (named !== undefined && named !== record) statuses.push(409);
    const linked = this.linked(record.type, attributes.externalId);
    if (linked !== undefined && linked !== record) statuses.push(409);
    try {
      this.checkMembers(
        [...next.members].filter((id) => !record.members.has(id)),
        record,
      );
    } catch (error) {
      if (error instanceof Refused) statuses.push(...error.statuses);
    }
    if (statuses.length > 0) throw new Refused(...statuses);
    const same = equal(attributes, record.attributes) && equal([...next.members].sort(), [...record.members].sort());
    if (same) return;
    record.attributes = attributes;
    record.members = next.members;
    record.version += 1;
  }

  private checkMembers(ids: readonly string[], record: ModelRecord | undefined): void {
    const unknown = ids.some((id) => !this.records.some((one) => one.id === id));
    if (unknown || ids.some((id) => id === record?.id)) throw new Refused(400);
  }

  private named(type: string, name: string): ModelRecord | undefined {
    return this.records.find(
      (record) => record.type === type && nameOf(type, record.attributes).toLowerCase() === name.toLowerCase(),
    );
  }

  private linked(type: string, externalId: unknown): ModelRecord | undefined {
    if (externalId === undefined) return undefined;
    return this.records.find((record) => record.type === type && record.attributes.externalId === externalId);
  }
}

/** What must have happened between two moments, whatever asked for it. */
export function alterations(before: readonly ModelRecord[], after: readonly ModelRecord[]): Alteration[] {
  const rows: Alteration[] = [];
  const row = (kind: Alteration['kind'], { type, id }: ModelRecord) => rows.push({ kind, type, subject: id });
  for (const now of after) {
    const then = before.find(({ id }) => id === now.id);
    if (then === undefined) row('created', now);
    else if (!equal(then.attributes, now.attributes)) row('updated', now);
    const left = [...(then?.members ?? [])].filter((id) => !now.members.has(id));
    const joined = [...now.members].filter((id) => !then?.members.has(id));
    if (left.length > 0) row('members', now);
    if (joined.length > 0) row('members', now);
  }
  for (const then of before) {
    if (after.some(({ id }) => id === then.id)) continue;
    if (then.members.size > 0) row('members', then);
    row('removed', then);
  }
  return rows;
}

export function copyOf(records: readonly ModelRecord[]): ModelRecord[] {
  return records.map((record) => ({
    ...record,
    attributes: structuredClone(record.attributes),
    members: new Set(record.members),
  }));
}

/** A reply as the model shows it: lists that have no order sorted, what says nothing dropped. */
export function plain({ groups, members, meta, emails, ...rest }: Attributes): Attributes {
  return {
    ...rest,
    ...(emails === undefined ? {} : { emails: emails.map(withoutFalse) }),
    ...(groups === undefined
      ? {}
      : { groups: byValue(groups.map(({ value, display }: Attributes) => ({ value, display }))) }),
    ...(members === undefined
      ? {}
      : { members: byValue(members.map(({ value, type, display }: Attributes) => ({ value, type, display }))) }),
    meta: { resourceType: meta.resourceType, version: meta.version },
  };
}

function nameOf(type: string, attributes: Attributes): string {
  return type === 'User' ? attributes.userName : attributes.displayName;
}

/** RFC 7643 §2.5: nothing, null and the empty list are one; an object of nothing is nothing. */
function settled(attributes: Attributes): Attributes {
  const kept: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) {
      if (value.length > 0) kept[name] = value.map(withoutFalse);
    } else if (typeof value === 'object') {
      const inner = settled(value);
      if (Object.keys(inner).length > 0) kept[name] = inner;
    } else kept[name] = value;
  }
  return kept;
}

/** RFC 7643 §2.4: what does not say `primary` is not. */
function withoutFalse({ primary, ...rest }: Email): Email {
  return primary === true ? { ...rest, primary } : rest;
}

function byValue<T extends { value: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.value < b.value ? -1 : 1));
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => equal((a as Attributes)[name], (b as Attributes)[name]));
}
