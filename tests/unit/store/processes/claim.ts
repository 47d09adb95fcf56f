import { openStore } from '../../../../src/store/index.ts';

/** Claims the database: exit 3 when another server has it. With `stay`, keeps it until it is killed. */
const [, , url = '', stay] = process.argv;
const store = await openStore({ url });
try {
  store.claimServing();
} catch {
  process.exit(3);
}
process.stdout.write('claimed\n');
if (stay === 'stay') setInterval(() => undefined, 1000);
else await store.close();
