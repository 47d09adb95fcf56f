import { afterAll } from 'vitest';
import type { ServerOptions } from '../harness/index.ts';
import { openWorld, type Representation, type World } from './world.ts';

/**
 * The world of a whole test file, for its top: opened while the file is read, closed after its last test.
 *
 *     const world = await worldOfFile();
 *     const { acme, globex } = world;
 */
export async function worldOfFile(options: ServerOptions = {}): Promise<World> {
  const world = await openWorld(options);
  afterAll(() => world.close());
  return world;
}

export interface People {
  readonly mine: {
    readonly user: Representation;
    readonly other: Representation;
    /** Its member is `user`. */
    readonly group: Representation;
  };
  readonly theirs: { readonly user: Representation; readonly group: Representation };
}

/** Somebody on both sides: what acme (`mine`) must not reach of globex (`theirs`), and has of its own beside it. */
export async function peopleOf({ acme, globex }: World): Promise<People> {
  const own = await acme.user('own.member', { externalId: '00u-own' });
  const other = await acme.user('own.other');
  const foreign = await globex.user('their.user', {
    externalId: '00u-their',
    displayName: 'Their User',
    emails: [{ value: 'their@globex.example', type: 'work', primary: true }],
  });
  return {
    mine: { user: own, other, group: await acme.group('Own group', [own.id]) },
    theirs: { user: foreign, group: await globex.group('Their group', [foreign.id]) },
  };
}
