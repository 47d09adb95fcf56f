import type { Attribute, Schema } from './attribute.ts';
import { attribute, readOnlySchema } from './define.ts';

/** RFC 7643 §7 and §8.7.2. */
export const SCHEMA_SCHEMA: Schema = readOnlySchema({
  id: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  name: 'Schema',
  description: 'The attributes that a resource may have.',
  attributes: [
    attribute('name', 'The name of the schema: User.', { required: true }),
    attribute('description', 'What the schema is for.'),
    attribute('attributes', 'The attributes.', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        ...characteristics(['string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary']),
        // The one complex attribute inside another that the RFC itself has; what it describes is never complex
        // (errata 8415 and 8435).
        attribute('subAttributes', 'The parts of a complex attribute.', {
          type: 'complex',
          multiValued: true,
          subAttributes: characteristics([
            'string',
            'boolean',
            'decimal',
            'integer',
            'dateTime',
            'reference',
            'binary',
          ]),
        }),
      ],
    }),
  ],
});

/** Erratum 5606: `binary` is a type. Erratum 5607: `referenceTypes` is multi-valued. */
function characteristics(types: readonly string[]): readonly Attribute[] {
  return [
    attribute('name', 'The name of the attribute.', { required: true, caseExact: true }),
    attribute('type', 'What its values are.', { required: true, canonicalValues: types }),
    attribute('multiValued', 'Whether it may have several values.', { type: 'boolean', required: true }),
    attribute('description', 'What it is for.', { caseExact: true }),
    attribute('required', 'Whether every resource has it.', { type: 'boolean' }),
    attribute('canonicalValues', 'The values that are usual.', { multiValued: true, caseExact: true }),
    attribute('caseExact', 'Whether the case of letters matters in comparisons.', { type: 'boolean' }),
    attribute('mutability', 'Whether and when a client may change it.', {
      caseExact: true,
      canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
    }),
    attribute('returned', 'When a reply has it.', {
      caseExact: true,
      canonicalValues: ['always', 'never', 'default', 'request'],
    }),
    attribute('uniqueness', 'Whether two resources may have the same value.', {
      caseExact: true,
      canonicalValues: ['none', 'server', 'global'],
    }),
    attribute('referenceTypes', 'What it may refer to: a resource type, external, uri.', {
      multiValued: true,
      caseExact: true,
    }),
  ];
}
