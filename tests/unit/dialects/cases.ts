import { ENTERPRISE_USER, GROUP, type JsonValue, type ResourceType, USER } from '../../../src/scim/index.ts';

export const ENTERPRISE = ENTERPRISE_USER.id;
const MANAGER = `${ENTERPRISE}:manager`;

/** A User with an extension of the application's own, which has every type that the RFC's schemas lack. */
export const ACME_USER: ResourceType = {
  ...USER,
  extensions: [
    ...USER.extensions,
    {
      required: false,
      schema: {
        id: 'urn:example:params:scim:schemas:extension:acme:2.0:User',
        name: 'AcmeUser',
        description: 'What the application wants to know.',
        attributes: [
          attribute('floor', { type: 'integer' }),
          attribute('weight', { type: 'decimal' }),
          attribute('remote', { type: 'boolean' }),
          attribute('tags', { multiValued: true }),
          attribute('badge', { required: true }),
        ],
      },
    },
  ],
};
export const ACME = ACME_USER.extensions[1]?.schema.id ?? '';

function attribute(name: string, given: Partial<ResourceType['schema']['attributes'][number]>) {
  return {
    name,
    description: name,
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    kept: 'inline',
    ...given,
  } as const;
}

/** A resource or an operation as it is sent and as it becomes, by the rewrite alone that the list is named for. */
export interface Case {
  readonly type?: ResourceType;
  readonly resource?: readonly [sent: JsonValue, becomes: JsonValue];
  readonly operation?: readonly [sent: JsonValue, becomes: JsonValue];
  readonly message?: readonly [sent: JsonValue, becomes: JsonValue];
  readonly filter?: readonly [sent: string, becomes: string];
  readonly attributes?: readonly [sent: string | readonly string[], becomes: string | readonly string[]];
}

