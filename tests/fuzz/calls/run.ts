import { seededRandom } from '../../soak/random.ts';
import { type Kept, withNames } from './corpus.ts';
import { wrongWith } from './judge.ts';
import { openPlace } from './place.ts';
import { KINDS, type Kind, requestOf } from './requests.ts';

export interface CallRun {
  readonly cases: number;
  readonly seed: number;
  readonly onCase?: (done: number) => void;
}

export interface Found extends Kept {
  readonly wrong: string;
}

/** Longer than this, at each of three times, and it is told. */
const LONG_MS = 50;

/** Random requests against all there is behind the door. Nothing may be answered with a 5xx, or with what is no answer. */
export async function runCalls({ cases, seed, onCase }: CallRun) {
  const place = await openPlace();
  const random = seededRandom(seed);
  const found: Found[] = [];
  const slow: (Kept & { readonly turn: number })[] = [];
  const statuses = new Map<number, number>();
  try {
    for (let done = 0; done < cases; done += 1) {
      const kind = KINDS[done % KINDS.length] as Kind;
      const asked = requestOf(kind, place, random);
      const told = await place.ask(asked);
      statuses.set(told.status, (statuses.get(told.status) ?? 0) + 1);
      const wrong = wrongWith(told);
      const kept = { name: `${kind} of seed ${seed}`, asked: withNames(asked, place) };
      if (wrong !== undefined) found.push({ ...kept, wrong });
      if (told.turn > LONG_MS) {
        const turn = Math.min(told.turn, (await place.ask(asked)).turn, (await place.ask(asked)).turn);
        if (turn > LONG_MS) slow.push({ ...kept, turn });
      }
      onCase?.(done + 1);
    }
  } finally {
    await place.close();
  }
  return { found, slow, statuses };
}
