import type { Exchange } from '../client.ts';
import { seededRandom } from '../random.ts';
import { createOktaClient } from './client.ts';
import { FLAVOURS, type FlavourName } from './flavour.ts';
import { MAPPINGS, type Mapping } from './mapping.ts';
import type { Okta } from './okta.ts';
import type { Person } from './person.ts';

export interface ConnectOptions {
  readonly baseUrl: string;
  /** Where the host of the base URL is really reached. */
  readonly at?: string | undefined;
  /** The header as it is sent: `Bearer jn-…`. */
  readonly authorization: string;
  /** `oin-patch` when absent. */
  readonly flavour?: FlavourName | undefined;
  /** Those of the default template when absent. */
  readonly mappings?: readonly Mapping[] | undefined;
  readonly people?: readonly Person[];
  readonly observe?: ((exchange: Exchange) => void) | undefined;
}

/** One app integration in an Okta of its own, for whoever says what its administrator does. */
export function connectOkta(options: ConnectOptions): Okta {
  const { baseUrl, at, authorization, flavour = 'oin-patch', mappings = MAPPINGS, people = [] } = options;
  const client = createOktaClient({
    ...{ baseUrl, at, authorization, encoding: 'percent', userAgent: 'Okta SCIM Client 1.0.0' },
    ...{ patienceMs: 10_000, timeoutMs: 60_000, observe: options.observe ?? (() => undefined) },
  });
  return { client, flavour: FLAVOURS[flavour], mappings, random: seededRandom(1), people: [...people], groups: [] };
}
