import { type Resource, ScimError } from '../../scim/index.ts';
import { refused, type Verdict } from './verdict.ts';

/**
 * The most that is kept of one resource, its members aside: bytes of its JSON text. A user with everything has 10 KB, and
 * a certificate 2 KB; a page of two hundred that are larger would be a reply that no client reads.
 */
export const MOST_KEPT = 1_048_576;

/** Refuses a resource that is too large to be kept, and says what of it is the largest. */
export function tooHeavy(type: string, { resource, text }: { resource: Resource; text: string }): Verdict | undefined {
  // No character has more than three bytes a UTF-16 unit.
  if (text.length * 3 <= MOST_KEPT) return undefined;
  const weight = Buffer.byteLength(text);
  if (weight <= MOST_KEPT) return undefined;
  const error = ScimError.tooLarge(
    `${heaviest(resource)}: the ${type.toLowerCase()} would have ${weight} bytes of JSON with it, and at most ${MOST_KEPT} (1 MiB) are kept of one. Send fewer or shorter values.`,
  );
  return refused({ reason: 'protocol', error });
}

function heaviest(resource: Resource): string {
  const weights = Object.entries(resource).map(([name, value]) => ({ name, weight: JSON.stringify(value).length }));
  return weights.reduce((most, one) => (one.weight > most.weight ? one : most), { name: 'id', weight: 0 }).name;
}
