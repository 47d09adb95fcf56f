import type { Attribute, AttributeType, ResourceType } from '../../../src/scim/index.ts';

const TYPES: readonly AttributeType[] = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'];

/** A resource type that nobody has, with every type of attribute: single, with many values, as sub-attributes, in an extension. */
export const DEVICE: ResourceType = {
  id: 'Device',
  name: 'Device',
  description: 'A device',
  endpoint: '/Devices',
  schema: {
    id: 'urn:example:schemas:Device',
    name: 'Device',
    description: 'A device',
    attributes: [attribute('displayName', 'string'), ...everyType()],
  },
  extensions: [
    {
      required: false,
      schema: {
        id: 'urn:example:schemas:Extra:2.0:Device',
        name: 'Extra',
        description: 'More',
        attributes: everyType(),
      },
    },
  ],
};

function everyType(): readonly Attribute[] {
  const single = TYPES.map((type) => attribute(`${type}One`, type));
  const many = TYPES.map((type) => attribute(`${type}Many`, type, { multiValued: true }));
  const exact = attribute('exact', 'string', { caseExact: true });
  const parts = [...single, exact, attribute('primary', 'boolean')];
  return [
    ...single,
    ...many,
    exact,
    attribute('complexOne', 'complex', { subAttributes: parts }),
    attribute('complexMany', 'complex', { multiValued: true, subAttributes: parts }),
  ];
}

function attribute(name: string, type: AttributeType, given: Partial<Attribute> = {}): Attribute {
  return {
    name,
    type,
    multiValued: false,
    description: name,
    required: false,
    caseExact: type === 'binary' || type === 'reference',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    kept: 'inline',
    ...given,
  };
}
