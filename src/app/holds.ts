import type { PlaceWanted } from '../access/index.ts';
import type { Actor, DecideHolds, Hold, HoldDecided, Perform } from '../directory/index.ts';
import type { Store } from '../store/index.ts';
import type { Operator, Place } from './operator.ts';

export interface HoldShown {
  readonly hold: Hold;
  readonly organization: string;
  readonly application: string;
}

export type HoldsDecided =
  | { readonly kind: 'decided'; readonly results: readonly HoldDecided[] }
  | { readonly kind: 'refused'; readonly detail: string };

export interface HoldsAsked {
  /** Its slug; all when absent. */
  readonly organization?: string | undefined;
  readonly application?: string | undefined;
  readonly states: readonly Hold['state'][];
}

export interface Holds {
  /** In order of the directories, and of time. */
  readonly list: (asked: HoldsAsked) => AsyncIterable<HoldShown>;
  readonly show: (id: string) => Promise<HoldShown | undefined>;
  /** Those that are named, each in its own directory; of each directory in one change set. */
  readonly decide: (kind: DecideHolds['kind'], ids: readonly string[]) => Promise<HoldsDecided>;
  /** All that are open in one directory. */
  readonly decideAll: (kind: DecideHolds['kind'], asked: PlaceWanted) => Promise<HoldsDecided>;
}

export interface HoldsMeans {
  readonly store: Pick<Store, 'holds' | 'holdById'>;
  readonly operator: Operator;
  readonly perform: Perform;
}

const AT_ONCE = 500;

export function createHolds({ store, operator, perform }: HoldsMeans): Holds {
  return {
    async *list({ states, ...asked }) {
      for (const place of await operator.places(asked)) {
        for await (const hold of inDirectory(place.directory.id, states)) yield shown(hold, place);
      }
    },

    async show(id) {
      const found = await store.holdById(id);
      const place = found && (await operator.findDirectory(found.directory));
      return found && place && shown(found.hold, place);
    },

    async decide(kind, ids) {
      const found: { readonly hold: Hold; readonly place: Place }[] = [];
      for (const id of new Set(ids)) {
        const one = await store.holdById(id);
        const place = one && (await operator.findDirectory(one.directory));
        if (one === undefined || place === undefined) {
          return {
            kind: 'refused',
            detail: `There is no hold with the id ${JSON.stringify(id)}. Nothing was changed.`,
          };
        }
        found.push({ hold: one.hold, place });
      }
      const results: HoldDecided[] = [];
      for (const some of Map.groupBy(found, ({ place }) => place.directory.id).values()) {
        const [first] = some;
        if (first === undefined) continue;
        const actor = await operator.actorAt(first.place);
        results.push(
          ...(await decideAs(
            actor,
            kind,
            some.map(({ hold }) => hold),
          )),
        );
      }
      return { kind: 'decided', results };
    },

    async decideAll(kind, asked) {
      const found = await operator.find(asked);
      if (found.kind === 'refused') return found;
      const holds: Hold[] = [];
      for await (const hold of inDirectory(found.directory.id, ['open'])) holds.push(hold);
      return { kind: 'decided', results: await decideAs(await operator.actorAt(found), kind, holds) };
    },
  };

  function decideAs(actor: Actor, kind: DecideHolds['kind'], holds: readonly Hold[]): Promise<readonly HoldDecided[]> {
    return perform(actor, { kind, holds: holds.map(({ id, type, subject }) => ({ id, type, subject })) });
  }

  async function* inDirectory(directory: string, states: readonly Hold['state'][]): AsyncGenerator<Hold> {
    for (let after: string | undefined; ; ) {
      const page = await store.holds(directory, { states, after, limit: AT_ONCE });
      yield* page;
      if (page.length < AT_ONCE) return;
      after = page.at(-1)?.id;
    }
  }
}

function shown(hold: Hold, { organization, directory }: Place): HoldShown {
  return { hold, organization: organization.slug, application: directory.application };
}
