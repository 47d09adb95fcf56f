import { isPassword } from './read-resource.ts';
import type { PatchOperation, ScimWrite } from './request.ts';

/**
 * What a write says of the password: undefined for nothing, null where it is to be taken away. Of several operations the
 * last one counts (RFC 7644 §3.5.2).
 *
 *     {"op":"replace","value":{"active":true,"password":"t1meMa$heen"}}     {"op":"replace","path":"password","value":"…"}
 *
 * A body without one, or with null, keeps what is there: nobody's sign-in ends by what an update leaves out.
 */
export function passwordIn(request: ScimWrite): string | null | undefined {
  switch (request.kind) {
    case 'create':
    case 'replace':
      return request.draft.password;
    case 'patch':
      return request.operations.reduce<string | null | undefined>((known, one) => passwordOf(one, known), undefined);
    case 'remove':
      return undefined;
  }
}

function passwordOf(
  { op, path, value = null }: PatchOperation,
  known: string | null | undefined,
): string | null | undefined {
  if (path.kind !== 'attribute' || path.target.extension !== undefined || !isPassword(path.target.attribute)) {
    return known;
  }
  if (op === 'remove' || (op === 'replace' && value === null)) return null;
  // Another type than text is refused where the operation is applied.
  return typeof value === 'string' ? value : known;
}
