import type { Resource, ResourceType } from '../scim/index.ts';

/**
 * A resource as it is kept. `text` is what a reply needs, as JSON text in canonical spelling; what varies or is computed
 * (`meta`, `groups`, `members`) is not in it and is spliced on when the reply is written:
 *
 *     {"schemas":["urn:…:User"],"id":"2819…","externalId":"00u…","userName":"bjensen",…}
 */
export interface StoredRecord {
  /** `User`, `Group`: the resource type's name. */
  readonly type: string;
  readonly id: string;
  /** 1 when created, one more for each committed change: `W/"3"`. */
  readonly version: number;
  /** UTC, fixed width: `2026-11-21T23:16:53.120Z`. */
  readonly created: string;
  readonly modified: string;
  readonly active: boolean;
  /** How many memberships a group has; 0 for everything else. */
  readonly memberCount: number;
  readonly text: string;
  /** No provider has made it, or taken it over by a write: it came from the application itself. */
  readonly unowned?: true;
  /** A page does not read long texts: this one's is '' here, and has to be read by its id. */
  readonly unread?: true;
  /** The groups that it is a member of; only where it was looked up by a key of its own, not on a page, and they are few. */
  readonly groups?: readonly GroupReference[];
}

/** A resource about to be stored: `resource` and `text` are the same thing, parsed and printed. */
export interface NewRecord {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly modified: string;
  readonly resource: Resource;
  readonly text: string;
  /** No provider owns it (see `StoredRecord`). Only of a record that is created. */
  readonly unowned?: true;
}

/** A group as far as its memberships move it: the version that it has, and when it got it. */
export type GroupStanding = Pick<StoredRecord, 'type' | 'id' | 'version' | 'modified'>;

/** An element of a user's `groups`. `display` is the group's displayName. */
export interface GroupReference {
  readonly value: string;
  readonly display: string;
}

/** An element of a group's `members`. `display` is the target's displayName, else its userName. */
export interface Member {
  readonly value: string;
  readonly type: string;
  readonly display: string;
}
