import { z } from 'zod';
import { unknownKeys } from './unknown-keys.ts';

const flag = z.boolean('expected true or false').optional();
export const text = z
  .string('expected text')
  .min(1, 'expected text that is not empty')
  .max(1000, 'expected at most 1,000 characters');
const texts = z.array(text, 'expected a list of texts').min(1, 'expected at least one, or nothing at all').optional();

const SIMPLE = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'] as const;

/** RFC 7643 §2.1, without `$`, which is the standard's own. */
const attributeName = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,62}$/)
  // What every object has cannot be told from what a resource has.
  .refine((name) => !(name in Object.prototype));
const NAMES = 'expected names of a letter and then letters, digits, "-" and "_", at most 63, like "costCenter"';

const characteristics = {
  description: text.optional(),
  multiValued: flag,
  required: flag,
  caseExact: flag,
  mutability: z
    .enum(['readOnly', 'readWrite', 'immutable'], 'expected "readOnly", "readWrite" or "immutable"')
    .optional(),
  returned: z.enum(['always', 'default', 'request'], 'expected "always", "default" or "request"').optional(),
  canonicalValues: texts,
  referenceTypes: texts,
};
const KNOWN = Object.keys(characteristics).join(', ');

const subAttribute = z
  .strictObject(
    { type: z.enum(SIMPLE, `expected one of ${SIMPLE.join(', ')}`).optional(), ...characteristics },
    { error: unknownKeys(`type, ${KNOWN}`, 'an object such as { type: "string" }') },
  )
  .superRefine(fits);

const attribute = z
  .strictObject(
    {
      type: z.enum([...SIMPLE, 'complex'], `expected one of ${SIMPLE.join(', ')}, complex`).optional(),
      ...characteristics,
      indexed: flag,
      attributes: z.record(attributeName, subAttribute, NAMES).optional(),
    },
    { error: unknownKeys(`type, ${KNOWN}, indexed, attributes`, 'an object such as { type: "string" }') },
  )
  .refine(
    ({ type, attributes = {} }) => (type === 'complex') === Object.keys(attributes).length > 0,
    'expected "attributes" exactly where the type is "complex"',
  )
  .superRefine(fits);

/** An extension as it is written; what it says twice, or takes from others, is `declarations.ts`'s to find. */
export const extensionSchema = z.strictObject(
  {
    urn: z
      .string('expected a URN like "urn:example:scim:schemas:extension:app:2.0:User"')
      .regex(
        /^urn:[a-z0-9][a-z0-9-]{1,31}:[\w.:-]*[\w-]$/i,
        'expected a URN like "urn:example:scim:schemas:extension:app:2.0:User"',
      )
      .max(250, 'expected at most 250 characters')
      .refine(
        (urn) =>
          !/^urn:(?:ietf:params:scim:(?:schemas:core|api|schemas:extension:enterprise)|okta:scim:schemas:core):/i.test(
            urn,
          ),
        "expected a URN of your own: this one is the standard's, or Okta's",
      ),
    of: z.enum(['User', 'Group'], 'expected "User" or "Group"'),
    name: text.optional(),
    description: text.optional(),
    required: flag,
    attributes: z
      .record(attributeName, attribute, NAMES)
      .refine((attributes) => Object.keys(attributes).length > 0, 'expected at least one attribute'),
  },
  { error: unknownKeys('urn, of, name, description, required, attributes', 'an object with urn, of and attributes') },
);

interface Given {
  readonly type?: string | undefined;
  readonly required?: boolean | undefined;
  readonly mutability?: string | undefined;
  readonly caseExact?: unknown;
  readonly canonicalValues?: unknown;
  readonly referenceTypes?: unknown;
  readonly indexed?: boolean | undefined;
}

/** Characteristics that mean nothing together, each told at its own key. */
function fits(
  given: Given,
  { addIssue }: { addIssue: (issue: { code: 'custom'; path: string[]; message: string }) => void },
) {
  const { type = 'string' } = given;
  const wrong = (key: keyof Given, message: string): void => addIssue({ code: 'custom', path: [key], message });
  if (given.required === true && given.mutability === 'readOnly') {
    wrong('required', 'expected it only of what a client can give, and nobody gives what is readOnly');
  }
  for (const key of ['caseExact', 'canonicalValues'] as const) {
    if (given[key] !== undefined && type !== 'string') wrong(key, `expected it only of type "string", not "${type}"`);
  }
  if (given.referenceTypes !== undefined && type !== 'reference') {
    wrong('referenceTypes', `expected it only of type "reference", not "${type}"`);
  }
  if (given.indexed === true && !INDEXED.includes(type)) {
    wrong(
      'indexed',
      `expected it only of type ${INDEXED.map((one) => `"${one}"`).join(', ')}, not "${type}": ${WHY_NOT}`,
    );
  }
}

const INDEXED: readonly string[] = ['string', 'reference', 'integer', 'decimal', 'dateTime'];
const WHY_NOT = 'an index finds the few that have one of many values';
