import type { Schema } from './attribute.ts';
import { attribute, readOnlySchema } from './define.ts';

/** RFC 7643 §6 and §8.7.2. */
export const RESOURCE_TYPE_SCHEMA: Schema = readOnlySchema({
  id: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  name: 'ResourceType',
  description: 'A type of resource that this server keeps.',
  attributes: [
    attribute('name', 'The name of the type: User.', { required: true }),
    attribute('description', 'What the type is.'),
    attribute('endpoint', 'Where its resources are, below the base URL: /Users.', {
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
    }),
    attribute('schema', "The URN of the type's base schema.", {
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
    }),
    // Erratum 7522: multi-valued.
    attribute('schemaExtensions', 'The extensions of the base schema.', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        attribute('schema', 'The URN of the extension.', {
          type: 'reference',
          referenceTypes: ['uri'],
          required: true,
        }),
        attribute('required', 'Whether every resource of the type has it.', { type: 'boolean', required: true }),
      ],
    }),
  ],
});
