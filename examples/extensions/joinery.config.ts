import { defineConfig } from 'joinery';

/**
 * A project planner that wants to know more of people than the standard has, and has roles and licenses to give. Try it:
 *
 *     JOINERY_CONFIG=examples/extensions/joinery.config.ts npm start
 */
export default defineConfig({
  applications: {
    planner: {
      extensions: [
        {
          urn: 'urn:example:scim:schemas:extension:planner:2.0:User',
          of: 'User',
          description: 'What the planner knows of a person.',
          attributes: {
            // Found by `filter=urn:…:User:badge eq "B-1007"` without a look at everybody.
            badge: { description: 'The number on the badge.', indexed: true, mutability: 'immutable' },
            region: { description: 'Where the person plans.', canonicalValues: ['EMEA', 'APAC', 'AMER'] },
            hoursPerWeek: { type: 'integer', description: 'How much of them can be planned.' },
            contractEnds: { type: 'dateTime', description: 'Nothing is planned after it.' },
            skills: { multiValued: true, indexed: true, description: 'What they can be planned for.' },
            desk: {
              type: 'complex',
              description: 'Where they sit.',
              attributes: { building: { required: true }, floor: { type: 'integer' } },
            },
            // Shown to who asks for it by name: GET /Users/{id}?attributes=urn:…:User:note
            note: { returned: 'request', description: 'What planners say of the person.' },
          },
        },
        {
          urn: 'urn:example:scim:schemas:extension:planner:2.0:Group',
          of: 'Group',
          attributes: { costCenter: { indexed: true, description: 'Who pays for the work of the group.' } },
        },
      ],
      entitlements: [
        {
          name: 'Role',
          kind: 'role',
          values: [
            { id: 'planner', displayName: 'Planner', description: 'Makes plans.' },
            { id: 'approver', displayName: 'Approver', description: 'Approves the plans of others.' },
            { id: 'admin', displayName: 'Administrator' },
          ],
        },
        {
          name: 'License',
          kind: 'entitlement',
          endpoint: '/Licenses',
          values: [
            { id: 'basic', displayName: 'Basic' },
            { id: 'pro', displayName: 'Professional', description: 'With forecasts.' },
          ],
        },
        {
          name: 'Entitlement',
          kind: 'entitlement',
          values: [{ id: 'export', displayName: 'Export of plans' }],
        },
      ],
    },
  },
});
