import { test, expect } from 'vitest';
import { openWorld, query, GROUP } from './world.ts';
test('t', async () => {
  const w = await openWorld({ users: 0 }); const { acme } = w;
  const ids: string[] = [];
  for (let b = 0; b < 50; b++) ids.push(...(await Promise.all(Array.from({ length: 50 }, (_, i) => acme.user(`u${b}-${i}`)))).map((x) => x.id));
  const g = await acme.post('/Groups', { schemas: [GROUP], displayName: 'big', members: ids.map((value) => ({ value })) });
  console.log('post', g.status, g.body.members.length, g.body.meta);
  const gid = g.body.id;
  for (const q of ['', '?excludedAttributes=members', '?attributes=members', '?attributes=members.value', '?excludedAttributes=members.value,members.$ref,members.type,members.display', '?attributes=displayName', '?attributes=members.nope']) {
    const r = await acme.get(`/Groups/${gid}${q}`); console.log(q, r.status, Object.keys(r.body ?? {}), r.body?.members?.length, JSON.stringify(r.body?.members?.[0]), r.headers.get('content-length'));
  }
  const l = await acme.get('/Groups'); console.log('list', l.status, l.body.Resources[0].members.length, l.body.totalResults);
  const l2 = await acme.get('/Groups?excludedAttributes=members'); console.log('list2', l2.status, l2.body.Resources[0].members);
  const h = await acme.request('HEAD', `/Groups/${gid}`); console.log('head', h.status, [...h.headers].map(String).join(' | '));
  console.log('304', (await acme.get(`/Groups/${gid}`, { 'if-none-match': g.body.meta.version })).status);
  const p = await acme.patch(`/Groups/${gid}?attributes=members`, [{ op: 'remove', path: 'members', value: ids.slice(0, 1200).map((value) => ({ value })) }]);
  console.log('patch remove 1200', p.status, p.body?.members?.length, p.body?.detail, p.body?.meta);
  const put = await acme.put(`/Groups/${gid}`, { schemas: [GROUP], displayName: 'big', members: ids.slice(0, 2000).map((value) => ({ value })) });
  console.log('put', put.status, put.body.members?.length, put.body.meta.version);
  const put2 = await acme.put(`/Groups/${gid}`, { schemas: [GROUP], displayName: 'big', members: ids.slice(0, 2000).map((value) => ({ value })) });
  console.log('put again', put2.status, put2.body.members?.length, put2.body.meta.version);
  const bad = await acme.put(`/Groups/${gid}`, { schemas: [GROUP], displayName: 'big', members: [...ids.slice(0, 2500), 'nobody'].map((value) => ({ value })) });
  console.log('bad', bad.status, bad.body.detail);
  console.log('user groups', (await acme.get(`/Users/${ids[0]}`)).body.groups?.length);
  const d = await acme.delete(`/Groups/${gid}`); console.log('delete', d.status, (await acme.get(`/Users/${ids[0]}`)).body.groups);
  console.log(query(w.server.databasePath, "SELECT change_set, kind, count(*) n, sum(coalesce(json_array_length(before),0)) b, sum(coalesce(json_array_length(after),0)) a FROM changes WHERE type='Group' GROUP BY 1,2").map((x) => JSON.stringify(x)).join('\n'));
  console.log(query(w.server.databasePath, 'SELECT count(*) n FROM memberships'));
  await w.close();
}, 100_000);
