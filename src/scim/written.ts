import type { PatchOperation, ScimWrite, View } from './request.ts';
import type { Attribute } from './schema/attribute.ts';
import { findExtension, findSubAttribute, findTarget, onRequestOf } from './schema/find.ts';
import type { Target } from './target.ts';
import { isObject, type JsonObject, type JsonValue } from './value.ts';

/**
 * The view of a write's reply. RFC 7643 §7: what is returned only on request is also returned to who has just written it.
 *
 *     PUT {…,"urn:…:app:2.0:User":{"notes":"x"}} → the reply has notes, which GET has only with ?attributes=urn:…:notes
 */
export function viewOfWritten(request: Exclude<ScimWrite, { kind: 'remove' }>): View {
  const { type, view = {} } = request;
  const targets = onRequestOf(type);
  if (targets.length === 0 || view.attributes !== undefined) return view;
  const written = new Set<Attribute>();
  if (request.kind === 'patch') for (const operation of request.operations) note(operation, request, written);
  else
    for (const target of targets)
      if (isGiven(target, request.draft.attributes)) written.add(target.sub ?? target.attribute);
  return { ...view, written };
}

function isGiven({ extension, attribute, sub }: Target, given: JsonObject): boolean {
  const holder = extension === undefined ? given : given[extension];
  const value = isObject(holder) ? holder[attribute.name] : undefined;
  if (value === undefined || sub === undefined) return value !== undefined;
  return elementsOf(value).some((element) => isObject(element) && element[sub.name] !== undefined);
}

function note(
  { path, value = null }: PatchOperation,
  { type }: Pick<ScimWrite, 'type'>,
  written: Set<Attribute>,
): void {
  if (path.kind === 'extension') {
    const urn = findExtension(type, path.urn)?.id;
    if (urn === undefined || !isObject(value)) return;
    for (const name of Object.keys(value)) {
      const target = findTarget(type, { urn, name });
      if (target !== undefined) noteValue(target.attribute, value[name] ?? null, written);
    }
    return;
  }
  const sub = path.kind === 'elements' ? path.sub : path.target.sub;
  if (sub === undefined) noteValue(path.target.attribute, value, written);
  else written.add(path.target.attribute).add(sub);
}

function noteValue(attribute: Attribute, value: JsonValue, written: Set<Attribute>): void {
  written.add(attribute);
  if (attribute.subAttributes === undefined) return;
  for (const element of elementsOf(value)) {
    if (!isObject(element)) continue;
    for (const name of Object.keys(element)) {
      const sub = findSubAttribute(attribute, name);
      if (sub !== undefined) written.add(sub);
    }
  }
}

function elementsOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}
