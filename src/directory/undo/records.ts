import { notBefore } from '../decide/verdict.ts';
import type { StoredRecord } from '../record.ts';
import { clashOf, seatsFull, typeGone } from './clash.ts';
import { inverseOf } from './inverse.ts';
import { type Net, netOf } from './net.ts';
import { type Doing, labelOf, undoOne } from './one.ts';
import type { Slice, SliceDone } from './slice.ts';
import { Tally } from './tally.ts';
import type { Work } from './work.ts';

/** Takes back what became of records; memberships come after. `isLast`: who is refused is told, and not tried again. */
export async function undoRecords(slice: Slice, works: readonly Work[], isLast: boolean): Promise<SliceDone> {
  const nets = works.map((work) => ({ work, net: netOf(work.rows) }));
  const doing: Doing = {
    slice,
    changes: [],
    tally: new Tally(),
    back: new Map(),
    at: await ask(slice, nets),
  };
  const refused: Work[] = [];
  for (const { work, net } of nets) {
    const current = await slice.view.record(work.type, work.id);
    const inverse = inverseOf(net, current);
    const refusal =
      typeGone(slice, { net, inverse }) ??
      (await clashOf(slice, { net, current, inverse })) ??
      (await seatsFull(slice, { current, inverse }));
    if (refusal === undefined) {
      await undoOne(doing, { net, current, inverse });
    } else if (isLast) {
      doing.tally.counts.refused += 1;
      const { type, id } = work;
      doing.tally.left({ kind: 'refused', type, id, label: labelOf(net, current), detail: refusal });
    } else {
      refused.push(work);
    }
  }
  const { changes, tally, back, at } = doing;
  return { changes, at, tally, refused, back };
}

/**
 * Asks for all that the slice is decided by at once: where the store is elsewhere, each question is a way there and back.
 * In one order, so that two who wait for the same records do not wait for one another. Resolves to the moment of the set.
 */
async function ask(slice: Slice, nets: readonly { readonly work: Work; readonly net: Net }[]): Promise<string> {
  const { view, now } = slice;
  let at = now;
  const inOrder = [...nets].sort((a, b) => (a.work.id < b.work.id ? -1 : 1));
  const asked = inOrder.map(async ({ work: { type, id }, net }): Promise<StoredRecord | undefined> => {
    const current = await view.record(type, id);
    await clashOf(slice, { net, current, inverse: inverseOf(net, current) });
    return current;
  });
  for (const current of await Promise.all(asked)) if (current !== undefined) at = notBefore(at, current.modified);
  return at;
}
