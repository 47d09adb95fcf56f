import type { Attribute } from './attribute.ts';
import { attribute, readOnly } from './define.ts';

/** RFC 7643 §3: every resource lists the URNs of its schemas. URNs compare without regard to case (RFC 8141 §3.1). */
export const SCHEMAS: Attribute = attribute('schemas', 'The URNs of the schemas that the resource has data of.', {
  type: 'reference',
  referenceTypes: ['uri'],
  multiValued: true,
  required: true,
  caseExact: false,
  returned: 'always',
});

/** RFC 7643 §3.1. */
export const ID: Attribute = attribute('id', 'What the server calls the resource; never given to another.', {
  caseExact: true,
  mutability: 'readOnly',
  returned: 'always',
  uniqueness: 'server',
});

const EXTERNAL_ID: Attribute = attribute('externalId', 'What the provisioning client calls the resource.', {
  caseExact: true,
});

export const META: Attribute = readOnly(
  attribute('meta', 'What the server knows of the resource itself.', {
    type: 'complex',
    subAttributes: [
      attribute('resourceType', "The name of the resource's type: User, Group.", { caseExact: true }),
      attribute('created', 'When it was created.', { type: 'dateTime' }),
      attribute('lastModified', 'When it last changed.', { type: 'dateTime' }),
      attribute('location', 'Its URI.', { type: 'reference', referenceTypes: ['uri'] }),
      attribute('version', 'Its entity tag, as in the ETag header.', { caseExact: true }),
    ],
  }),
);

/** In the order of a reply: `meta` is written last, by whoever writes the reply. */
export const COMMON: readonly Attribute[] = [SCHEMAS, ID, EXTERNAL_ID, META];
