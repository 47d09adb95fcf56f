import { ScimError } from './error.ts';
import { isName, printAttributePath, readAttributePath } from './filter/attribute-path.ts';
import { lex, MAX_LENGTH, type Token } from './filter/lexer.ts';
import type { ParseOptions } from './filter/parse.ts';
import { FilterParser } from './filter/parser.ts';
import { resolveElementFilter } from './filter/resolve.ts';
import type { Filter } from './filter/tree.ts';
import type { PatchPath } from './request.ts';
import type { ResourceType } from './schema/attribute.ts';
import { findExtension, findSubAttribute, findTarget, isBaseSchema } from './schema/find.ts';
import { shorten } from './shorten.ts';
import type { AttributePath, Target } from './target.ts';

/** The path of a PATCH operation as it was written; nothing is looked up yet. */
export type ParsedPath =
  /** `path` is absent when the text can only be the URN of an extension (`urn:x:2.0`). */
  | { readonly kind: 'name'; readonly text: string; readonly path?: AttributePath }
  | {
      readonly kind: 'elements';
      readonly path: AttributePath;
      readonly filter: Filter<AttributePath>;
      readonly sub?: string;
      /** How the filter was parsed, so that its values are looked up the same way. */
      readonly unquotedValues: boolean;
    };

/**
 * `{"op":"replace","path":"emails[type eq \"work\"].value","value":"a@x.com"}` (RFC 7644 §3.5.2, figure 7):
 *
 *     active · name.familyName · urn:…:enterprise:2.0:User:manager.value
 *     emails[type eq "work"] · emails[type eq "work"].value · urn:…:User:emails[primary eq true].display
 *     urn:ietf:params:scim:schemas:extension:enterprise:2.0:User (the whole extension)
 *
 * The brackets hold a filter, read by the parser of filters; spaces are free in it (`value eq"x"`, as in §3.5.2.2).
 *
 * @throws ScimError invalidPath; invalidFilter for what is wrong between the brackets
 */
export function parsePath(text: string, options: { readonly unquotedValues: boolean }): ParsedPath {
  if (text.length > MAX_LENGTH) {
    throw ScimError.invalidPath(`The path is ${text.length} characters long; at most ${MAX_LENGTH} are accepted.`);
  }
  return text.includes('[') ? parseElements(text, options) : parseName(text);
}

/**
 * The attribute that a path names, in a type.
 *
 * @throws ScimError invalidPath for what the type does not have, and for brackets after what has no elements; invalidFilter
 *   for a filter that names no sub-attribute, or compares it with what it cannot be
 */
export function resolvePath(parsed: ParsedPath, type: ResourceType): PatchPath {
  return parsed.kind === 'name' ? resolveName(parsed.text, parsed.path, type) : resolveElements(parsed, type);
}

function parseName(text: string): ParsedPath {
  const path = readAttributePath(text);
  if (path !== undefined) return { kind: 'name', text, path };
  if (text.includes(':')) return { kind: 'name', text };
  throw notAPath(text);
}

function parseElements(text: string, options: ParseOptions): ParsedPath {
  const tokens = lex(text);
  const name = tokens[0]?.text ?? '';
  const path = tokens[0]?.kind === 'word' && tokens[1]?.kind === '[' ? readAttributePath(name) : undefined;
  if (path === undefined || isPosition(tokens)) throw notAPath(text);
  const parser = new FilterParser(tokens, 2, options, 'path');
  const filter = parser.read();
  parser.end(']');
  const sub = readSub(tokens.slice(parser.position), text);
  return {
    kind: 'elements',
    path,
    filter,
    ...(sub === undefined ? {} : { sub }),
    unquotedValues: options.unquotedValues,
  };
}

/** PAT-12: `emails[0]`. Multi-valued attributes have no order, so no positions. */
function isPosition(tokens: readonly Token[]): boolean {
  return tokens[2]?.kind === 'word' && /^-?\d+$/.test(tokens[2].text) && tokens[3]?.kind === ']';
}

function readSub(rest: readonly Token[], text: string): string | undefined {
  const [first, second] = rest;
  if (first === undefined || first.kind === 'end') return undefined;
  const name = first.text.slice(1);
  const isSub = first.kind === 'word' && !first.spaced && first.text.startsWith('.') && isName(name);
  if (!isSub || second?.kind !== 'end') throw notAPath(text);
  return name;
}

function resolveName(text: string, path: AttributePath | undefined, type: ResourceType): PatchPath {
  const extension = findExtension(type, text);
  if (extension !== undefined) return { kind: 'extension', urn: extension.id };
  if (isBaseSchema(type, text)) {
    throw ScimError.invalidPath(
      `The path ${text} is the whole ${type.name}; an attribute was expected, or no path and an object as value.`,
    );
  }
  const target = path === undefined ? undefined : findTarget(type, path);
  if (target === undefined) throw unknown(text, type.name);
  return { kind: 'attribute', target };
}

function resolveElements(parsed: ParsedPath & { kind: 'elements' }, type: ResourceType): PatchPath {
  const name = printAttributePath(parsed.path);
  const target = findTarget(type, parsed.path);
  if (target === undefined) throw unknown(name, type.name);
  if (!hasElements(target)) {
    const why = target.attribute.multiValued
      ? 'whose values have no parts to ask for; its name alone was expected'
      : 'which is not an attribute with many values; its name alone, or a sub-attribute as in name.familyName, was expected';
    throw ScimError.invalidPath(`The path has "[…]" after ${name}, ${why}.`);
  }
  const { attribute } = target;
  const filter = resolveElementFilter(parsed.filter, attribute, parsed);
  if (parsed.sub === undefined) return { kind: 'elements', target, filter };
  const sub = findSubAttribute(attribute, parsed.sub);
  if (sub === undefined) throw unknown(`${name}.${parsed.sub}`, type.name);
  return { kind: 'elements', target, filter, sub };
}

function hasElements({ attribute, sub }: Target): boolean {
  return attribute.multiValued && attribute.type === 'complex' && sub === undefined;
}

function notAPath(text: string): ScimError {
  return ScimError.invalidPath(
    `The path ${shown(text)} cannot be read: an attribute such as active, name.familyName, emails[type eq "work"] or emails[type eq "work"].value was expected. Sub-attributes have none of their own, and values have no positions.`,
  );
}

function unknown(name: string, type: string): ScimError {
  return ScimError.invalidPath(`The path names ${shown(name)}, which is not an attribute of a ${type}.`);
}

/** What stands between quotes may be someone's data, and is not told. */
function shown(text: string): string {
  const name = text.split('[', 1)[0] ?? '';
  const cut = shorten(name);
  return JSON.stringify(name === text ? cut : `${cut}[…]`);
}
