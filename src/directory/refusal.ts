import type { ScimError } from '../scim/index.ts';

/**
 * Why the directory said no. `sentence` turns one into what the customer's administrator reads (`refusal-sentence.ts`);
 * which status it has is the door's business (`provisioning/refuse.ts`).
 */
export type Refusal =
  | { readonly reason: 'not-found'; readonly type: string; readonly id: string }
  | {
      readonly reason: 'name-taken';
      readonly type: string;
      readonly attribute: 'userName' | 'displayName';
      readonly value: string;
      /** Whether the one that has it is active. */
      readonly active: boolean;
      /** What was asked: somebody new, or another name for somebody known. */
      readonly asked: 'create' | 'rename';
    }
  | { readonly reason: 'external-id-taken'; readonly type: string; readonly externalId: string }
  | { readonly reason: 'two-matches'; readonly type: string; readonly name: string; readonly externalId: string }
  | {
      readonly reason: 'version-mismatch';
      readonly type: string;
      readonly id: string;
      readonly version: number;
      /** The request excludes this version (If-None-Match), in place of asking for another (If-Match). */
      readonly excluded?: boolean;
    }
  | { readonly reason: 'unknown-members'; readonly ids: readonly string[] }
  | { readonly reason: 'member-of-itself'; readonly id: string }
  | { readonly reason: 'unknown-manager'; readonly id: string }
  /** None of the roles, or entitlements, that the application declares; or one of several, and it does not say which. */
  | {
      readonly reason: 'not-declared';
      readonly attribute: 'roles' | 'entitlements';
      /** '' where there is none. */
      readonly value: string;
      /** As it was sent, where it says which kind is meant. */
      readonly type: string | undefined;
      readonly isAmbiguous: boolean;
      readonly possible: readonly { readonly id: string; readonly type?: string }[];
    }
  /** Nobody else may come in until somebody leaves, or more seats are bought. */
  | {
      readonly reason: 'seats-full';
      readonly label: string;
      readonly used: number;
      readonly limit: number;
      /** So many of them are not for providers. */
      readonly reserve: number;
    }
  | { readonly reason: 'protected-user'; readonly label: string; readonly asked: 'deprovision' | 'rename' }
  | { readonly reason: 'last-with-role'; readonly type: string; readonly label: string; readonly role: string }
  | { readonly reason: 'too-few-left'; readonly label: string; readonly active: number; readonly atLeast: number }
  /** The guard holds it until a person decides. */
  | {
      readonly reason: 'held';
      readonly type: string;
      readonly label: string;
      readonly work: 'deactivate' | 'remove' | 'removeMembers';
      /** Why, at its first. */
      readonly tripped?: {
        readonly what: 'users' | 'memberships';
        /** Within the window, this one not counted. */
        readonly count: number;
        readonly asked: number;
        readonly limit: number;
        readonly windowSeconds: number;
      };
      /** It is held already: since when; or was rejected: when. */
      readonly since?: string;
      readonly rejected?: string;
    }
  /** A user of the application's own, whom no provider made or took over. */
  | {
      readonly reason: 'not-owned';
      readonly type: string;
      readonly label: string;
      readonly asked: 'create' | 'update' | 'deprovision';
    }
  /** A userName that is no e-mail address; or not that of the user. */
  | { readonly reason: 'user-name-no-email' | 'user-name-not-the-email'; readonly userName: string }
  | { readonly reason: 'role-above-ceiling'; readonly role: string; readonly ceiling: readonly string[] }
  /** A group whose name gives a role was to have another; or a group was to have such a name. */
  | { readonly reason: 'group-gives-role'; readonly from: string; readonly to: string; readonly role: string }
  /** The request itself breaks the protocol in a way that only shows against the stored resource. */
  | { readonly reason: 'protocol'; readonly error: ScimError };
