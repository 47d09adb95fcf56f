import { openStore } from '../../../../src/store/index.ts';

/** Opens the store and closes it again, as any command does. With `told`, says why it cannot, and exits 3. */
const [, , url = '', told] = process.argv;
try {
  const store = await openStore({ url });
  await store.organizations();
  await store.close();
} catch (error) {
  if (told !== 'told') throw error;
  console.log(error instanceof Error ? error.message : error);
  process.exitCode = 3;
}
