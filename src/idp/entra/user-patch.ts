import type { Json, JsonObject } from '../json.ts';
import { patchOf } from '../patch-op.ts';
import { type Place, pathOf } from '../place.ts';
import { oneOf, type Random } from '../random.ts';
import { ENTERPRISE } from '../scim.ts';
import type { EntraFlavour } from './flavour.ts';

/** One attribute that differs: its new value, and whether the server has one now. */
export interface Edit {
  readonly place: Place;
  readonly value: string | boolean;
  readonly isNew: boolean;
}

interface Hand {
  readonly flavour: EntraFlavour;
  readonly random: Random;
}

/**
 * What differs, as Entra writes it (idp-clients §2.2). Without the flag one operation a path, and `Add` or `Replace` as
 * it comes ("it could be either… support both"):
 *
 *     [{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a@b.c"},
 *      {"op":"Add","path":"urn:…:enterprise:2.0:User:employeeNumber","value":"701984"},
 *      {"op":"Replace","path":"active","value":"False"}]
 *
 * With it a single attribute by its path, many in one value without a path, value paths first:
 *
 *     [{"op":"replace","path":"emails[type eq \"work\"].value","value":"a@b.c"},
 *      {"op":"replace","value":{"displayName":"x","name.givenName":"y","urn:…:User:employeeNumber":"z","active":false}}]
 */
export function accountPatch({ flavour, random }: Hand, edits: readonly Edit[]): JsonObject {
  if (flavour === 'classic') return patchOf(edits.map((edit) => classicOperation(random, edit)));
  const filtered = edits.filter(({ place }) => hasFilter(place));
  const plain = edits.filter(({ place }) => !hasFilter(place));
  const operations = [...filtered, ...(plain.length === 1 ? plain : [])].map(
    ({ place, value, isNew }): Json => ({ op: isNew ? 'add' : 'replace', path: pathOf(place), value }),
  );
  if (plain.length < 2) return patchOf(operations);
  const value = Object.fromEntries(plain.map((edit) => [pathOf(edit.place), edit.value]));
  return patchOf([...operations, { op: 'replace', value }]);
}

function classicOperation(random: Random, { place, value, isNew }: Edit): Json {
  const likely = isNew ? 'Add' : 'Replace';
  const op = random() < 0.8 ? likely : oneOf(random, ['Add', 'Replace']);
  return { op, path: pathOf(place), value: typeof value === 'string' ? value : textOf(value) };
}

/** Capital letter (idp-clients §2.2). */
function textOf(value: boolean): string {
  return value ? 'True' : 'False';
}

/** Written between brackets: such operations go before the value without a path. */
function hasFilter({ at }: Place): boolean {
  return at === 'item' || at === 'primary';
}

const MANAGER_PATH = `${ENTERPRISE}:manager`;

/**
 * The manager in its own pass, in every shape that was seen (idp-clients §2.2): a text, an object, a list of one.
 *
 *     {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":"2819c223"}
 *     {"op":"Replace","path":"manager","value":[{"$ref":"…/Users/2819c223","value":"2819c223"}]}
 *     {"op":"replace","path":"urn:…:enterprise:2.0:User:manager","value":{"value":"2819c223"}}
 */
export function managerPatch({ flavour, random }: Hand, id: string): JsonObject {
  const path = MANAGER_PATH;
  if (flavour !== 'classic') return patchOf([{ op: oneOf(random, ['add', 'replace']), path, value: { value: id } }]);
  const op = oneOf(random, ['Add', 'Replace']);
  const list = { op, path: 'manager', value: [{ $ref: `http://localhost/scim/Users/${id}`, value: id }] };
  return patchOf([oneOf<Json>(random, [{ op, path, value: id }, list])]);
}

/** No manager any more: removed, or replaced by an empty value (idp-clients §2.2, §2.5). */
export function noManagerPatch({ flavour, random }: Hand): JsonObject {
  const path = MANAGER_PATH;
  const classic = [
    { op: 'Remove', path },
    { op: 'Replace', path, value: '' },
  ] as const;
  const flagged = [
    { op: 'remove', path },
    { op: 'replace', path, value: { value: '' } },
  ] as const;
  return patchOf([oneOf<Json>(random, flavour === 'classic' ? [...classic] : [...flagged])]);
}
