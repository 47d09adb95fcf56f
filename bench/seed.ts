import { groupsOf, type Seeding } from './seed-people.ts';
import { seedPostgres } from './seed-postgres.ts';
import { seedSqlite } from './seed-sqlite.ts';

export { seededGroupId, seededId } from './seed-people.ts';

/** A database that is migrated, on which no server runs, with one directory that holds nothing yet. */
export interface SeedSite {
  /** Of a server on it: `DATABASE_URL`, and on PostgreSQL `DATABASE_OWNER_URL`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface SeedOptions {
  /** Every user is in so many groups more, of about a thousand members each. */
  readonly groupsEach?: number;
  /** Whether the small and the big groups are made too; so it is when absent. */
  readonly groups?: boolean;
}

export interface Seeded {
  /** Ids, in order: of `Team 0`, `Team 1` … with ten members each. */
  readonly smallGroups: readonly string[];
  /** Of `Region 0` to `Region 2`, with a tenth of all users each. */
  readonly bigGroups: readonly string[];
}

/**
 * Fills the site's directory by SQL, as if everybody had come through `POST /Users` with the directory's token, one after
 * another, and their groups after them: the rows, keys, counts and history that a POST writes. The journal stays empty.
 *
 * Person `index` (from 0) is `userBody(index)`, has the id `seededId(index)`, and the place `index` in the list.
 */
export async function seedUsers(
  { environment }: SeedSite,
  count: number,
  { groupsEach = 0, groups = true }: SeedOptions = {},
): Promise<Seeded> {
  const made = groupsOf(count, { groupsEach, groups });
  const seeding: Seeding = { users: count, groups: [...made.small, ...made.big, ...made.each], now: Date.now() };
  const { DATABASE_URL: url = '', DATABASE_OWNER_URL: ownerUrl } = environment;
  if (ownerUrl === undefined) seedSqlite(url.replace(/^sqlite:/, ''), seeding);
  else await seedPostgres(ownerUrl, seeding);
  return { smallGroups: made.small.map(({ id }) => id), bigGroups: made.big.map(({ id }) => id) };
}
