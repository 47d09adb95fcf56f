import { openStore } from '../../../../src/store/index.ts';

/** Makes and revokes credentials, one after another: how many is the third argument. Exit 0 when each of them went in. */
const [, , url = '', directory = '', organization = '', many = '0'] = process.argv;
const store = await openStore({ url });
const created = '2026-11-21T23:16:53.120Z';
for (let index = 0; index < Number(many); index += 1) {
  const id = `${process.pid}-${index}`;
  await store.insertCredential({
    id,
    directory,
    name: 'ci',
    hash: `hash-${id}`,
    scope: 'provision',
    created,
    expires: undefined,
    revoked: undefined,
    lastUsed: undefined,
  });
  if (!(await store.revokeCredential(organization, id, created))) throw new Error(`not revoked: ${id}`);
}
await store.close();
