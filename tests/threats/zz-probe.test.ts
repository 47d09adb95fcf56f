import { test } from 'vitest';
import { openWorld, ENTERPRISE, USER } from './world.ts';
test('probe', async () => {
  const w = await openWorld(); const acme = w.acme;
  const t = await acme.user('pp', { name: { givenName: 'Proto' }, emails: [{ value: 'pp@example.com', type: 'work' }] });
  const names = ['__proto__', 'constructor', 'then'];
  const paths = names.flatMap((name) => [ name, `${name}.polluted`, `${name}.prototype.polluted`, `name.${name}`, `emails.${name}`, `${name}[type eq "work"]`, `${name}[type eq "work"].value`, `emails[${name} eq "work"].value`, `emails[type eq "work"].${name}`, `${ENTERPRISE}:${name}`, `${ENTERPRISE}:${name}.polluted`, `${ENTERPRISE}:manager.${name}`, `${USER}:${name}`, `urn:${name}:polluted`, `${name}:${name}` ]);
  for (const path of paths) for (const op of ['add','remove']) {
    const r = await acme.patch(`/Users/${t.id}`, [op === 'remove' ? {op, path} : {op, path, value: 'yes'}]);
    console.log(op, path, r.status, r.body.scimType, r.body.detail);
  }
  for (const key of ['__proto__.polluted','name.__proto__','name.constructor.prototype.polluted',`${ENTERPRISE}:__proto__`, `${ENTERPRISE}.__proto__`, 'constructor.prototype', 'urn:ietf:params:scim:schemas:core:2.0:__proto__:polluted']) {
    const r = await acme.patch(`/Users/${t.id}`, [{op:'add', value: {[key]: 'yes'}}]);
    console.log(key, r.status, r.body.scimType, r.body.detail);
  }
  await w.close();
});
