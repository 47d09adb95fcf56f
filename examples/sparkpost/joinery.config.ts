import { defineConfig } from 'joinery';

/** An e-mail platform with two regions and tenants of their own. */
export default defineConfig({
  applications: {
    app: {
      basePath: '/api/v1/users/scim/v2',
      // The first is the one that a token is shown with; an enterprise customer takes its own, by its slug.
      hosts: ['api.sparkpost.com', 'api.eu.sparkpost.com', '*.api.e.sparkpost.com'],
      requires: { plans: ['test', 'premier', 'enterprise'], sso: true },
      entitlements: [
        {
          name: 'Role',
          kind: 'role',
          values: [
            { id: 'admin', displayName: 'Admin', description: 'Everything, users and billing too.' },
            { id: 'developer', displayName: 'Developer', description: 'Templates, API keys and webhooks.' },
            { id: 'reporting', displayName: 'Reporting', description: 'Reads reports.' },
          ],
        },
      ],
      policy: {
        deactivation: 'remove',
        userNameIsEmail: true,
        // Who is there already is seen by an import, and belongs to Okta from its first write.
        conflict: 'link',
        roles: { byGroup: { 'SparkPost admins': 'admin' }, default: 'reporting' },
        protect: { lastWithRole: 'admin' },
        guard: { users: 10, percent: 10, window: '1h' },
      },
    },
  },
});
