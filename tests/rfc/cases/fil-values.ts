import type { Case, Coverage } from '../case.ts';
import { aGroup, aUser, E, ENT, filtered, found, foundGroups, USER } from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    ...['name eq "x"', 'name co "x"', 'meta eq "x"', 'addresses eq "x"', 'addresses co "x"', 'name gt "a"'].map(
      (filter): Case => ({
        ids: ['FIL-46'],
        title: `what is complex is not compared as a whole: ${filter}`,
        given: [aUser('bob', { name: { formatted: 'x' }, addresses: [{ formatted: 'x' }] })],
        request: filtered('/Users', filter),
        expect: E(400, 'invalidFilter', /(name|meta|addresses).*sub-attribute/),
      }),
    ),
    {
      ids: ['FIL-46'],
      title: 'a manager is complex, and has one value',
      given: [aUser('bob'), aUser('eve', { [ENT]: { manager: { value: '{{bob.id}}' } } })],
      request: filtered('/Users', `${ENT}:manager eq "{{bob.id}}"`),
      expect: E(400, 'invalidFilter', /manager.*sub-attribute/),
      default: { because: 'manager-as-string', expect: found('eve') },
    },
    {
      ids: ['FIL-47'],
      title: 'what has many values may be compared bare, by its value',
      given: [
        aUser('bob', { emails: [{ value: 'b@example.com', display: 'other.example' }], roles: [{ value: 'Boss' }] }),
        aUser('eve', { emails: [{ value: 'e@other.example', type: 'example.com' }] }),
        aGroup('staff', '{{bob.id}}'),
      ],
      request: filtered('/Users', 'emails co "example.com"'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'emails.value co "example.com"'), expect: found('bob') },
        { request: filtered('/Users', 'emails eq "E@OTHER.example"'), expect: found('eve') },
        { request: filtered('/Users', 'emails ne "e@other.example"'), expect: found('bob') },
        { request: filtered('/Users', 'roles sw "b"'), expect: found('bob') },
        { request: filtered('/Users', 'groups eq "{{staff.id}}"'), expect: found('bob') },
        { request: filtered('/Groups', 'members eq "{{bob.id}}"'), expect: foundGroups('staff') },
      ],
    },
    {
      ids: ['FIL-48'],
      title: 'present is what has a value that is not empty, or a part that has',
      given: [
        aUser('bob', { title: 'x', name: { givenName: 'B' }, emails: [{ value: 'b@x' }], [ENT]: { department: 'd' } }),
        aUser('eve', { title: null, name: {}, emails: [] }),
        aUser('joe', { emails: [{ value: 'j@x', type: 'work' }] }),
      ],
      request: filtered('/Users', 'title pr'),
      expect: found('bob'),
      afterwards: [
        { request: filtered('/Users', 'name pr'), expect: found('bob') },
        { request: filtered('/Users', 'name.familyName pr'), expect: found() },
        { request: filtered('/Users', 'emails pr'), expect: found('bob', 'joe') },
        { request: filtered('/Users', 'emails.type pr'), expect: found('joe') },
        { request: filtered('/Users', 'not (emails pr)'), expect: found('eve') },
        { request: filtered('/Users', `${ENT}:department pr`), expect: found('bob') },
        { request: filtered('/Users', `${ENT}:manager pr`), expect: found() },
        { request: filtered('/Users', 'id pr and meta pr and schemas pr'), expect: found('bob', 'eve', 'joe') },
        { request: filtered('/Users', 'externalId pr'), expect: found() },
        { request: filtered('/Users', 'groups pr'), expect: found() },
      ],
    },
    {
      ids: ['FIL-48'],
      title: 'an element whose only value is "" is none that is present',
      given: [aUser('bob', { title: '', ims: [{ value: '' }] }), aUser('eve', { ims: [{ value: '', type: 'aim' }] })],
      request: filtered('/Users', 'title pr or ims.value pr'),
      expect: found(),
      afterwards: [
        {
          request: filtered('/Users', 'ims pr'),
          expect: found('eve'),
          default: { because: 'empty-value-is-unassigned', expect: found() },
        },
      ],
    },
    {
      ids: ['FIL-49', 'FIL-50'],
      title: 'dotted names may meet different values of a user, brackets ask one of them for all',
      given: [
        aUser('bob', {
          emails: [
            { value: 'x@a', type: 'work' },
            { value: 'y@b', type: 'home', primary: true },
          ],
        }),
        aUser('eve', { emails: [{ value: 'z@b', type: 'work' }] }),
        aUser('joe'),
      ],
      request: filtered('/Users', 'emails.type eq "work"'),
      expect: found('bob', 'eve'),
      afterwards: [
        { request: filtered('/Users', 'emails.type eq "home"'), expect: found('bob') },
        { request: filtered('/Users', 'emails.type eq "work" and emails.value co "b"'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'emails[type eq "work" and value co "b"]'), expect: found('eve') },
        { request: filtered('/Users', 'emails[type eq "work"] and emails[value co "b"]'), expect: found('bob', 'eve') },
        { request: filtered('/Users', 'not (emails[type eq "work" and value co "b"])'), expect: found('bob', 'joe') },
        { request: filtered('/Users', 'emails[not (type eq "work") and value co "b"]'), expect: found('bob') },
      ],
    },
    {
      ids: ['FIL-51', 'FIL-54'],
      title: 'brackets hold a filter of their own, with and, or, not and parentheses',
      given: [
        aUser('work', { emails: [{ value: 'w@x', type: 'work' }] }),
        aUser('chief', { emails: [{ value: 'c@x', type: 'work', primary: true }] }),
        aUser('home', { emails: [{ value: 'h@x', type: 'home' }] }),
        aUser('none'),
      ],
      request: filtered('/Users', 'emails[not (type eq "work") or primary eq true]'),
      expect: found('chief', 'home'),
      afterwards: [
        {
          request: filtered(
            '/Users',
            'emails[(type eq "work" or type eq "home") and not (value sw "h" or primary eq true)]',
          ),
          expect: found('work'),
        },
        { request: filtered('/Users', 'emails[value pr]'), expect: found('work', 'chief', 'home') },
        { request: filtered('/Users', 'emails[display pr or not (value sw "w")]'), expect: found('chief', 'home') },
        { request: filtered('/Users', 'emails[primary eq false and type eq "work"]'), expect: found('work') },
        { request: filtered('/Users', 'emails[not (primary pr)]'), expect: found('work', 'home') },
        {
          request: filtered('/Users', 'emails[type eq "work" or type eq "home" and primary eq true]'),
          expect: found('work', 'chief'),
        },
      ],
    },
    {
      ids: ['FIL-51'],
      title: 'brackets of what has one value ask its parts',
      given: [aUser('bob', { name: { givenName: 'B', familyName: 'J' } }), aUser('eve')],
      request: filtered('/Users', 'name[givenName eq "b" and not (familyName eq "x")]'),
      expect: found('bob'),
      afterwards: [{ request: filtered('/Users', 'name[not (familyName eq "x")]'), expect: found('bob') }],
    },
    ...[
      'emails[userName eq "a"]',
      'emails[emails.value eq "a"]',
      `emails[${USER}:value eq "a"]`,
      'emails[shoeSize pr]',
      'emails[type eq "work" and userName pr]',
      'emails[emails[type eq "work"]]',
      'userName[value eq "a"]',
      'name.familyName[value eq "a"]',
      'emails.value[type eq "work"]',
      'emails[type.value eq "a"]',
    ].map(
      (filter): Case => ({
        ids: ['FIL-52'],
        title: `brackets hold sub-attributes, and nothing else: ${filter}`,
        given: [aUser('bob', { emails: [{ value: 'a@x', type: 'work' }] })],
        request: filtered('/Users', filter),
        expect: E(400, 'invalidFilter'),
      }),
    ),
    {
      ids: ['FIL-53', 'FIL-54'],
      title: 'brackets stand among others in and, or and not',
      given: [
        aUser('bob', { emails: [{ value: 'b@x', type: 'work' }], ims: [{ value: 'b', type: 'xmpp' }] }),
        aUser('eve', { ims: [{ value: 'e', type: 'xmpp' }] }),
        aUser('joe', { emails: [{ value: 'j@x', type: 'work' }] }),
        aUser('zoe'),
      ],
      request: filtered('/Users', 'emails[type eq "work"] or ims[type eq "xmpp"]'),
      expect: found('bob', 'eve', 'joe'),
      afterwards: [
        { request: filtered('/Users', 'emails[type eq "work"] and ims[type eq "xmpp"]'), expect: found('bob') },
        { request: filtered('/Users', 'not (emails[type eq "work"] or ims[type eq "xmpp"])'), expect: found('zoe') },
        {
          request: filtered('/Users', 'userName sw "j" and (emails[value eq "j@x"] or title pr)'),
          expect: found('joe'),
        },
      ],
    },
  ],
};
