import type { Refusal } from '../refusal.ts';
import type { ConnectionReason } from './connection.ts';
import type { FailureRow } from './row.ts';

/** What to do about a failure: one sentence for each place where it can be done. */
export interface Advice {
  readonly okta: string;
  readonly entra: string;
}

/**
 * What the customer's administrator does about a row of the failure list, in the words of the provider's own pages.
 *
 *     { okta: 'Change the username of …, then retry the task (Dashboard, Tasks).', entra: '… Provision on demand.' }
 */
export function adviceOn({ reason, type, operation, label }: Pick<FailureRow, keyof Asked>): Advice {
  // A row of an older version may have a reason that there is no more.
  const give = Object.hasOwn(ADVICE, reason) ? ADVICE[reason as Reason] : OTHERWISE;
  return give({ reason, type, operation, label });
}

type Reason = Refusal['reason'] | ConnectionReason;
type Asked = Pick<FailureRow, 'reason' | 'type' | 'operation' | 'label'>;
type Give = (asked: Asked) => Advice;

const again = ({ type }: Asked): Advice =>
  type === 'Group'
    ? { okta: 'then push the group again (Push Groups, Push now)', entra: 'then provision the group on demand' }
    : { okta: 'then retry the task (Dashboard, Tasks)', entra: 'then provision the user on demand' };

/** The same to be done in both, and then tried again. */
const first =
  (what: (asked: Asked) => string): Give =>
  (asked) => ({
    okta: `${what(asked)}, ${again(asked).okta}.`,
    entra: `${what(asked)}, ${again(asked).entra}.`,
  });

const mapping =
  (what: string): Give =>
  (asked) => ({
    okta: `${what} in the attribute mappings (Provisioning, To App), ${again(asked).okta}.`,
    entra: `${what} in the attribute mappings (Provisioning), ${again(asked).entra}.`,
  });

const subject = ({ type, label }: Asked): string => `the ${type.toLowerCase()} "${label}"`;

const inTheApplication =
  (what: string): Give =>
  (asked) => ({
    okta: `Ask an administrator of the application to ${what}, ${again(asked).okta}.`,
    entra: `Ask an administrator of the application to ${what}, ${again(asked).entra}.`,
  });

const newToken: Give = () => ({
  okta: 'Make a new token in the application, put it into Provisioning, Integration, API token, test it, and retry the tasks (Dashboard, Tasks).',
  entra:
    'Make a new token in the application, put it into Provisioning, Admin Credentials, Secret Token, test the connection, and restart provisioning.',
});

const nothing: Give = () => ({
  okta: 'Nothing while it is tried again by itself; if it stays, retry the tasks (Dashboard, Tasks) and tell who runs the application.',
  entra: 'Nothing while it is tried again by itself (every 40 minutes); if it stays, tell who runs the application.',
});

const OTHERWISE: Give = first((asked) => `Do what the message says for ${subject(asked)}`);

const ADVICE: Readonly<Record<Reason, Give>> = {
  'not-found': (asked) =>
    asked.type === 'Group'
      ? {
          okta: `Unlink "${asked.label}" in Push Groups without deleting it, and push it again.`,
          entra: `Restart provisioning, so that "${asked.label}" is matched anew.`,
        }
      : {
          okta: `Remove "${asked.label}" from the assignments of the application, and assign them again.`,
          entra: `Restart provisioning, so that "${asked.label}" is matched anew.`,
        },
  'name-taken': ({ type, label, operation }) =>
    type === 'Group'
      ? {
          okta: `Give the group another name, or link "${label}" to the one that exists (Push Groups, Link Group).`,
          entra: `Give the group another name, or match "${label}" with the one that exists by displayName.`,
        }
      : {
          okta:
            operation === 'create'
              ? `Import users (Import, Import Now) and confirm "${label}" as the existing one, or change their username in the application's assignment.`
              : `Change the username of "${label}" in the application's assignment, then retry the task (Dashboard, Tasks).`,
          entra: `Give "${label}" another userName, or see that userName is a matching attribute (Provisioning, Attribute mapping), then provision the user on demand.`,
        },
  'external-id-taken': first((asked) => `Find out which account ${subject(asked)} belongs to, and take the other away`),
  'two-matches': first(
    (asked) => `Find out which account ${subject(asked)} belongs to, and change the name of the other`,
  ),
  'version-mismatch': nothing,
  'unknown-members': (asked) => ({
    okta: `Assign the application to the members of "${asked.label}" first, then push the group again (Push Groups, Push now).`,
    entra: `See that the members of "${asked.label}" are in scope and provisioned, then provision the group on demand.`,
  }),
  'member-of-itself': first(({ label }) => `Take the group "${label}" out of its own members`),
  'unknown-manager': first(({ label }) => `Assign the application to the manager of "${label}" first`),
  'not-declared': mapping('Send a role, or entitlement, that the application has'),
  'seats-full': inTheApplication('free a seat or to add some'),
  'protected-user': (asked) => ({
    okta: `Ask an administrator of the application to take the protection off "${asked.label}", or leave them assigned.`,
    entra: `Ask an administrator of the application to take the protection off "${asked.label}", or leave them in scope.`,
  }),
  'last-with-role': inTheApplication('give the role to somebody else first'),
  'too-few-left': inTheApplication('change how many users have to stay'),
  held: (asked) => ({
    okta: `Ask an administrator of the application to approve or reject the hold of "${asked.label}"; once approved, the next sync finds it done.`,
    entra: `Ask an administrator of the application to approve or reject the hold of "${asked.label}"; once approved, the next cycle finds it done.`,
  }),
  'not-owned': (asked) => ({
    okta: `Ask an administrator of the application to hand over "${asked.label}" to provisioning, ${again(asked).okta}.`,
    entra: `Ask an administrator of the application to hand over "${asked.label}" to provisioning, ${again(asked).entra}.`,
  }),
  'user-name-no-email': (asked) => ({
    okta: `Set the application username format to Email (Sign On), ${again(asked).okta}.`,
    entra: `Map userName to an e-mail address (Provisioning, Attribute mapping), ${again(asked).entra}.`,
  }),
  'user-name-not-the-email': (asked) => ({
    okta: `Set the application username format to Email (Sign On), ${again(asked).okta}.`,
    entra: `Map userName and the work e-mail to the same attribute (Provisioning, Attribute mapping), ${again(asked).entra}.`,
  }),
  'role-above-ceiling': mapping('Send another role'),
  'group-gives-role': first(({ label }) => `Give the group "${label}" its former name back`),
  protocol: mapping('Correct what the message names'),
  'key-expired': newToken,
  'key-revoked': newToken,
  plan: () => ({
    okta: 'Ask an administrator of the application for a plan with provisioning, then retry the tasks (Dashboard, Tasks).',
    entra: 'Ask an administrator of the application for a plan with provisioning, then restart provisioning.',
  }),
  sso: () => ({
    okta: 'Enable SSO in the application first, then retry the tasks (Dashboard, Tasks).',
    entra: 'Enable SSO in the application first, then restart provisioning.',
  }),
  aborted: nothing,
  'too-large': () => ({
    okta: 'Push a smaller group, or split it, then push it again (Push Groups, Push now).',
    entra: 'Split the group, then restart provisioning.',
  }),
  'too-many-requests': nothing,
  unavailable: nothing,
  error: (asked) => ({
    okta: `${nothing(asked).okta.replace('tell who runs the application', 'give the request id to who runs the application')}`,
    entra: `${nothing(asked).entra.replace('tell who runs the application', 'give the request id to who runs the application')}`,
  }),
};
