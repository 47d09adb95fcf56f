import type { ResourceType, Schema } from './attribute.ts';
import { attribute } from './define.ts';

/** RFC 7643 §4.2 and §8.7.1. Two groups may not share a displayName: identity providers find groups by it. */
export const GROUP: ResourceType = groupType('server');

/** As the RFC has it: two groups may share a displayName (`strict`). */
export const GROUP_SHARING_NAMES: ResourceType = groupType('none');

function groupType(nameUniqueness: 'server' | 'none'): ResourceType {
  const schema = groupSchema(nameUniqueness);
  return {
    id: 'Group',
    name: 'Group',
    description: schema.description,
    endpoint: '/Groups',
    schema,
    extensions: [],
  };
}

function groupSchema(nameUniqueness: 'server' | 'none'): Schema {
  return {
    id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
    name: 'Group',
    description: 'Users, and other groups, under one name.',
    attributes: [
      // Erratum 5368: required.
      attribute('displayName', 'The name of the group.', { required: true, uniqueness: nameUniqueness }),
      attribute('members', 'The members of the group. They are added and removed, never edited.', {
        type: 'complex',
        multiValued: true,
        kept: 'apart',
        subAttributes: [
          attribute('value', 'The id of the member.', { caseExact: true, mutability: 'immutable' }),
          attribute('$ref', 'The URI of the member.', {
            type: 'reference',
            referenceTypes: ['User', 'Group'],
            mutability: 'immutable',
          }),
          attribute('type', 'User, or Group.', { canonicalValues: ['User', 'Group'], mutability: 'immutable' }),
          // Erratum 6011 (reported): the RFC's own examples show it. Ours to fill.
          attribute('display', "The member's displayName, else its userName.", { mutability: 'readOnly' }),
        ],
      }),
    ],
  };
}
