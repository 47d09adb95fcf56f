import { asArray, asText, type Json, member, shown } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import { type Place, pathOf } from '../place.ts';
import { ENTERPRISE, GROUP, USER } from '../scim.ts';

/**
 * The schemas as Entra's gallery reads them (idp-clients §2.1, §2.5): no null anywhere, the words of RFC 7643 §7, a
 * Group, and every mapped attribute there to be written.
 */
export function inspectSchemas(ledger: Ledger, json: Json | undefined, mapped: readonly Place[]): void {
  const schemas = asArray(member(json, 'Resources'));
  if (schemas === undefined) {
    ledger.remark('GET /Schemas', 'Resources', { expected: 'a list', found: shown(member(json, 'Resources')) });
    return;
  }
  const found = schemas.map((schema) => asText(member(schema, 'id')) ?? '');
  for (const urn of [USER, ENTERPRISE, GROUP]) {
    if (!found.includes(urn))
      ledger.remark('GET /Schemas', `the schema ${urn}`, { expected: 'there', found: 'nothing' });
  }
  for (const schema of schemas)
    inspectAttributes(ledger, asText(member(schema, 'id')) ?? '', member(schema, 'attributes'));
  for (const place of mapped) inspectPlace(ledger, schemas, place);
}

/** RFC 7643 §7. */
const WORDS: readonly [string, readonly string[]][] = [
  ['type', ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'complex', 'binary']],
  ['mutability', ['readOnly', 'readWrite', 'immutable', 'writeOnly']],
  ['returned', ['always', 'never', 'default', 'request']],
  ['uniqueness', ['none', 'server', 'global']],
];

function inspectAttributes(ledger: Ledger, of: string, attributes: Json | undefined): void {
  for (const attribute of asArray(attributes) ?? []) {
    const name = `${of}:${asText(member(attribute, 'name')) ?? '?'}`;
    for (const [characteristic, words] of WORDS) {
      const word = member(attribute, characteristic);
      if (word === undefined || words.includes(asText(word) ?? '')) continue;
      ledger.remark(`/Schemas ${name}`, characteristic, { expected: words.join(' or '), found: shown(word) });
    }
    for (const [key, value] of Object.entries(attribute ?? {})) {
      if (value === null) ledger.remark(`/Schemas ${name}`, key, { expected: 'a value, or not there', found: 'null' });
    }
    inspectAttributes(ledger, name, member(attribute, 'subAttributes'));
  }
}

/** Names in any case: `emails[type eq "work"].value` is `emails` with its `value`. */
function inspectPlace(ledger: Ledger, schemas: readonly Json[], place: Place): void {
  const urn = place.at === 'extension' ? ENTERPRISE : USER;
  const [outer, inner] = namesOf(place);
  const schema = schemas.find((each) => member(each, 'id') === urn);
  const attribute = named(member(schema, 'attributes'), outer);
  const target = inner === undefined ? attribute : named(member(attribute, 'subAttributes'), inner);
  // RFC 7643 §3.1: externalId is common to all, and in no schema.
  if (outer === 'externalId') return;
  const mutability = member(target, 'mutability');
  const isWritable = target !== undefined && mutability !== 'readOnly';
  if (isWritable) return;
  const sides = { expected: 'readWrite', found: target === undefined ? 'nothing' : shown(mutability) };
  ledger.remark(`/Schemas ${pathOf(place)}`, 'mutability', sides);
}

function namesOf(place: Place): [string, string?] {
  if (place.at === 'user') return [place.name];
  if (place.at === 'extension') return place.part === undefined ? [place.name] : [place.name, place.part];
  return [place.of, place.name];
}

function named(attributes: Json | undefined, name: string): Json | undefined {
  const isIt = (attribute: Json): boolean => asText(member(attribute, 'name'))?.toLowerCase() === name.toLowerCase();
  return (asArray(attributes) ?? []).find(isIt);
}
