import type { Schema } from './attribute.ts';
import { attribute } from './define.ts';

/** RFC 7643 §4.3. */
export const ENTERPRISE_USER: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'What an employer knows of a user.',
  attributes: [
    attribute('employeeNumber', 'An identifier that the organization gave the user, usually a number or letters.'),
    attribute('costCenter', 'The name of a cost center.'),
    attribute('organization', 'The name of an organization.'),
    attribute('division', 'The name of a division.'),
    attribute('department', 'The name of a department.'),
    attribute('manager', "The user's manager.", {
      type: 'complex',
      subAttributes: [
        attribute('value', "The id of the manager's User resource.", { caseExact: true }),
        attribute('$ref', "The URI of the manager's User resource.", { type: 'reference', referenceTypes: ['User'] }),
        attribute('displayName', "The manager's displayName.", { mutability: 'readOnly' }),
      ],
    }),
  ],
};
