import { defineConfig } from 'joinery';

const requires = { plans: ['business', 'enterprise'] };
const guard = { users: 10, percent: 10, window: '1h' };

/** Contracts in a workspace: its members, their teams and their passwords come from the identity provider. */
export default defineConfig({
  applications: {
    workspace: {
      basePath: '/api/scim/v2',
      requires,
      features: { import: true, pushGroups: true, syncPassword: true },
      policy: {
        deactivation: 'suspend',
        reactivation: 'revive',
        // Who is there already is seen by an import, and belongs to Okta from its first write.
        conflict: 'link',
        guard,
      },
    },
    // What the guide offers today: members alone.
    today: {
      basePath: '/api/scim/today/v2',
      requires,
      features: { import: false, pushGroups: false, syncPassword: false },
      policy: { deactivation: 'suspend', reactivation: 'revive', guard },
    },
  },
});
