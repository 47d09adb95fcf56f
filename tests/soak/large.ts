import { isLeaver, isOwned, type Picking, type Taken } from './choose.ts';
import type { Intent } from './intent.ts';
import { MANY, type Model, sizeOf } from './model.ts';

/** Fewer users than this are not worth such a set. */
const ENOUGH = 1200;
/** Every look at the directory reads all of their members. */
const MOST_LARGE_GROUPS = 6;

/** A write of more than 1,000 members, in one of the five ways in which they come; undefined when none can be had now. */
export function chooseLarge(model: Model, taken: Taken, { random, n }: Picking): Intent | undefined {
  const stayers = model.userIds.filter((user) => !isLeaver(model, user));
  if (stayers.length < ENOUGH) return undefined;
  const groups = model.groupIds.filter((group) => isOwned(model.groups.get(group)) && !taken.alone.has(group));
  const first = random.integer(WAYS.length);
  for (const way of [...WAYS.slice(first), ...WAYS.slice(0, first)]) {
    const intent = way(model, { stayers, groups, random, n });
    if (intent !== undefined) return intent;
  }
  return undefined;
}

interface LargePicking extends Picking {
  readonly stayers: readonly string[];
  /** Those that nothing else is changing. */
  readonly groups: readonly string[];
}

const WAYS: readonly ((model: Model, picking: LargePicking) => Intent | undefined)[] = [
  createLarge,
  addMany,
  replaceAll,
  putLarge,
  removeLarge,
];

function createLarge(model: Model, { stayers, random, n }: LargePicking): Intent | undefined {
  const large = model.groupIds.filter((id) => sizeOf(model, id) > MANY);
  if (large.length >= MOST_LARGE_GROUPS) return undefined;
  return { kind: 'create-group', name: `Owned ${n}`, members: many(stayers, { random, n }) };
}

function addMany(model: Model, { stayers, groups, random, n }: LargePicking): Intent | undefined {
  const id = random.pick(groups);
  const inside = id === undefined ? undefined : model.groups.get(id)?.members;
  const others = stayers.filter((user) => inside?.has(user) === false);
  if (id === undefined || others.length <= MANY) return undefined;
  return { kind: 'add-members', id, members: many(others, { random, n }) };
}

function replaceAll(model: Model, { stayers, groups, random, n }: LargePicking): Intent | undefined {
  const id = random.pick(groups);
  const members = many(stayers, { random, n });
  if (id === undefined || isSame(members, model.groups.get(id)?.members)) return undefined;
  return { kind: 'replace-members', id, members };
}

function putLarge(_model: Model, { stayers, groups, random, n }: LargePicking): Intent | undefined {
  const id = random.pick(groups);
  if (id === undefined) return undefined;
  return { kind: 'put-group', id, name: `Owned put ${n}`, members: many(stayers, { random, n }) };
}

function removeLarge(model: Model, { groups, random }: LargePicking): Intent | undefined {
  const id = random.pick(groups.filter((group) => sizeOf(model, group) > MANY));
  return id === undefined ? undefined : { kind: 'remove-group', id };
}

/** 1,001 to 4,000 neighbours. */
function many(from: readonly string[], { random, n }: Picking): string[] {
  const first = random.integer(from.length - MANY);
  return from.slice(first, first + MANY + 1 + (n % 3000));
}

/** Such a write would alter nothing, and no version. */
function isSame(members: readonly string[], inside: ReadonlySet<string> | undefined): boolean {
  return members.length === inside?.size && members.every((id) => inside.has(id));
}
