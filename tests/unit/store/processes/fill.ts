import { openStore } from '../../../../src/store/index.ts';
import { userWith } from '../declared.ts';

/** Declares that `badge` is indexed, says so, and fills it in until it is done or killed. */
const [url = '', ownerUrl] = process.argv.slice(2);
const store = await openStore({
  url,
  ownerUrl,
  log: ({ kind, ...rest }) => process.stdout.write(`${kind} ${JSON.stringify(rest)}\n`),
});
await store.declare([{ application: 'app', types: [userWith({ badge: { indexed: true } })] }]);
process.stdout.write('declared\n');
