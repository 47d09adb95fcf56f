import { randomUUIDv7 } from 'node:crypto';
import { createPerform, DEFAULT_POLICY } from '../../src/directory/index.ts';
import { readResource, resourceTypes, TOLERANT } from '../../src/scim/index.ts';
import { openStore } from '../../src/store/index.ts';

/**
 * A second process on the database of a running server: creates the users named by its arguments, all at once, straight
 * in the store. Prints one JSON list of outcomes: "created", or the reason of the refusal.
 *
 *     node race-writer.ts <url of the database> <url of its owner, or ''> <directory> name1 name2 …
 */
const [url = '', ownerUrl = '', id = '', ...names] = process.argv.slice(2);
const types = resourceTypes(TOLERANT);
const [type] = types;
if (type === undefined) throw new Error('no User type');

const store = await openStore({ url, ownerUrl });
const perform = createPerform({ store, clock: () => new Date(), newId: () => randomUUIDv7() });
// The server is asked to begin when this line is read.
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));

const outcomes = await Promise.all(
  names.map(async (userName) => {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName };
    const outcome = await perform(
      {
        directory: { id, tolerances: TOLERANT, types, policy: DEFAULT_POLICY, base: 'http://127.0.0.1/scim/v2' },
        by: { kind: 'operator', id: 'race', name: 'race' },
        requestId: 'race',
      },
      { kind: 'create', type, draft: readResource(type, body, TOLERANT), view: {} },
    );
    return outcome.kind === 'refused' ? outcome.refusal.reason : outcome.kind;
  }),
);
await store.close();
console.log(JSON.stringify(outcomes));
process.stdin.destroy();
