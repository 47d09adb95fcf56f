import {
  findExtension,
  findSubAttribute,
  findTarget,
  type ParsedPath,
  parsePath,
  printAttributePath,
  printFilter,
  type ResourceType,
} from '../scim/index.ts';
import { type Field, fieldOf, fieldOfExtension, fieldsOf } from './fields.ts';
import { rewriteAttributePath, rewriteElementFilter } from './filter.ts';
import type { Used } from './used.ts';

export interface RewrittenPath {
  /** The very text that was given, when nothing applied. */
  readonly text: string;
  /** What the operation's value is the value of; absent when the type has no such attribute. */
  readonly field?: Field;
  /** Whether that is one element of a multi-valued attribute: `emails[type eq "work"]`. */
  readonly isElement?: boolean;
}

/**
 * The path of an operation as the engine reads it:
 *
 *     roles[primary eq "True"].value → roles[primary eq true].value
 */
export function rewritePathText(type: ResourceType, text: string, used: Used): RewrittenPath {
  const extension = findExtension(type, text);
  if (extension !== undefined) return { text, field: fieldOfExtension(extension) };
  const parsed = parse(text);
  if (parsed?.path === undefined) return { text };
  const path = rewriteAttributePath(type, parsed.path, used);
  const target = findTarget(type, path);
  if (target === undefined) return { text };
  if (parsed.kind === 'name') {
    const isSame = path === parsed.path;
    return { text: isSame ? text : printAttributePath(path), field: fieldOf(target.sub ?? target.attribute) };
  }
  const filter = rewriteElementFilter(target.attribute, parsed.filter, used);
  const sub = parsed.sub === undefined ? undefined : findSubAttribute(target.attribute, parsed.sub);
  const isSame = path === parsed.path && filter === parsed.filter;
  const after = parsed.sub === undefined ? '' : `.${parsed.sub}`;
  return {
    text: isSame ? text : `${printFilter({ kind: 'elements', path, filter })}${after}`,
    field: fieldOf(sub ?? target.attribute),
    isElement: sub === undefined,
  };
}

/** `members[value eq "2819c223"]`, by the thousand when many leave: nothing in there could be rewritten. */
export function hasPlainFilter(type: ResourceType, path: string): boolean {
  const name = path.slice(0, Math.max(0, path.indexOf('[')));
  return fieldsOf(type).get(name)?.filterable === false;
}

function parse(text: string): ParsedPath | undefined {
  try {
    return parsePath(text, { unquotedValues: true });
  } catch {
    return undefined;
  }
}
