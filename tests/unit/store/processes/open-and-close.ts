import { openStore } from '../../../../src/store/index.ts';

/** Opens the store and closes it again, as any command does. */
const store = await openStore({ url: process.argv[2] ?? '' });
await store.organizations();
await store.close();
