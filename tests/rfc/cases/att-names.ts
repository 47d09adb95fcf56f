import type { Case, Coverage } from '../case.ts';
import { aUser, ENT, GROUP, get, ok, USER } from '../shorthand.ts';
import { BOB, EMAILS, given, only } from '../views.ts';

/** `GET /Users/{{bob.id}}?attributes=…` answers with exactly these. */
function shows(ids: readonly string[], attributes: string, exactly: Readonly<Record<string, unknown>>): Case {
  return {
    ids,
    title: `attributes=${attributes}`,
    given,
    request: get(`/Users/{{bob.id}}?attributes=${attributes}`),
    expect: { status: 200, exactly: { schemas: '{{any}}', id: '{{bob.id}}', ...exactly } },
    unchanged: ['/Users/{{bob.id}}'],
  };
}

export const coverage: Coverage = {
  cases: [
    shows(['ATT-02'], 'title', { title: 'Boss' }),
    shows(['ATT-02'], 'nickName', {}),
    shows(['ATT-03'], 'name.givenName', { name: { givenName: 'B' } }),
    shows(['ATT-03'], 'name.givenName,name.familyName', { name: { givenName: 'B', familyName: 'J' } }),
    shows(['ATT-03'], 'name.givenName,name', { name: BOB.name }),
    shows(['ATT-03'], 'name.middleName', {}),
    shows(['ATT-04'], 'emails.value', { emails: EMAILS.map(({ value }) => ({ value })) }),
    shows(['ATT-04'], 'emails.value,emails.type', { emails: EMAILS.map(({ value, type }) => ({ value, type })) }),
    shows(['ATT-05'], 'userName,%20emails.type', { userName: 'bob', emails: [{ type: 'work' }, { type: 'home' }] }),
    shows(['ATT-05'], 'userName,+title+,', { userName: 'bob', title: 'Boss' }),
    shows(['ATT-05'], 'userName%2Ctitle', { userName: 'bob', title: 'Boss' }),
    shows(['ATT-06'], `${ENT}:department`, { [ENT]: { department: 'x' } }),
    shows(['ATT-06'], ENT, { [ENT]: { department: 'x', costCenter: 'c' } }),
    shows(['ATT-06'], `${USER}:userName`, { userName: 'bob' }),
    shows(['ATT-06'], `${USER}:name.givenName`, { name: { givenName: 'B' } }),
    shows(['ATT-06'], `${USER}:userName,${ENT}:costCenter`, { userName: 'bob', [ENT]: { costCenter: 'c' } }),
    shows(['ATT-06'], 'department', {}),
    {
      ids: ['ATT-06'],
      title: 'a sub-attribute of an extension',
      given: [aUser('eve'), aUser('bob', { [ENT]: { department: 'x', manager: { value: '{{eve.id}}' } } })],
      request: get(`/Users/{{bob.id}}?attributes=${ENT}:manager.value`),
      expect: only({ [ENT]: { manager: { value: '{{eve.id}}' } } }),
      afterwards: [
        {
          request: get(`/Users/{{bob.id}}?excludedAttributes=${ENT}:manager.$ref,${ENT}:department`),
          expect: ok({ [ENT]: { manager: { value: '{{eve.id}}', $ref: '{{absent}}' }, department: '{{absent}}' } }),
        },
        {
          request: get(`/Users/{{bob.id}}?excludedAttributes=${ENT}`),
          expect: { ...ok({ userName: 'bob' }), absent: [ENT] },
        },
      ],
    },
    shows(['ATT-07'], 'USERNAME', { userName: 'bob' }),
    shows(['ATT-07'], 'NAME.GIVENNAME', { name: { givenName: 'B' } }),
    shows(['ATT-07'], `${ENT.toUpperCase()}:DEPARTMENT`, { [ENT]: { department: 'x' } }),
    {
      ids: ['ATT-07', 'ATT-08'],
      title: 'the names of excludedAttributes too, and with a URN',
      given,
      request: get(`/Users/{{bob.id}}?excludedAttributes=EMAILS,${USER}:title,${ENT.toLowerCase()}:DEPARTMENT`),
      expect: {
        ...ok({ name: BOB.name, [ENT]: { costCenter: 'c', department: '{{absent}}' } }),
        absent: ['emails', 'title'],
      },
    },
    {
      ids: ['ATT-09'],
      title: 'what is always returned cannot be left out',
      given,
      request: get('/Users/{{bob.id}}?excludedAttributes=id,schemas,title'),
      expect: { ...ok({ id: '{{bob.id}}', schemas: [USER, ENT], userName: 'bob' }), absent: ['title'] },
      afterwards: [
        {
          request: get(`/Users/{{bob.id}}?excludedAttributes=${USER}`),
          expect: only({ [ENT]: BOB[ENT], meta: '{{bob.meta}}', externalId: 'x1', groups: '{{absent}}' }),
        },
        {
          request: get('/Users?excludedAttributes=ID'),
          expect: ok({ Resources: ['{{in any order}}', { id: '{{bob.id}}' }, { id: '{{eve.id}}' }] }),
        },
        { request: get('/Groups/{{staff.id}}?excludedAttributes=id'), expect: ok({ id: '{{staff.id}}' }) },
      ],
    },
    {
      ids: ['ATT-10'],
      title: 'a sub-attribute is left out, and the others stay',
      given,
      request: get('/Users/{{bob.id}}?excludedAttributes=name.familyName'),
      expect: ok({ ...BOB, name: { givenName: 'B', formatted: 'B J', familyName: '{{absent}}' } }),
      afterwards: [
        {
          request: get('/Users/{{bob.id}}?excludedAttributes=emails.value,emails.primary'),
          expect: ok({
            emails: [
              { display: 'B', type: 'work', value: '{{absent}}', primary: '{{absent}}' },
              { type: 'home', value: '{{absent}}' },
            ],
          }),
        },
        {
          request: get('/Users/{{bob.id}}?excludedAttributes=meta.version'),
          expect: ok({ meta: { location: '{{bob.meta.location}}', version: '{{absent}}' } }),
        },
      ],
    },
    shows(['ATT-12'], 'nope', {}),
    shows(['ATT-12'], 'nope,title', { title: 'Boss' }),
    shows(['ATT-12'], 'name.nope', {}),
    shows(['ATT-12'], 'name.givenName.x', {}),
    shows(['ATT-12'], 'urn:x:y:z', {}),
    shows(['ATT-12'], '__proto__', {}),
    shows(['ATT-12'], 'constructor.name', {}),
    {
      ids: ['ATT-12'],
      title: 'names that no schema has leave nothing out',
      given,
      request: get('/Users/{{bob.id}}?excludedAttributes=nope,name.nope,urn:x:y,emails[0],__proto__'),
      expect: ok({ ...BOB, groups: [{ value: '{{staff.id}}' }] }),
    },
    {
      ids: ['ATT-13'],
      title: 'an empty parameter is none',
      given,
      request: get('/Users/{{bob.id}}?attributes='),
      expect: ok({ ...BOB, meta: '{{bob.meta}}' }),
      afterwards: [
        { request: get('/Users/{{bob.id}}?attributes=%20,%20'), expect: ok({ ...BOB, meta: '{{bob.meta}}' }) },
        { request: get('/Users/{{bob.id}}?excludedAttributes='), expect: ok({ ...BOB, meta: '{{bob.meta}}' }) },
        {
          request: get('/Users/{{bob.id}}?attributes=&excludedAttributes=title'),
          expect: { ...ok(), absent: ['title'] },
        },
      ],
    },
    shows(['ATT-15'], 'meta', { meta: '{{bob.meta}}' }),
    shows(['ATT-15'], 'meta.location', { meta: { location: '{{bob.meta.location}}' } }),
    shows(['ATT-15'], 'META.VERSION,externalId', { meta: { version: '{{any}}' }, externalId: 'x1' }),
    shows(['ATT-15'], 'externalId', { externalId: 'x1' }),
    shows(['ATT-15'], 'id', {}),
    shows(['ATT-15'], 'groups', {
      groups: [{ value: '{{staff.id}}', $ref: '{{staff.meta.location}}', display: 'staff', type: 'direct' }],
    }),
    {
      ids: ['ATT-18'],
      title: 'schemas stands in every resource, whatever is asked for',
      given,
      request: get('/Users/{{bob.id}}?attributes=title'),
      expect: only({ title: 'Boss' }),
      afterwards: [
        { request: get('/Users/{{bob.id}}?attributes=schemas'), expect: only({}) },
        {
          request: get('/Users?attributes=id'),
          expect: ok({ Resources: ['{{in any order}}', { schemas: [USER, ENT] }, { schemas: [USER] }] }),
        },
        {
          request: get('/Groups?attributes=id'),
          expect: ok({ Resources: [{ schemas: [GROUP], displayName: '{{absent}}' }] }),
        },
      ],
    },
  ],
  decided: {
    'ATT-12':
      'Names that no schema has are ignored: attributes=nope shows the minimum, excludedAttributes=nope everything.',
    'ATT-13': 'An empty attributes or excludedAttributes is as if it were not there.',
    'ATT-18': 'schemas is in every resource of every answer, as it is stored, whatever attributes says.',
  },
};
