import { createTurns, type Organization, type OrganizationStore } from '../directory/index.ts';
import type { Credential, CredentialStore } from './ports.ts';
import { hashToken, looksLikeToken } from './token.ts';

/** What a presented token opens. */
export interface Opened {
  readonly kind: 'identified';
  readonly credential: Pick<Credential, 'id' | 'name' | 'scope'>;
  readonly directory: string;
  readonly application: string;
  readonly organization: Pick<Organization, 'id' | 'slug' | 'plan' | 'sso'>;
  /** What the directory has otherwise than its application, as JSON; undefined: nothing. */
  readonly policy?: string | undefined;
}

export interface Closed {
  readonly kind: 'unknown' | 'expired' | 'revoked';
  /** Of one that was known: for the failure list of its directory. */
  readonly whose?: { readonly directory: string; readonly credential: Pick<Credential, 'id' | 'name'> };
}

export interface IdentifyOptions {
  readonly store: Pick<CredentialStore, 'credentialByHash' | 'touchCredential' | 'credentialEpoch'> &
    Pick<OrganizationStore, 'directoryById'>;
  /** Milliseconds since 1970, for what expires. */
  readonly now: () => number;
  /** Milliseconds that never go back, for what grows old. */
  readonly uptime: () => number;
  /** "Last used" could not be written: no request waits for it, or fails by it. */
  readonly onTouchFailed: (cause: unknown) => void;
}

export interface Identifier {
  readonly identify: (token: string) => Promise<Opened | Closed>;
  /** Resolves when no last use waits to be noted. */
  readonly settled: () => Promise<void>;
}

/** A revoked token stops within this, even when the store cannot tell that another process revoked it. */
const FRESH_MS = 5_000;
const TOUCH_EVERY_MS = 60_000;
const MOST_REMEMBERED = 10_000;
/** Tokens that were never seen here: a flood of wrong ones must not stand before those that are only looked up again. */
const STRANGERS = { atOnce: 200, mostOfOneDirectory: 10_000, most: 10_000 };

/**
 * Who presents this token? Remembers the answer for tokens that exist (unknown ones are asked about each time, so that a
 * token made a moment ago by another process works at once), and throws a memory away when it is five seconds old or
 * when the store says that credentials changed. Expiry is looked at on every call.
 *
 * @throws TooMuchWaiting when too many unknown tokens are being looked up; StoreUnavailable
 */
export function createIdentify(options: IdentifyOptions): Identifier {
  const { store, now, uptime } = options;
  const known = new Map<string, Known>();
  const touch = createTouch(options);
  const strangers = createTurns(STRANGERS);

  return { identify, settled: touch.settled };

  async function identify(token: string): Promise<Opened | Closed> {
    if (!looksLikeToken(token)) return UNKNOWN;
    const hash = hashToken(token);
    // Read before the look-up: what changes in between makes the memory stale, never wrong.
    const epoch = store.credentialEpoch();
    const at = uptime();
    const remembered = known.get(hash);
    if (remembered !== undefined && remembered.epoch === epoch && at - remembered.at <= FRESH_MS)
      return use(remembered);

    const found = await (remembered === undefined ? strangers('', () => lookUp(hash, store)) : lookUp(hash, store));
    known.delete(hash);
    if (found === undefined) return UNKNOWN;
    if (known.size >= MOST_REMEMBERED) forgetOldest(known);
    const fresh = { ...found, epoch, at };
    known.set(hash, fresh);
    return use(fresh);
  }

  function use({ credential, opened }: Known): Opened | Closed {
    if (credential.revoked !== undefined) return { kind: 'revoked', whose: whoseOf(credential) };
    if (credential.expires !== undefined && Date.parse(credential.expires) <= now())
      return { kind: 'expired', whose: whoseOf(credential) };
    touch.note(credential);
    return opened;
  }
}

const UNKNOWN: Closed = { kind: 'unknown' };

function whoseOf({ id, name, directory }: Credential): Closed['whose'] & object {
  return { directory, credential: { id, name } };
}

interface Known {
  readonly credential: Credential;
  readonly opened: Opened;
  readonly epoch: number | undefined;
  readonly at: number;
}

async function lookUp(
  hash: string,
  store: IdentifyOptions['store'],
): Promise<Pick<Known, 'credential' | 'opened'> | undefined> {
  const credential = await store.credentialByHash(hash);
  if (credential === undefined) return undefined;
  const place = await store.directoryById(credential.directory);
  if (place === undefined) return undefined;
  const opened: Opened = {
    kind: 'identified',
    credential: { id: credential.id, name: credential.name, scope: credential.scope },
    directory: credential.directory,
    application: place.directory.application,
    organization: organizationOf(place.organization),
    ...(place.directory.policy === undefined ? {} : { policy: place.directory.policy }),
  };
  return { credential, opened };
}

function organizationOf({ id, slug, plan, sso }: Organization): Opened['organization'] {
  return { id, slug, ...(plan === undefined ? {} : { plan }), ...(sso === undefined ? {} : { sso }) };
}

interface Touch {
  readonly note: (credential: Credential) => void;
  readonly settled: Identifier['settled'];
}

/** Notes "last used" once a minute for each credential, after the reply's own work. */
function createTouch({ store, now, uptime, onTouchFailed }: IdentifyOptions): Touch {
  const touched = new Map<string, number>();
  const waiting = new Set<Promise<void>>();
  return {
    note({ id }) {
      const at = uptime();
      const last = touched.get(id);
      if (last !== undefined && at - last < TOUCH_EVERY_MS) return;
      touched.delete(id);
      if (touched.size >= MOST_REMEMBERED) forgetOldest(touched);
      touched.set(id, at);
      const noted = afterThisTurn().then(() => store.touchCredential(id, new Date(now()).toISOString()));
      const settled = noted.catch(onTouchFailed).finally(() => waiting.delete(settled));
      waiting.add(settled);
    },
    settled: async () => void (await Promise.allSettled(waiting)),
  };
}

function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
