import { defineConfig } from 'joinery';

/** Cloud accounts in an organization: Okta makes and deletes its users, and edits nobody. */
export default defineConfig({
  applications: {
    organization: {
      policy: {
        deactivation: 'remove',
        reactivation: 'recreate',
        // Okta's Force Sync writes profiles, and must be told that it went well.
        updates: 'ignore',
        // Force Sync after an import makes the users who were confirmed Okta's; whom it never wrote to, it cannot delete.
        conflict: 'link',
        protect: { existing: true, atLeast: 2 },
        guard: { users: 10, percent: 10, window: '1h' },
      },
    },
  },
});
