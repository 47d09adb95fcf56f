import {
  type Draft,
  field,
  fold,
  type JsonObject,
  type PatchOperation,
  type ResourceType,
  readPatch,
  readResource,
  ScimError,
  shorten,
  type Tolerances,
} from '../../scim/index.ts';
import type { ImportLine } from './line.ts';
import type { RefusedLine } from './operation.ts';
import type { Seen } from './seen.ts';

/** A line that can be asked of the directory: what it makes of somebody new, and of somebody who is there. */
export interface CheckedLine {
  readonly kind: 'checked';
  readonly line: number;
  readonly userName: string;
  readonly draft: Draft;
  /** What the line says; what it does not say stays. */
  readonly operations: readonly PatchOperation[];
}

export type LineChecked = CheckedLine | ({ readonly kind: 'refused' } & RefusedLine);

/** What can be said of a line without looking at who is there. */
export function checkLine(
  given: Extract<ImportLine, { kind: 'user' | 'wrong' }>,
  { type, tolerances, seen }: { type: ResourceType; tolerances: Tolerances; seen: Seen },
): LineChecked {
  const { line } = given;
  if (given.kind === 'wrong') return { kind: 'refused', line, label: '', detail: given.problem };
  const label = labelOf(given.user);
  try {
    const { schemas, body } = partsOf(given.user, type);
    const draft = readResource(type, { ...body, schemas }, tolerances);
    if (draft.password !== undefined) throw ScimError.invalidValue(PASSWORD);
    const { userName, externalId } = draft.attributes;
    const operations = readPatch(
      type,
      { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: body }] },
      tolerances,
    );
    const keys = [
      `userName ${fold(String(userName))}`,
      ...(externalId === undefined ? [] : [`externalId ${externalId}`]),
    ];
    const before = keys.map((key) => seen.lineOf(key)).find((known) => known !== undefined);
    if (before !== undefined) throw ScimError.invalidValue(twice(before));
    // A line that is refused for itself stands in the way of none.
    for (const key of keys) seen.note(key, line);
    return { kind: 'checked', line, userName: String(userName), draft, operations };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return { kind: 'refused', line, label, detail: error.detail };
  }
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const PASSWORD =
  'password is not imported: passwords come from the identity provider, or not at all. Take it out of the line.';

export function twice(line: number): string {
  return `userName or externalId is the same as in line ${line}, or the same user's. Each user has one line; that one counts.`;
}

function labelOf(user: JsonObject): string {
  const userName = field(user, 'userName');
  return typeof userName === 'string' ? shorten(userName) : '';
}

function partsOf(user: JsonObject, type: ResourceType) {
  const given = field(user, 'schemas');
  const body = Object.fromEntries(Object.entries(user).filter(([name]) => name.toLowerCase() !== 'schemas'));
  return { body, schemas: given ?? [type.schema.id] };
}
