import type { PatchPath } from '../request.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { Target } from '../target.ts';

/** A path as a detail names it, without its filter: `emails.value`, `urn:…:enterprise:2.0:User:department`. */
export function pathText(path: Exclude<PatchPath, { kind: 'extension' }>): string {
  return targetText(
    path.kind === 'elements' && path.sub !== undefined ? { ...path.target, sub: path.sub } : path.target,
  );
}

export function targetText({ extension, attribute, sub }: Target): string {
  const prefix = extension === undefined ? '' : `${extension}:`;
  return `${prefix}${attribute.name}${sub === undefined ? '' : `.${sub.name}`}`;
}

/** What a path changes: the sub-attribute when it names one. */
export function targetAttribute(path: Exclude<PatchPath, { kind: 'extension' }>): Attribute {
  const sub = path.kind === 'elements' ? path.sub : path.target.sub;
  return sub ?? path.target.attribute;
}

export function keptApart({ attribute }: Target): boolean {
  return attribute.kept === 'apart';
}
