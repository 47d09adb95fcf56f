import { openStore } from '../../../../src/store/index.ts';
import { DIRECTORY, put, user } from '../fixture.ts';

/** Creates users, eight at a time, and prints the name of each as soon as it is acknowledged, until it is killed. */
const [url = '', ownerUrl] = process.argv.slice(2);
const store = await openStore({ url, ownerUrl });
for (let from = 0; ; from += 8) {
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const name = `${process.pid}-${from + index}`;
      await put(store, DIRECTORY, user(name, {}, `${process.pid}-${name}`));
      process.stdout.write(`${name}\n`);
    }),
  );
}