const op = (op: string, path: string | undefined, value?: JsonValue): JsonValue => ({
  op,
  ...(path === undefined ? {} : { path }),
  ...(value === undefined ? {} : { value }),
});

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  'boolean-as-string': [
    { resource: [{ active: 'True' }, { active: true }] },
    { resource: [{ ACTIVE: 'false' }, { ACTIVE: false }] },
    { resource: [{ roles: [{ value: 'x', primary: 'True' }] }, { roles: [{ value: 'x', primary: true }] }] },
    { resource: [{ emails: [{ Primary: 'FALSE' }] }, { emails: [{ Primary: false }] }] },
    { type: ACME_USER, resource: [{ [ACME]: { remote: 'true' } }, { [ACME]: { remote: true } }] },
    { operation: [op('Replace', 'active', 'False'), [op('replace', 'active', false)]] },
    { operation: [op('replace', undefined, { active: 'False' }), [op('replace', undefined, { active: false })]] },
    { operation: [op('Add', 'roles[type eq "x"].primary', 'True'), [op('add', 'roles[type eq "x"].primary', true)]] },
    { operation: [op('Add', 'roles[primary eq "True"].value', 'x'), [op('add', 'roles[primary eq true].value', 'x')]] },
    {
      operation: [
        op('remove', 'roles[value eq "True" and not (primary eq "False")]'),
        [op('remove', 'roles[value eq "True" and not (primary eq false)]')],
      ],
    },
    { filter: ['active eq "True"', 'active eq true'] },
    { filter: ['userName eq "True" or ACTIVE ne "FALSE"', 'userName eq "True" or ACTIVE ne false'] },
    { filter: ['roles[primary eq "true"]', 'roles[primary eq true]'] },
  ],
  'number-for-string': [
    { resource: [{ externalId: 701984 }, { externalId: '701984' }] },
    { resource: [{ addresses: [{ postalCode: 91608 }] }, { addresses: [{ postalCode: '91608' }] }] },
    {
      resource: [{ [ENTERPRISE]: { employeeNumber: -0.0 + 7 } }, { [ENTERPRISE]: { employeeNumber: '7' } }],
    },
    { type: ACME_USER, resource: [{ [ACME]: { tags: [1, 'b', 2] } }, { [ACME]: { tags: ['1', 'b', '2'] } }] },
    {
      operation: [op('add', `${ENTERPRISE}:employeeNumber`, 12), [op('add', `${ENTERPRISE}:employeeNumber`, '12')]],
    },
  ],
  'number-as-string': [
    { type: ACME_USER, resource: [{ [ACME]: { floor: '12' } }, { [ACME]: { floor: 12 } }] },
    { type: ACME_USER, resource: [{ [ACME]: { weight: '-1.5' } }, { [ACME]: { weight: -1.5 } }] },
    { type: ACME_USER, operation: [op('add', `${ACME}:floor`, '3'), [op('add', `${ACME}:floor`, 3)]] },
  ],
  'list-for-single-value': [
    { operation: [op('Add', MANAGER, [{ value: 'u1' }]), [op('add', MANAGER, { value: 'u1' })]] },
    { resource: [{ name: [{ givenName: 'Joy' }] }, { name: { givenName: 'Joy' } }] },
    { resource: [{ [ENTERPRISE]: { manager: [] } }, { [ENTERPRISE]: { manager: null } }] },
  ],
  'list-for-simple-value': [
    { operation: [op('Replace', 'title', ['VP']), [op('replace', 'title', 'VP')]] },
    { operation: [op('Replace', 'active', [false]), [op('replace', 'active', false)]] },
    { operation: [op('Add', 'title', [{ $ref: null, value: 'VP' }]), [op('add', 'title', 'VP')]] },
    { operation: [op('add', 'name.givenName', { Value: 'Joy' }), [op('add', 'name.givenName', 'Joy')]] },
    {
      operation: [
        op('Replace', 'emails[type eq "work"].value', [{ value: 'a@example.com' }]),
        [op('replace', 'emails[type eq "work"].value', 'a@example.com')],
      ],
    },
    { operation: [op('add', `${ENTERPRISE}:department`, ['Tours']), [op('add', `${ENTERPRISE}:department`, 'Tours')]] },
  ],
  'no-operations': [{ message: [{ Operations: [] }, { Operations: [{ op: 'replace', value: {} }] }] }],
  'email-for-emails': [
    { filter: ['email co "a@example.com"', 'emails co "a@example.com"'] },
    { filter: ['active eq true and not (EMAIL pr)', 'active eq true and not (emails pr)'] },
  ],
  'filter-in-attributes': [
    { attributes: ['userName,emails[type eq "work"]', 'userName,emails'] },
    { attributes: ['emails[type eq "a],b" and value pr].value,roles[primary eq true]', 'emails.value,roles'] },
    {
      attributes: [
        ['id', 'emails[type eq "work"]'],
        ['id', 'emails'],
      ],
    },
  ],
  'manager-as-string': [
    { resource: [{ [ENTERPRISE]: { manager: 'u1' } }, { [ENTERPRISE]: { manager: { value: 'u1' } } }] },
    { operation: [op('Add', MANAGER, 'u1'), [op('add', MANAGER, { value: 'u1' })]] },
    { filter: [`${MANAGER} eq "u1"`, `${MANAGER}.value eq "u1"`] },
  ],
  'member-as-string': [
    { type: GROUP, resource: [{ members: ['u1', { value: 'u2' }] }, { members: [{ value: 'u1' }, { value: 'u2' }] }] },
    { type: GROUP, operation: [op('add', 'members', ['u1']), [op('add', 'members', [{ value: 'u1' }])]] },
    { resource: [{ emails: ['a@example.com'] }, { emails: [{ value: 'a@example.com' }] }] },
  ],
  'single-value-for-multi-valued': [
    { resource: [{ emails: { value: 'a@example.com' } }, { emails: [{ value: 'a@example.com' }] }] },
    { type: ACME_USER, resource: [{ [ACME]: { tags: 'a' } }, { [ACME]: { tags: ['a'] } }] },
    {
      type: GROUP,
      operation: [op('replace', 'members', { value: 'u1' }), [op('replace', 'members', [{ value: 'u1' }])]],
    },
    {
      operation: [
        op('add', undefined, { emails: { value: 'a' } }),
        [op('add', undefined, { emails: [{ value: 'a' }] })],
      ],
    },
  ],
  'empty-string-is-unassigned': [
    {
      resource: [
        { title: '', name: { middleName: '' } },
        { title: null, name: { middleName: null } },
      ],
    },
    {
      resource: [
        { externalId: '', profileUrl: '', emails: '' },
        { externalId: null, profileUrl: null, emails: null },
      ],
    },
    { resource: [{ emails: [''] }, { emails: [null] }] },
    { resource: [{ [ENTERPRISE]: { manager: '' } }, { [ENTERPRISE]: { manager: null } }] },
    { operation: [op('Replace', 'title', ''), [op('replace', 'title', null)]] },
    { operation: [op('Replace', MANAGER, ''), [op('replace', MANAGER, null)]] },
    {
      operation: [op('Add', 'emails[type eq "work"].display', ''), [op('add', 'emails[type eq "work"].display', null)]],
    },
  ],
  'empty-value-is-unassigned': [
    { operation: [op('replace', MANAGER, { value: '' }), [op('replace', MANAGER, null)]] },
    {
      resource: [
        {
          phoneNumbers: [
            { type: 'work', value: '' },
            { type: 'mobile', value: '1' },
          ],
        },
        { phoneNumbers: [{ type: 'mobile', value: '1' }] },
      ],
    },
    { resource: [{ emails: [{ Value: '', type: 'work', primary: true }] }, { emails: [] }] },
    { resource: [{ emails: [{ value: null, type: 'work', display: 'x', shoe: 9 }, null] }, { emails: [null] }] },
    { operation: [op('add', 'phoneNumbers', { type: 'work', value: '' }), [op('add', 'phoneNumbers', null)]] },
    {
      operation: [
        op('replace', 'emails[type eq "work"]', { type: 'work', value: null }),
        [op('replace', 'emails[type eq "work"]', null)],
      ],
    },
  ],
  'base-schema-as-key': [
    {
      operation: [
        op('replace', undefined, { title: 'VP', [USER.schema.id.toUpperCase()]: { active: false } }),
        [op('replace', undefined, { title: 'VP' }), op('replace', undefined, { active: false })],
      ],
    },
    {
      operation: [
        op('add', undefined, { [USER.schema.id]: { title: 'VP', [USER.schema.id]: { title: 'CEO' } } }),
        [op('add', undefined, { title: 'VP' }), op('add', undefined, { title: 'CEO' })],
      ],
    },
    {
      type: GROUP,
      operation: [
        op('replace', undefined, { [GROUP.schema.id]: { members: [] } }),
        [op('replace', undefined, { members: [] })],
      ],
    },
    {
      resource: [
        { nickName: 'Babs', [USER.schema.id]: { title: 'VP' } },
        { nickName: 'Babs', title: 'VP' },
      ],
    },
    { resource: [{ [USER.schema.id]: {} }, {}] },
  ],
  'urn-colon-keys': [
    { resource: [{ [`${USER.schema.id}:TITLE`]: 'VP' }, { title: 'VP' }] },
    {
      resource: [
        { [`${ENTERPRISE.toUpperCase()}:department`]: 'Tours', [`${ENTERPRISE}:costCenter`]: '7' },
        { [ENTERPRISE]: { department: 'Tours', costCenter: '7' } },
      ],
    },
    {
      resource: [
        { [ENTERPRISE.toLowerCase()]: { division: 'x' }, [`${ENTERPRISE}:department`]: 'Tours' },
        { [ENTERPRISE.toLowerCase()]: { division: 'x', department: 'Tours' } },
      ],
    },
    {
      type: GROUP,
      resource: [{ [`${GROUP.schema.id}:members`]: [{ value: 'u1' }] }, { members: [{ value: 'u1' }] }],
    },
  ],
  'dotted-keys-without-path': [
    {
      operation: [
        op('replace', undefined, { 'name.givenName': 'Barbara', displayName: 'Babs', 'Name.FamilyName': 'J' }),
        [
          op('replace', undefined, { displayName: 'Babs' }),
          op('replace', 'name.givenName', 'Barbara'),
          op('replace', 'Name.FamilyName', 'J'),
        ],
      ],
    },
    {
      operation: [
        op('Add', undefined, { 'emails[type eq "work"].value': 'a@example.com' }),
        [op('add', 'emails[type eq "work"].value', 'a@example.com')],
      ],
    },
  ],
  'urn-colon-keys-without-path': [
    {
      operation: [
        op('replace', undefined, { title: 'VP', [`${ENTERPRISE}:department`]: 'Tours' }),
        [op('replace', undefined, { title: 'VP' }), op('replace', `${ENTERPRISE}:department`, 'Tours')],
      ],
    },
    { operation: [op('add', undefined, { [`${MANAGER}.value`]: 'u1' }), [op('add', `${MANAGER}.value`, 'u1')]] },
    {
      operation: [
        op('add', undefined, { [`${USER.schema.id}:title`]: 'x' }),
        [op('add', `${USER.schema.id}:title`, 'x')],
      ],
    },
  ],
  'extension-attribute-without-urn': [
    { operation: [op('Add', 'manager.value', 'u1'), [op('add', `${MANAGER}.value`, 'u1')]] },
    { operation: [op('Remove', 'manager'), [op('remove', MANAGER)]] },
    { filter: ['department eq "Tours"', `${ENTERPRISE}:department eq "Tours"`] },
    { filter: ['not (Department pr)', `not (${ENTERPRISE}:Department pr)`] },
  ],
  'unknown-extension-in-path': [
    {
      operation: [
        op('Add', 'urn:ietf:params:scim:schemas:extension:Custom:2.0:User:badge', 'x'),
        [op('replace', undefined, {})],
      ],
    },
    { operation: [op('Remove', 'urn:okta:custom:1.0:user:custom:shoe.size'), [op('replace', undefined, {})]] },
  ],
  'remove-members-by-value': [
    {
      type: GROUP,
      operation: [
        op('Remove', 'members', [{ $ref: null, value: 'u1' }, { value: 'u"2' }]),
        [op('remove', 'members[value eq "u1" or value eq "u\\"2"]')],
      ],
    },
    { type: GROUP, operation: [op('remove', 'Members', { Value: 'u1' }), [op('remove', 'Members[value eq "u1"]')]] },
    { type: GROUP, operation: [op('remove', 'members', 'u1'), [op('remove', 'members[value eq "u1"]')]] },
    { type: GROUP, operation: [op('remove', 'members', []), [op('replace', undefined, {})]] },
    { operation: [op('remove', 'emails', []), [op('replace', undefined, {})]] },
    { operation: [op('Remove', 'roles', [{ value: 'admin' }]), [op('remove', 'roles[value eq "admin"]')]] },
  ],
  'value-path-in-filter': [
    {
      filter: [
        'emails[type eq "work"].value eq "a@example.com"',
        'emails[(type eq "work") and value eq "a@example.com"]',
      ],
    },
    {
      filter: [
        'active eq true and (Emails[type eq "a]." or primary eq true].Value PR or emails[type eq "w"].value sw x)',
        'active eq true and (Emails[(type eq "a]." or primary eq true) and Value PR] or emails[(type eq "w") and value sw x])',
      ],
    },
  ],
};

