import { defineConfig } from 'joinery';

const KEPT = ['name.givenName', 'name.familyName', 'emails[type eq "work" and primary eq true]'];

/** A social media suite and its advocacy board: two applications, each with people, tokens and a base URL of its own. */
export default defineConfig({
  applications: {
    app: {
      hosts: ['app.oktopost.com', 'eu-app.oktopost.com'],
      policy: {
        deactivation: 'suspend',
        reactivation: 'revive',
        userNameIsEmail: true,
        keep: KEPT,
        // Who has an account that Okta did not make keeps it: a clash, which the customer's administrator settles.
        conflict: 'reject',
        guard: { users: 10, percent: 10, window: '1h' },
      },
    },
    board: {
      hosts: ['board.oktopost.com', 'eu-board.oktopost.com'],
      policy: {
        match: ['userName'],
        keep: KEPT,
        guard: { users: 10, percent: 10, window: '1h' },
      },
    },
  },
});
