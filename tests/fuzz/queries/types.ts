import { declaredSchema, GROUP_SHARING_NAMES, type ResourceType, USER } from '../../../src/scim/index.ts';
import { DEVICE } from '../../unit/store/device.ts';

/** Users with an extension of every type of attribute, of which each kind that can be indexed is. */
const PERSON: ResourceType = {
  ...USER,
  extensions: [
    ...USER.extensions,
    {
      required: false,
      schema: declaredSchema({
        urn: 'urn:example:params:scim:schemas:app:2.0:User',
        of: 'User',
        attributes: {
          costCenter: { indexed: true },
          badge: { indexed: true, caseExact: true, multiValued: true },
          seats: { type: 'integer', indexed: true },
          share: { type: 'decimal', multiValued: true },
          trial: { type: 'boolean', indexed: true },
          starts: { type: 'dateTime', indexed: true },
          leaves: { type: 'dateTime', multiValued: true },
          key: { type: 'binary' },
          desk: { type: 'complex', attributes: { floor: { type: 'integer' }, room: {} } },
          phones: {
            type: 'complex',
            multiValued: true,
            attributes: {
              value: {},
              tags: { multiValued: true },
              since: { type: 'dateTime' },
              primary: { type: 'boolean' },
            },
          },
        },
      }),
    },
  ],
};

/** Their names may repeat, so that there are ties among them. */
const CIRCLE = GROUP_SHARING_NAMES;

export const TYPES = { PERSON, CIRCLE, DEVICE } as const;

/** What is asked together: one type mostly, or several in some order, as at the root. */
export const TOGETHER: readonly (readonly ResourceType[])[] = [
  [PERSON],
  [PERSON],
  [PERSON],
  [CIRCLE],
  [CIRCLE],
  [DEVICE],
  [DEVICE],
  [PERSON, CIRCLE],
  [PERSON, CIRCLE],
  [CIRCLE, PERSON],
  [DEVICE, PERSON, CIRCLE],
];