/** What no rewrite touches: it is legal, or it is for the engine to refuse. */
export const UNTOUCHED: readonly {
  readonly type?: ResourceType;
  readonly resource?: JsonValue;
  readonly operation?: JsonValue;
}[] = [
  { resource: { userName: '', active: '', emails: [{ primary: 'yes' }], displayName: ['x', 'y'] } },
  { resource: { title: ['x'], active: [true], displayName: [{ $ref: null, value: 'x' }] } },
  { operation: op('replace', undefined, { title: ['x'] }) },
  { operation: op('replace', 'title', []) },
  { operation: op('replace', 'title', ['x', 'y']) },
  { operation: op('replace', 'title', [['x']]) },
  { operation: op('replace', 'title', [5]) },
  { operation: op('replace', 'active', [null]) },
  { operation: op('replace', 'title', { value: 'x', display: 'y' }) },
  { operation: op('replace', 'title', { value: 'x', $ref: 'y' }) },
  { operation: op('replace', 'title', { $ref: null }) },
  { resource: { userName: 'True', externalId: 1.5, title: true, nickName: { a: 1 }, name: 'Joy' } },
  { resource: { [ENTERPRISE]: { manager: [{ value: 'a' }, { value: 'b' }] } } },
  { resource: { [ENTERPRISE]: { manager: [{ value: 'a' }, { value: null }] } } },
  {
    resource: {
      groups: ['x', { value: 5 }],
      id: 5,
      meta: { version: 1 },
      shoeSize: 'True',
      'urn:x:y': { active: 'True' },
    },
  },
  { type: ACME_USER, resource: { [ACME]: { floor: '007', weight: '1.0', badge: '', remote: 'no', tags: 5 } } },
  { type: GROUP, resource: { displayName: '', members: ['', null] } },
  { type: GROUP, resource: { displayName: 'x', members: '' } },
  { operation: op('Replace', 'active', 'No') },
  { operation: op('replace', undefined, { displayName: 'x', [ENTERPRISE]: { department: 'y' }, id: 'z' }) },
  { operation: op('replace', undefined, { 'name.nobody': 1, 'x.y': 1, 'emails[': 1, [`${ENTERPRISE}:nobody`]: 1 }) },
  { operation: op('add', 'emails', { value: 'a@example.com' }) },
  { operation: op('remove', 'members') },
  { type: GROUP, operation: op('remove', 'members', null) },
  { type: GROUP, operation: op('remove', 'members', [{ value: 'u1' }, { display: 'nobody' }]) },
  { type: GROUP, operation: op('remove', 'members[value eq "u1"]', [{ value: 'u2' }]) },
  { operation: op('remove', MANAGER, [{ value: 'u1' }]) },
  { operation: op('remove', 'emails.value', 'x') },
  { operation: op('remove', undefined, { 'name.givenName': 'x' }) },
  { operation: op('replace', 'emails[type eq "work', 'x') },
  { operation: op('replace', `${ENTERPRISE}:nobody`, 'x') },
  { operation: op('replace', 'urn:x:__proto__', 'x') },
  // Slips of the pen in the namespace of the RFC's own schemas: for the engine to refuse.
  { operation: op('replace', `${USER.schema.id}.active`, false) },
  { operation: op('replace', `${USER.schema.id}s:active`, false) },
  { operation: op('replace', `${GROUP.schema.id.toUpperCase()}:displayName`, 'x') },
  // Given twice, or not where it belongs.
  { resource: { title: 'a', [USER.schema.id]: { nickName: 'c', TITLE: 'b' } } },
  { resource: { [USER.schema.id]: { [ENTERPRISE]: { department: 'b' } } } },
  { resource: { title: 'a', [`${USER.schema.id}:title`]: 'b' } },
  { resource: { [ENTERPRISE]: { Department: 'a' }, [`${ENTERPRISE}:department`]: 'b' } },
  { resource: { [ENTERPRISE]: 'x', [`${ENTERPRISE}:department`]: 'b' } },
  { resource: { [USER.schema.id]: 'x', [`${USER.schema.id}:name.givenName`]: 'b', [`${ENTERPRISE}:nobody`]: 'c' } },
  { operation: op('replace', undefined, { [USER.schema.id]: [] }) },
  { operation: op('remove', undefined, { [USER.schema.id]: { title: 'x' } }) },
  { operation: op('replace', ENTERPRISE, { department: 'x' }) },
  { operation: op('move', 'active', 'True') },
  { operation: { op: 'replace', path: 5, value: 'True' } },
  { operation: 'replace' },
];
