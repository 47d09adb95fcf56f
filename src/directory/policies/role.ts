import { fold, type JsonObject, type JsonValue } from '../../scim/index.ts';
import type { RoleAsked, Transaction } from '../ports.ts';
import type { StoredRecord } from '../record.ts';
import type { Altered } from './effect.ts';
import type { Asked } from './limit.ts';

/** Whether the write could take the role from somebody that must not be lost: asked of the write alone, without the store. */
export function mayLoseRole(asked: Asked): boolean {
  const role = asked.policy.protect.lastWithRole;
  if (role === undefined) return false;
  const { effect, policy } = asked;
  if (effect.deprovisioned.length > 0 || effect.altered.some((one) => losesRole(one, role))) return true;
  if (![...policy.roles.byGroup.values()].includes(role)) return false;
  return effect.left.length > 0 || effect.altered.some((one) => stopsGiving(one, groupsGiving(asked)));
}

/** Whether somebody who has that role is among those whom the write is about, so that it could be the last. */
export async function touchesRole(transaction: Transaction, asked: Asked): Promise<boolean> {
  if (!mayLoseRole(asked)) return false;
  const giving = groupsGiving(asked);
  if (asked.record.type !== 'User') return giving.includes(fold(displayNameOf(asked.record)));
  const { roles } = JSON.parse(asked.record.text) as JsonObject;
  if (hasElement(roles, asked.policy.protect.lastWithRole ?? '')) return true;
  return hasByGroup(transaction, asked.record.id, new Set(giving));
}

/**
 * Whether an active user will have the role when the write is done; true as well where nobody has it now, as then it is not
 * this write that loses it. The store is asked about what is stored, so the write's own part is left out of the question.
 */
export async function roleStays(transaction: Transaction, asked: Asked): Promise<boolean> {
  const role = asked.policy.protect.lastWithRole ?? '';
  const groups = groupsGiving(asked);
  const [one] = asked.effect.deprovisioned;
  const altered = asked.effect.altered.find((each) => losesRole(each, role));
  const subject = one?.record ?? altered?.record;
  if (subject !== undefined) {
    if (await transaction.anotherHasRole({ role, groups, except: subject.id })) return true;
    if (!(await anybodyHasRole(transaction, { role, groups }))) return true;
    return one === undefined && hasByGroup(transaction, subject.id, new Set(groups));
  }
  const group = asked.record;
  const given = fold(displayNameOf(group));
  if (!groups.includes(given) || !(await anybodyHasRole(transaction, { role, groups }))) return true;
  const others = groups.filter((name) => name !== given);
  if (await anybodyHasRole(transaction, { role, groups: others })) return true;
  const [left] = asked.effect.left;
  const allLeave = asked.effect.altered.some((each) => stopsGiving(each, groups)) || left?.removed === true;
  if (allLeave) return false;
  if (await anyActive(transaction, left?.joined ?? [])) return true;
  return activeRemains(transaction, { group: group.id, left: new Set(left?.ids) });
}

/** Folded displayNames of the groups whose members have the role. */
function groupsGiving({ policy }: Pick<Asked, 'policy'>): readonly string[] {
  const role = policy.protect.lastWithRole;
  return [...policy.roles.byGroup].filter(([, given]) => given === role).map(([group]) => group);
}

/** No record has an empty id. */
function anybodyHasRole(transaction: Transaction, asked: Omit<RoleAsked, 'except'>): Promise<boolean> {
  return transaction.anotherHasRole({ ...asked, except: '' });
}

function losesRole({ record, active, before, after }: Altered, role: string): boolean {
  return record.type === 'User' && active && hasElement(before.roles, role) && !hasElement(after.roles, role);
}

/** The group has a name no longer for which its members had the role. */
function stopsGiving({ record, before, after }: Altered, groups: readonly string[]): boolean {
  if (record.type !== 'Group' || after.displayName === undefined) return false;
  return groups.includes(fold(String(before.displayName))) && !groups.includes(fold(String(after.displayName)));
}

function hasElement(roles: JsonValue | undefined, role: string): boolean {
  if (!Array.isArray(roles)) return false;
  return (roles as JsonObject[]).some(({ value }) => typeof value === 'string' && fold(value) === fold(role));
}

const PIECE = 200;

async function hasByGroup(transaction: Transaction, id: string, giving: ReadonlySet<string>): Promise<boolean> {
  if (giving.size === 0) return false;
  for (let after: string | undefined; ; ) {
    const piece = await transaction.groups(id, after, PIECE);
    if (piece.some(({ display }) => giving.has(fold(display)))) return true;
    after = piece.at(-1)?.value;
    if (after === undefined) return false;
  }
}

/** Ends at the first: only a group in which nobody is active is walked to its end. */
async function activeRemains(
  transaction: Transaction,
  { group, left }: { group: string; left: ReadonlySet<string> },
): Promise<boolean> {
  for (let after: string | undefined; ; ) {
    const piece = await transaction.members(group, after, PIECE);
    const staying = piece.filter(({ value, type }) => type === 'User' && !left.has(value));
    if (
      await anyActive(
        transaction,
        staying.map(({ value }) => value),
      )
    )
      return true;
    after = piece.at(-1)?.value;
    if (after === undefined) return false;
  }
}

async function anyActive(transaction: Transaction, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) if ((await transaction.record('User', id))?.active) return true;
  return false;
}

function displayNameOf(record: StoredRecord): string {
  const { displayName } = JSON.parse(record.text) as JsonObject;
  return typeof displayName === 'string' ? displayName : '';
}
